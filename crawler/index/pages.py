"""Articles of several pages: which captures belong together."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.index.addresses import add_address
from crawler.index.captures import capture_id
from crawler.index.moments import stamp
from crawler.index.originals import place_of
from crawler.items import Capture, Place

CUT_OFF = "pages-cut-off"
"""The kind of the event that says of a first page that the crawl was killed before it had the others."""


@dataclass(frozen=True, slots=True)
class Further:
    """A later page on record."""

    capture: Place
    payload: Place
    """The same, or where the record is that a revisit refers to."""


FURTHER = """
    SELECT warc, "offset", refers_to FROM captures
    WHERE page_of = ? AND truncated IS NULL AND (status = 200 OR kind = 'revisit') ORDER BY captured_at, id
"""


def further_pages(db: sqlite3.Connection, record_id: str) -> list[Further]:
    """The whole captures that go on with a first page, in order."""
    found = []
    for warc, offset, refers_to in db.execute(FURTHER, (record_id,)):
        place = Place(warc, offset)
        payload = place if refers_to is None else place_of(db, refers_to)
        if payload is not None:
            found.append(Further(place, payload))
    return found


def is_cut_off(db: sqlite3.Connection, record_id: str) -> bool:
    """Whether a crawl was killed before it had the pages after this one, and fetched them all anew."""
    query = "SELECT 1 FROM events e JOIN captures c ON c.id = e.capture_id WHERE c.record_id = ? AND e.kind = ?"
    return db.execute(query, (record_id, CUT_OFF)).fetchone() is not None


def note_pages(db: sqlite3.Connection, further: Sequence[Capture], article_id: str, revision_id: str | None) -> None:
    """Makes the later pages the article's, and those of a revision that came of them; None: none did."""
    for number, capture in enumerate(further, 2):
        row = capture_id(db, capture.record_id)
        db.execute("UPDATE captures SET article_id = ? WHERE id = ?", (article_id, row))
        add_address(db, article_id, capture.url, stamp(capture.captured_at))
        if revision_id is not None:
            db.execute("INSERT OR IGNORE INTO revision_pages VALUES (?, ?, ?)", (revision_id, number, row))
