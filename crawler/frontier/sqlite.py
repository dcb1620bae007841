"""The frontier on SQLite: one file, for the processes of one machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Any

from crawler.errors import DiskFull, StorageError, wants_room
from crawler.frontier import statements
from crawler.frontier.protocol import End, Entry, Lease, Tally
from crawler.frontier.requests import fingerprint
from crawler.frontier.schema import open_database
from crawler.items import Purpose
from crawler.normalisation.encodable import encodable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

NO_LIMIT = 1 << 30


class SqliteFrontier:
    """The Frontier protocol on ``frontier.db``. Raises IndexTooNew, FolderNotUsable when it is opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = open_database(path)
        self._lock = RLock()
        self._last_group = ""

    def add(self, entries: Iterable[Entry], now: datetime) -> int:
        with self._transaction() as database:
            return database.executemany(statements.ADD, (_entry_row(entry, now) for entry in entries)).rowcount

    def claim(
        self,
        limit: int,
        now: datetime,
        *,
        until: datetime,
        owner: str,
        per_group: int | None = None,
        busy: Mapping[str, int] | None = None,
        barred: Collection[Purpose] = (),
        only: Collection[str] | None = None,
    ) -> list[Lease]:
        wanted = None if only is None else json.dumps(sorted(only))
        rooms = _Rooms(per_group or NO_LIMIT, busy or {})
        with self._transaction() as database:
            database.execute(statements.WAKE, {"now": _micros(now)})
            rows = self._rows_in_turn(database, limit, rooms, json.dumps(sorted(barred)), wanted)
            stamp = {"owner": owner, "until": _micros(until)}
            database.executemany(statements.LEASE, [{"id": row["id"], **stamp} for row in rows])
        return [_lease(row) for row in rows]

    def settle(self, ends: Iterable[End], now: datetime) -> int:
        with self._transaction() as database:
            return sum(_settle(database, end, now) for end in ends)

    def release(self, leases: Iterable[Lease]) -> None:
        with self._transaction() as database:
            database.executemany(statements.RELEASE, [{"id": lease.id, "lease": lease.number} for lease in leases])

    def leased(self) -> list[Lease]:
        with self._transaction() as database:
            return [_lease(row) for row in _rows(database).execute(statements.LEASED)]

    def recover(self) -> int:
        with self._transaction() as database:
            return database.execute(statements.RECOVER).rowcount

    def known(self, urls: Iterable[str], before: datetime) -> set[str]:
        rows = {url: {"key": fingerprint("GET", url, b""), "before": _micros(before)} for url in urls}
        with self._transaction() as database:
            return {url for url, row in rows.items() if database.execute(statements.KNOWN, row).fetchone()}

    def requeue_urls(self, urls: Iterable[str], now: datetime) -> int:
        rows = [{"fingerprint": fingerprint("GET", url, b""), "now": _micros(now)} for url in urls]
        with self._transaction() as database:
            return database.executemany(statements.REQUEUE_URL, rows).rowcount if rows else 0

    def requeue_group(self, group: str, now: datetime, purpose: Purpose = "article") -> int:
        values = {"group": group, "purpose": purpose, "now": _micros(now)}
        with self._transaction() as database:
            return database.execute(statements.REQUEUE_GROUP, values).rowcount

    def forget(self, urls: Iterable[str]) -> int:
        rows = [{"fingerprint": fingerprint("GET", url, b"")} for url in urls]
        with self._transaction() as database:
            count = database.executemany(statements.FORGET, rows).rowcount if rows else 0
        with self._lock:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def tallies(self) -> list[Tally]:
        with self._transaction() as database:
            rows = database.execute(statements.TALLIES).fetchall()
        return [Tally(host, state, urls, _moment(due_at)) for host, state, urls, due_at in rows]

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _rows_in_turn(
        self, database: sqlite3.Connection, limit: int, rooms: _Rooms, barred: str, only: str | None
    ) -> list[dict[str, Any]]:
        """The next rows of the queue, one of each group in turn, beginning after the group that came last."""
        groups = [group for group in self._groups(database, limit + len(rooms.busy), only) if rooms.of(group) > 0]
        queues = [_queue(database, group, min(limit, rooms.of(group)), barred) for group in groups[:limit]]
        rows = list(islice(_alternating(queues), limit))
        for queue in queues:
            queue.close()
        if rows:
            self._last_group = rows[-1]["host_group"]
        return rows

    def _groups(self, database: sqlite3.Connection, limit: int, only: str | None) -> list[str]:
        following = self._groups_after(database, self._last_group, limit, only)
        if self._last_group and len(following) < limit:
            first = self._groups_after(database, "", limit - len(following), only)
            following += [group for group in first if group <= self._last_group]
        return following

    @staticmethod
    def _groups_after(database: sqlite3.Connection, group: str, limit: int, only: str | None) -> list[str]:
        statement = statements.GROUPS if only is None else statements.GROUPS_AMONG
        return [name for (name,) in database.execute(statement, {"after": group, "limit": limit, "only": only})]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                    self._database.execute("COMMIT")
                except BaseException:
                    self._undo()
                    raise
            except sqlite3.Error as error:
                raise _storage_error(self._path, error) from error

    def _undo(self) -> None:
        # A full disk has ended the transaction already.
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")


