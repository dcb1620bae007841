"""Sitemaps as they were, and the articles that one of them does not list any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.index.history import DROPPED
from crawler.index.originals import place_of
from crawler.index.sightings import article_at, publisher_of
from crawler.items import Capture, Event, Place

WEIGHT = 20
"""Of such an event beside edits, up to 100: the page itself may be there."""


@dataclass(frozen=True, slots=True)
class EarlierListing:
    """A sitemap at the last capture that was dealt with."""

    captured_at: str
    payload: Place


# What a killed crawl fetched may not have been compared with what was before.
EARLIER = """
    SELECT c.captured_at, coalesce(c.refers_to, c.record_id) FROM captures c LEFT JOIN crawls w ON w.id = c.crawl_id
    WHERE c.url = :url AND c.purpose = 'sitemap' AND c.status = 200 AND c.truncated IS NULL
        AND c.captured_at < (SELECT captured_at FROM captures WHERE record_id = :record_id)
        AND c.payload_digest IS NOT :digest
        AND (w.finished_at IS NOT NULL OR c.crawl_id IS (SELECT crawl_id FROM captures WHERE record_id = :record_id))
    ORDER BY c.captured_at DESC LIMIT 1
"""


def earlier_listing(db: sqlite3.Connection, capture: Capture) -> EarlierListing | None:
    """The capture of a sitemap before this one, where it says something else."""
    named = {"url": capture.url, "record_id": capture.record_id, "digest": capture.payload_digest}
    row = db.execute(EARLIER, named).fetchone()
    place = place_of(db, row[1]) if row else None
    return EarlierListing(row[0], place) if place else None


def dropped_events(
    db: sqlite3.Connection, capture: Capture, earlier: EarlierListing, urls: Iterable[str]
) -> list[Event]:
    """An event for each article among the addresses that a sitemap dropped, unless that is on record already."""
    events = []
    for url in urls:
        article_id = article_at(db, url)
        if article_id is None or _is_noted(db, article_id, capture.url, earlier.captured_at):
            continue
        detail: dict[str, object] = {
            "url": url,
            "sitemap": capture.url,
            "listed_at": earlier.captured_at,
            "weight": WEIGHT,
        }
        publisher_id = publisher_of(db, article_id)
        at: datetime = capture.captured_at
        events.append(Event(DROPPED, at, publisher_id, article_id, capture.record_id, detail))
    return events


def _is_noted(db: sqlite3.Connection, article_id: str, sitemap: str, since: str) -> bool:
    query = """
        SELECT 1 FROM events WHERE article_id = ? AND kind = ? AND at > ? AND json_extract(detail, '$.sitemap') = ?
    """
    return db.execute(query, (article_id, DROPPED, since, sitemap)).fetchone() is not None
