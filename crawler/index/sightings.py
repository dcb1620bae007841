"""Which captures found an article at its addresses and which did not, and what was made of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.index.addresses import page_key
from crawler.index.captures import LIVE
from crawler.index.ledger import OF_STATES, add_event
from crawler.items import Event


@dataclass(frozen=True, slots=True)
class Look:
    """A capture of an address of an article; implements changes.absences.Look."""

    at: datetime
    url: str
    verdict: str | None
    """None: the article was there."""
    location: str | None
    run: str | None
    """When the crawl began that looked; None: not known."""
    insists: bool
    """Whether that crawl was to settle it at once."""
    record_id: str

    @property
    def place(self) -> str:
        """The address, in whatever spelling."""
        return page_key(self.url)


LOOKS = f"""
    SELECT c.captured_at, c.url, c.verdict, c.location, w.started_at, c.record_id,
        EXISTS (SELECT 1 FROM json_each(w.arguments) WHERE value = 'recheck=now')
    FROM captures c LEFT JOIN crawls w ON w.id = c.crawl_id
    WHERE c.article_id = ? AND c.page_of IS NULL AND (c.outcome IN {LIVE} OR c.verdict IS NOT NULL)
    ORDER BY c.captured_at, c.id
"""


def note_verdict(
    db: sqlite3.Connection,
    record_id: str,
    verdict: str | None,
    *,
    outcome: str | None,
    location: str | None = None,
    article_id: str | None = None,
) -> None:
    """What was made of an article's page that held no article."""
    db.execute(
        "UPDATE captures SET outcome = ?, verdict = ?, location = ?, article_id = ? "
        f"WHERE record_id = ? AND coalesce(outcome, '') NOT IN {LIVE}",
        (outcome, verdict, location, article_id, record_id),
    )


SERVED_AT = f"""
    SELECT u.article_id FROM article_urls u WHERE u.urlkey = ? AND EXISTS (
        SELECT 1 FROM captures c WHERE c.url = u.url AND c.article_id = u.article_id AND c.outcome IN {LIVE})
    ORDER BY u.last_seen_at DESC, u.article_id LIMIT 1
"""


def article_at(db: sqlite3.Connection, url: str) -> str | None:
    """The article that an address served, the last if there were several; None: it served none.

    What it only led to does not count: a short address may lead to one article after the other.
    """
    row = db.execute(SERVED_AT, (page_key(url),)).fetchone()
    return row[0] if row else None


def has_misses(db: sqlite3.Connection, article_id: str) -> bool:
    """Whether any look did not find an article."""
    query = "SELECT 1 FROM captures WHERE article_id = ? AND verdict IS NOT NULL LIMIT 1"
    return db.execute(query, (article_id,)).fetchone() is not None


def looks(db: sqlite3.Connection, article_id: str) -> list[Look]:
    """All captures that say whether an article was there, in the order of their moments."""
    return [
        Look(datetime.fromisoformat(at), url, verdict, location, run, bool(insists), record_id)
        for at, url, verdict, location, run, record_id, insists in db.execute(LOOKS, (article_id,))
    ]


def revision_at(db: sqlite3.Connection, article_id: str, moment: str) -> str | None:
    """The revision that stood at a moment."""
    query = "SELECT id FROM revisions WHERE article_id = ? AND seen_at <= ? ORDER BY seen_at DESC, number DESC LIMIT 1"
    row = db.execute(query, (article_id, moment)).fetchone()
    return row[0] if row else None


def publisher_of(db: sqlite3.Connection, article_id: str) -> str | None:
    """Whose an article is; None where there is no such article."""
    row = db.execute("SELECT publisher_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row[0] if row else None


def put_state(db: sqlite3.Connection, article_id: str, state: str, events: Iterable[Event]) -> None:
    """An article's state, and in the place of what was known of its changes all of them."""
    db.execute("UPDATE articles SET state = ? WHERE id = ?", (state, article_id))
    kinds = ", ".join("?" * len(OF_STATES))
    db.execute(f"DELETE FROM events WHERE article_id = ? AND kind IN ({kinds})", (article_id, *OF_STATES))
    for event in events:
        add_event(db, event)
