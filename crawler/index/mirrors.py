"""Hosts that a publisher's own pages name as further addresses of it, and what was decided about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.items import Event

DECISIONS = {"mirror-accepted": "accepted", "mirror-refused": "refused"}
"""Kinds of events that decide about a candidate, and its status from then on. Their detail names the ``host``."""
DIFFERS = "mirror-differs"
"""The kind of event that says where a mirror's copy of an article says something else."""

_KINDS = ", ".join("?" * len(DECISIONS))


_SUGGEST = """
    INSERT INTO mirror_candidates (publisher_id, host, found_in, status) VALUES (:publisher, :host, :row, 'suggested')
    ON CONFLICT DO UPDATE SET found_in = :row WHERE
        (SELECT captured_at FROM captures WHERE id = :row) < (SELECT captured_at FROM captures WHERE id = found_in)
"""


def suggest(db: sqlite3.Connection, publisher_id: str, hosts: Iterable[str], capture_row: int) -> None:
    """Rows for hosts that a page names; one that has a row keeps it, with the earliest page that names it.

    What was decided before counts: a reindex sees all events before the first page.
    """
    for host in hosts:
        db.execute(_SUGGEST, {"publisher": publisher_id, "host": host, "row": capture_row})
        _apply_decision(db, publisher_id, host)


def is_candidate(db: sqlite3.Connection, publisher_id: str, host: str) -> bool:
    """Whether a host has its row."""
    query = "SELECT 1 FROM mirror_candidates WHERE publisher_id = ? AND host = ?"
    return db.execute(query, (publisher_id, host)).fetchone() is not None


def accepted(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(publisher, host, the host whose pages it serves) of each host that was accepted last, in that order."""
    decided = db.execute(
        "SELECT publisher_id, json_extract(detail, '$.host') AS host, json_extract(detail, '$.of'), kind, max(at) "
        f"FROM events WHERE kind IN ({_KINDS}) AND publisher_id IS NOT NULL GROUP BY publisher_id, host "
        "ORDER BY max(at)",
        tuple(DECISIONS),
    ).fetchall()
    return [(publisher, host, of) for publisher, host, of, kind, _ in decided if DECISIONS[kind] == "accepted"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host that a publisher's own pages name, or about which somebody decided."""

    host: str
    status: str
    """suggested, accepted, refused."""
    found_in: str | None
    """The page that names it first; None: none did."""


def candidates(db: sqlite3.Connection, publisher_id: str) -> list[Candidate]:
    """A publisher's, in the order in which they became known."""
    named = db.execute(
        "SELECT m.host, m.status, c.url FROM mirror_candidates m JOIN captures c ON c.id = m.found_in "
        "WHERE m.publisher_id = ? ORDER BY c.captured_at, m.host",
        (publisher_id,),
    ).fetchall()
    decided = db.execute(
        "SELECT json_extract(detail, '$.host') AS host, kind, max(at) FROM events "
        f"WHERE publisher_id = ? AND kind IN ({_KINDS}) GROUP BY host ORDER BY max(at)",
        (publisher_id, *DECISIONS),
    ).fetchall()
    hosts = {host for host, _, _ in named}
    unnamed = [Candidate(host, DECISIONS[kind], None) for host, kind, _ in decided if host not in hosts]
    return [*(Candidate(*row) for row in named), *unnamed]


def newest_articles(db: sqlite3.Connection, publisher_id: str, limit: int) -> list[tuple[str, str, str, str, int]]:
    """(id, address, first seen, WARC file, offset) of a publisher's newest articles.

    The address is that at which one was last seen; the bytes are those of its newest revision.
    """
    return db.execute(
        "SELECT a.id, (SELECT url FROM article_urls u WHERE u.article_id = a.id ORDER BY last_seen_at DESC, url "
        "LIMIT 1), a.first_seen_at, c.warc, c.offset FROM articles a JOIN revisions r ON r.id = a.revision_id "
        "JOIN captures c ON c.id = r.capture_id WHERE a.publisher_id = ? AND a.state = 'live' "
        "ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id LIMIT ?",
        (publisher_id, limit),
    ).fetchall()


def decide(db: sqlite3.Connection, event: Event) -> None:
    """What an event that is among the ``DECISIONS`` makes of its candidate. The event has its row already."""
    _apply_decision(db, event.publisher_id or "", str(event.detail.get("host", "")))


def _apply_decision(db: sqlite3.Connection, publisher_id: str, host: str) -> None:
    """The last one: events need not arrive in the order of their moments."""
    last = db.execute(
        "SELECT kind FROM events WHERE publisher_id = ? AND json_extract(detail, '$.host') = ? "
        f"AND kind IN ({_KINDS}) ORDER BY at DESC LIMIT 1",
        (publisher_id, host, *DECISIONS),
    ).fetchone()
    if last is not None:
        db.execute(
            "UPDATE mirror_candidates SET status = ? WHERE publisher_id = ? AND host = ?",
            (DECISIONS[last[0]], publisher_id, host),
        )
