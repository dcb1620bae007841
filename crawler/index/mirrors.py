"""Hosts that a publisher's own pages name as further addresses of it, and what was decided about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from crawler.items import Event

DECISIONS = {"mirror-accepted": "accepted", "mirror-refused": "refused"}
"""Kinds of events that decide about a candidate, and its status from then on. Their detail names the ``host``."""

_KINDS = ", ".join("?" * len(DECISIONS))


def suggest(db: sqlite3.Connection, publisher_id: str, hosts: Iterable[str], capture_row: int) -> None:
    """Rows for hosts that a page names; one that has a row keeps it.

    What was decided before counts: a reindex sees all events before the first page.
    """
    for host in hosts:
        new = db.execute(
            "INSERT INTO mirror_candidates (publisher_id, host, found_in, status) VALUES (?, ?, ?, 'suggested') "
            "ON CONFLICT DO NOTHING",
            (publisher_id, host, capture_row),
        )
        if new.rowcount:
            _apply_decision(db, publisher_id, host)


def accepted(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(publisher, host, the host whose pages it serves) of each host that was accepted last, in that order."""
    decided = db.execute(
        "SELECT publisher_id, json_extract(detail, '$.host') AS host, json_extract(detail, '$.of'), kind, max(at) "
        f"FROM events WHERE kind IN ({_KINDS}) AND publisher_id IS NOT NULL GROUP BY publisher_id, host "
        "ORDER BY max(at)",
        tuple(DECISIONS),
    ).fetchall()
    return [(publisher, host, of) for publisher, host, of, kind, _ in decided if DECISIONS[kind] == "accepted"]


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
