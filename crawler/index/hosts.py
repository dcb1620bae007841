"""A publisher's hosts over time: how much came from each, and when one was down, seized, back, accepted or refused."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.index.mirrors import DECISIONS
from crawler.index.moments import stamp

STANDINGS = {"host-up": "live", "host-down": "down", "seized": "seized"}
"""Kinds of events that say what became of a host, and its state from then on."""


@dataclass(frozen=True, slots=True)
class HostShare:
    """What came from one host."""

    host: str
    captures: int
    share: float
    """Of all captures of the publisher in that time, from 0 to 1."""
    first_captured_at: str
    last_captured_at: str


@dataclass(frozen=True, slots=True)
class HostEvent:
    """What became of a host, or was decided about it."""

    at: str
    kind: str
    """host-up, host-down, seized, mirror-accepted, mirror-refused."""
    host: str
    state: str
    """From then on: live, down, seized; accepted, refused."""
    reason: str | None
    instead: str | None
    """The host that answered in its place."""
    record_id: str | None
    """Of the capture that shows it."""
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a host last."""

    publisher_id: str
    host: str
    state: str
    """live, down, seized."""
    since: str


# Of a group the other columns are those of the row with the maximum (SQLite, "bare columns").
NOW = f"""
    SELECT publisher_id, json_extract(detail, '$.host') AS host, kind, max(at) FROM events
    WHERE kind IN {tuple(STANDINGS)} AND publisher_id IS NOT NULL
    GROUP BY publisher_id, host ORDER BY publisher_id, host
"""

SHARES = """
    SELECT host, count(*), min(captured_at), max(captured_at) FROM captures
    WHERE publisher_id = ? AND captured_at >= ? GROUP BY host ORDER BY 2 DESC, host
"""

STATES = STANDINGS | DECISIONS
EVENTS = f"""
    SELECT e.at, e.kind, json_extract(e.detail, '$.host'), e.detail, c.record_id
    FROM events e LEFT JOIN captures c ON c.id = e.capture_id
    WHERE e.publisher_id = ? AND e.kind IN {tuple(STATES)} ORDER BY e.at, e.id
"""


def host_shares(db: sqlite3.Connection, publisher_id: str, since: datetime | None = None) -> list[HostShare]:
    """The hosts from which anything of a publisher was captured, ever or from a moment on, those with most first."""
    rows = db.execute(SHARES, (publisher_id, stamp(since) if since else "")).fetchall()
    total = sum(count for _, count, _, _ in rows)
    return [HostShare(host, count, count / total, *moments) for host, count, *moments in rows]


def standings(db: sqlite3.Connection) -> list[Standing]:
    """Every host of a publisher that was ever found to be down or seized, as it was found last."""
    return [Standing(publisher, host, STANDINGS[kind], at) for publisher, host, kind, at in db.execute(NOW)]


def host_events(db: sqlite3.Connection, publisher_id: str) -> list[HostEvent]:
    """All of a publisher's hosts, oldest first."""
    return [_event(*row) for row in db.execute(EVENTS, (publisher_id,))]


def _event(at: str, kind: str, host: str, detail: str, record_id: str | None) -> HostEvent:
    facts = json.loads(detail)
    return HostEvent(at, kind, host, STATES[kind], facts.get("reason"), facts.get("instead"), record_id, facts)
