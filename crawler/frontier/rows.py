"""Between the values of the protocol and the rows of frontier.db."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.frontier.protocol import End, Entry, Lease, MirrorState
from crawler.normalisation.encodable import encodable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def entry_row(entry: Entry, now: datetime) -> dict[str, Any]:
    """What ``statements.ADD`` takes."""
    due_at = max(entry.due_at, now) if entry.due_at else now
    return {
        "fingerprint": entry.fingerprint,
        "url": entry.url,
        "host_group": entry.group,
        "purpose": entry.purpose,
        "priority": entry.priority,
        "due_at": micros(due_at),
        "waiting": due_at > now,
        "now": micros(now),
        "request": json.dumps(entry.request, separators=(",", ":")),
        "again_before": micros(entry.again_before) if entry.again_before else None,
        "eager_s": None if entry.eager is None else entry.eager // SECOND,
    }


def end_row(end: End, now: datetime) -> dict[str, Any]:
    """What ``statements.SETTLE`` takes."""
    due_at = end.due_at or (now if end.state == "queued" else None)
    entry = end.instead
    return {
        "id": end.lease.id,
        "lease": end.lease.number,
        "now": micros(now),
        "state": end.state,
        "due_at": micros(due_at) if due_at else None,
        "waiting": due_at is not None and (end.state != "queued" or due_at > now),
        "tried": end.tried,
        "interval_s": None if end.interval is None else end.interval // SECOND,
        "reason": encodable(end.reason),
        "status": end.status,
        "etag": end.etag,
        "last_modified": end.last_modified,
        "payload_digest": end.payload_digest,
        "redirected_to": end.redirected_to,
        "url": entry.url if entry else None,
        "host_group": entry.group if entry else None,
        "priority": entry.priority if entry else None,
        "request": json.dumps(entry.request, separators=(",", ":")) if entry else None,
    }


def lease_of(row: Mapping[str, Any]) -> Lease:
    """The lease that a row of ``urls`` stands for."""
    entry = Entry(
        fingerprint=row["fingerprint"],
        url=row["url"],
        group=row["host_group"],
        purpose=row["purpose"],
        priority=row["priority"],
        due_at=moment(row["due_at"]),
        request=json.loads(row["request"]),
    )
    return Lease(
        id=row["id"],
        number=row["lease"],
        entry=entry,
        seen_at=EPOCH + row["seen_at"] * MICROSECOND,
        tries=row["tries"],
        interval=None if row["interval_s"] is None else row["interval_s"] * SECOND,
        settled_at=moment(row["settled_at"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        payload_digest=row["payload_digest"],
    )


def micros(at: datetime) -> int:
    """A moment as the tables have it."""
    return (at - EPOCH) // MICROSECOND


def moment(value: int | None) -> datetime | None:
    """And back."""
    return None if value is None else EPOCH + value * MICROSECOND


def mirror_row(state: MirrorState) -> dict[str, Any]:
    """What ``statements.NOTE_MIRROR`` takes."""
    return {
        "publisher_id": state.publisher_id,
        "host": state.host,
        "state": state.state,
        "since": micros(state.since),
        "probe_at": micros(state.probe_at),
        "reason": encodable(state.reason),
    }


def mirror_of(row: tuple[Any, ...]) -> MirrorState:
    """What ``statements.MIRRORS`` gives."""
    publisher_id, host, state, since, probe_at, reason = row
    return MirrorState(publisher_id, host, state, EPOCH + since * MICROSECOND, EPOCH + probe_at * MICROSECOND, reason)