class _Rooms:
    """How many more leases each group may have."""

    def __init__(self, per_group: int, busy: Mapping[str, int]) -> None:
        self._per_group, self.busy = per_group, busy

    def of(self, group: str) -> int:
        return self._per_group - self.busy.get(group, 0)


def _queue(database: sqlite3.Connection, group: str, limit: int, barred: str) -> sqlite3.Cursor:
    """A group's queue in order; read as far as it is needed."""
    return _rows(database).execute(statements.QUEUE_OF_GROUP, {"group": group, "limit": limit, "barred": barred})


def _rows(database: sqlite3.Connection) -> sqlite3.Cursor:
    """A cursor whose rows are dictionaries."""
    cursor = database.cursor()
    cursor.row_factory = lambda cursor, row: dict(zip((column[0] for column in cursor.description), row, strict=True))
    return cursor


def _alternating(queues: Iterable[Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    waiting = list(queues)
    while waiting:
        heads = [(next(queue, None), queue) for queue in waiting]
        yield from (head for head, _ in heads if head is not None)
        waiting = [queue for head, queue in heads if head is not None]


def _settle(database: sqlite3.Connection, end: End, now: datetime) -> int:
    accepted = database.execute(statements.SETTLE, _end_row(end, now)).rowcount
    if accepted and end.outlinks:
        database.executemany(statements.ADD, (_entry_row(entry, now) for entry in end.outlinks))
    return accepted


def _entry_row(entry: Entry, now: datetime) -> dict[str, Any]:
    due_at = max(entry.due_at, now) if entry.due_at else now
    return {
        "fingerprint": entry.fingerprint,
        "url": entry.url,
        "host": entry.host,
        "host_group": entry.group,
        "purpose": entry.purpose,
        "priority": entry.priority,
        "due_at": _micros(due_at),
        "waiting": due_at > now,
        "now": _micros(now),
        "request": json.dumps(entry.request, separators=(",", ":")),
        "again_before": _micros(entry.again_before) if entry.again_before else None,
    }


def _end_row(end: End, now: datetime) -> dict[str, Any]:
    due_at = end.due_at or (now if end.state == "queued" else None)
    entry = end.instead
    return {
        "id": end.lease.id,
        "lease": end.lease.number,
        "now": _micros(now),
        "state": end.state,
        "due_at": _micros(due_at) if due_at else None,
        "waiting": due_at is not None and (end.state != "queued" or due_at > now),
        "reason": encodable(end.reason),
        "status": end.status,
        "etag": end.etag,
        "last_modified": end.last_modified,
        "payload_digest": end.payload_digest,
        "redirected_to": end.redirected_to,
        "url": entry.url if entry else None,
        "host": entry.host if entry else None,
        "host_group": entry.group if entry else None,
        "priority": entry.priority if entry else None,
        "request": json.dumps(entry.request, separators=(",", ":")) if entry else None,
    }


def _lease(row: Mapping[str, Any]) -> Lease:
    entry = Entry(
        fingerprint=row["fingerprint"],
        url=row["url"],
        host=row["host"],
        group=row["host_group"],
        purpose=row["purpose"],
        priority=row["priority"],
        due_at=_moment(row["due_at"]),
        request=json.loads(row["request"]),
    )
    return Lease(
        id=row["id"],
        number=row["lease"],
        entry=entry,
        seen_at=EPOCH + row["seen_at"] * MICROSECOND,
        tries=row["tries"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        payload_digest=row["payload_digest"],
    )


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else EPOCH + micros * MICROSECOND


def _storage_error(path: Path, error: sqlite3.Error) -> StorageError:
    if wants_room(error):
        return DiskFull(f"{path}: no room ({error}); free some and run again, nothing stored is lost")
    return StorageError(f"{path}: {error}")
