"""Captures of listings that are older than anybody wants to keep them, and that nothing else needs."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.index.moments import stamp
from crawler.index.originals import NOTHING, WHOLE
from crawler.items import Event

EXPIRED = "expired"
"""The kind of the event that says that listings were taken out of the archive, and of which days."""

WORTH = 100
"""A file is written anew where this part of it may go: a hundredth."""

EACH = timedelta(days=1)
"""As often a crawl looks, where the last time something went."""

# What no row names, of pages that are no article's.
LISTINGS = """
    purpose IN ('feed', 'sitemap', 'section') AND article_id IS NULL
    AND url NOT IN (SELECT url FROM article_urls) AND id NOT IN (
        SELECT capture_id FROM revisions UNION SELECT found_in FROM mirror_candidates
        UNION SELECT capture_id FROM events WHERE capture_id IS NOT NULL)
"""

# Without the newest capture of an address and its newest whole response: what the next 304 is read back from.
OLD = f"""
    SELECT record_id, warc, length FROM captures c
    WHERE {LISTINGS} AND captured_at < :before AND warc IN (SELECT filename FROM warcs)
        AND EXISTS (SELECT 1 FROM captures WHERE url = c.url AND (captured_at, id) > (c.captured_at, c.id))
        AND (NOT (c.{WHOLE.replace(" AND ", " AND c.")}) OR EXISTS (
            SELECT 1 FROM captures WHERE url = c.url AND (captured_at, id) > (c.captured_at, c.id)
                AND {WHOLE} AND payload_digest <> '{NOTHING}'))
"""

OF_REPLACED_FILES = f"""
    DELETE FROM captures
    WHERE warc IN (SELECT value FROM json_each(:files)) AND {LISTINGS}
"""


def expired(db: sqlite3.Connection, before: datetime) -> dict[str, frozenset[str]]:
    """By sealed file: the record ids of listings captured before a moment that may go.

    A response stays as long as a revisit that stays refers to it. So does what is too little of its file.
    """
    sizes = dict(db.execute("SELECT filename, bytes FROM warcs"))
    old: dict[str, dict[str, int]] = defaultdict(dict)
    for record_id, warc, length in db.execute(OLD, {"before": stamp(before)}):
        old[warc][record_id] = length
    worth = {warc: records for warc, records in old.items() if sum(records.values()) * WORTH >= sizes[warc]}
    going = {record_id for records in worth.values() for record_id in records}
    revisits = db.execute("SELECT record_id, refers_to FROM captures WHERE refers_to IS NOT NULL")
    needed = {original for record_id, original in revisits if record_id not in going}
    found = {warc: frozenset(records.keys() - needed) for warc, records in worth.items()}
    return {warc: records for warc, records in found.items() if records}


def is_due(db: sqlite3.Connection, before: datetime, now: datetime) -> bool:
    """Whether there may be any, and none went within the last day."""
    first = db.execute("SELECT captured_at FROM captures ORDER BY id LIMIT 1").fetchone()
    (last,) = db.execute("SELECT max(at) FROM events WHERE kind = ?", (EXPIRED,)).fetchone()
    return first is not None and first[0] < stamp(before) and (last is None or last <= stamp(now - EACH))


def expiry(records: int, before: datetime, at: datetime) -> Event:
    """The event that says so."""
    return Event(EXPIRED, at, detail={"captures": records, "before": stamp(before)})


def drop_listings(db: sqlite3.Connection, files: Iterable[str]) -> None:
    """Removes the rows of listings in files that others replaced, and that these do not hold."""
    db.execute(OF_REPLACED_FILES, {"files": json.dumps(list(files))})
