"""The frontier on SQLite: one file, for the processes of one machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

from crawler.errors import DiskFull, StorageError, wants_room
from crawler.frontier import claims, statements, workers
from crawler.frontier.protocol import (
    Claim,
    End,
    Ended,
    Entry,
    HostState,
    Lease,
    Listed,
    MirrorState,
    Standing,
    Tally,
    Terms,
    Waiting,
)
from crawler.frontier.requests import fingerprint
from crawler.frontier.rows import (
    EPOCH,
    MICROSECOND,
    end_row,
    entry_row,
    lease_of,
    micros,
    mirror_of,
    mirror_row,
    moment,
)
from crawler.frontier.schema import open_database, read_database
from crawler.items import Purpose
from crawler.normalisation.encodable import encodable


class SqliteFrontier:
    """The Frontier protocol on ``frontier.db``. Raises IndexTooNew, FolderNotUsable when it is opened.

    Opened for reading only it is not made, not brought up to date (IndexTooOld), and may be on read-only media.
    """

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self._path = path
        self._database = read_database(path) if reading else open_database(path)
        self._lock = RLock()
        self._last_group = ""

    def add(self, entries: Iterable[Entry], now: datetime) -> int:
        with self._transaction() as database:
            return database.executemany(statements.ADD, (entry_row(entry, now) for entry in entries)).rowcount

    def claim(self, limit: int, now: datetime, terms: Terms) -> Claim:
        with self._transaction() as database:
            claimed = claims.claim(database, limit, now, terms, self._last_group)
        if claimed.leases:
            self._last_group = claimed.leases[-1].entry.group
        return claimed

    def settle(self, ends: Iterable[End], now: datetime) -> int:
        with self._transaction() as database:
            return sum(_settle(database, end, now) for end in ends)

    def release(self, leases: Iterable[Lease]) -> None:
        with self._transaction() as database:
            database.executemany(statements.RELEASE, [{"id": lease.id, "lease": lease.number} for lease in leases])

    def join(self, owner: str, until: datetime, *, groups: Collection[str] | None, accepts: bool) -> None:
        with self._transaction() as database:
            workers.join(database, owner, until, groups, accepts=accepts)

    def renew(
        self,
        owner: str,
        now: datetime,
        until: datetime,
        *,
        kept: Mapping[str, timedelta],
        let_go: Mapping[str, datetime],
    ) -> Standing:
        with self._transaction() as database:
            return workers.renew(database, owner, now, until, kept, let_go)

    def leave(self, owner: str, now: datetime, ready: Mapping[str, datetime]) -> None:
        with self._transaction() as database:
            workers.leave(database, owner, now, ready)

    def abandoned(self, alive: Collection[str]) -> list[Lease]:
        with self._reading() as database:
            cursor = database.execute(statements.LEASED, {"alive": json.dumps(sorted(alive))})
            return [lease_of(claims.row_as_dict(cursor, row)) for row in cursor]

    def recover(self, alive: Collection[str], now: datetime) -> int:
        with self._transaction() as database:
            return workers.recover(database, alive, now)

    def hand_over(self, entries: Iterable[Entry], now: datetime, alive: Collection[str]) -> str | None:
        with self._transaction() as database:
            return workers.hand_over(database, entries, now, alive)

    def note_host(self, state: HostState) -> None:
        until = state.put_off_until
        row = {
            "name": state.name,
            "failures": state.failures,
            "put_off_until": micros(until) if until else None,
            "reason": encodable(state.reason),
        }
        with self._transaction() as database:
            database.execute(statements.NOTE_HOST if state.failures or until else statements.HOST_WELL, row)

    def hosts(self) -> list[HostState]:
        with self._reading() as database:
            rows = database.execute(statements.HOSTS).fetchall()
        return [HostState(name, failures, moment(until), reason) for name, failures, until, reason in rows]

    def note_mirror(self, state: MirrorState) -> None:
        with self._transaction() as database:
            database.execute(statements.NOTE_MIRROR, mirror_row(state))

    def mirrors(self) -> list[MirrorState]:
        with self._reading() as database:
            return [mirror_of(row) for row in database.execute(statements.MIRRORS)]

    def claim_probe(self, state: MirrorState, again: datetime) -> bool:
        with self._transaction() as database:
            asked = {**mirror_row(state), "again": micros(again)}
            return database.execute(statements.CLAIM_PROBE, asked).rowcount == 1

    def put_off(self, group: str, site: str, until: datetime) -> int:
        values = {"group": group, "site": site, "until": micros(until)}
        with self._transaction() as database:
            return database.execute(statements.PUT_SITE_OFF, values).rowcount

    def known(self, urls: Iterable[str], before: datetime) -> set[str]:
        rows = {url: {"key": fingerprint("GET", url, b""), "before": micros(before)} for url in urls}
        with self._reading() as database:
            return {url for url, row in rows.items() if database.execute(statements.KNOWN, row).fetchone()}

    def requeue_urls(self, urls: Iterable[str], now: datetime) -> int:
        rows = [{"fingerprint": fingerprint("GET", url, b""), "now": micros(now)} for url in urls]
        with self._transaction() as database:
            return database.executemany(statements.REQUEUE_URL, rows).rowcount if rows else 0

    def requeue_group(self, group: str, now: datetime, purpose: Purpose = "article") -> int:
        values = {"group": group, "purpose": purpose, "now": micros(now)}
        with self._transaction() as database:
            return database.execute(statements.REQUEUE_GROUP, values).rowcount

    def forget(self, urls: Iterable[str]) -> int:
        rows = [{"fingerprint": fingerprint("GET", url, b""), "url": url} for url in urls]
        with self._transaction() as database:
            count = database.executemany(statements.FORGET, rows).rowcount if rows else 0
        with self._lock:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def tallies(self) -> list[Tally]:
        with self._reading() as database:
            rows = database.execute(statements.TALLIES).fetchall()
        return [Tally(host, state, urls, moment(due_at)) for host, state, urls, due_at in rows]

    def waiting(self) -> Waiting:
        with self._reading() as database:
            now, later, due_at = database.execute(statements.WAITING).fetchone()
        return Waiting(now, later, moment(due_at))

    def listed(self, after: int, limit: int) -> list[Listed]:
        with self._reading() as database:
            return [Listed(*row) for row in database.execute(statements.ARTICLES, {"after": after, "limit": limit})]

    def troubles(self, limit: int) -> list[Ended]:
        with self._reading() as database:
            rows = database.execute(statements.TROUBLES, {"limit": limit}).fetchall()
        return [Ended(url, state, reason, EPOCH + at * MICROSECOND) for url, state, reason, at in rows]

    def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute(begin)
                try:
                    yield self._database
                    self._database.execute("COMMIT")
                except BaseException:
                    self._undo()
                    raise
            except sqlite3.Error as error:
                raise _storage_error(self._path, error) from error

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that keeps nobody from writing, however long it reads: a crawl's claims do not wait for it."""
        return self._transaction("BEGIN")

    def _undo(self) -> None:
        # A full disk has ended the transaction already.
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")


def _settle(database: sqlite3.Connection, end: End, now: datetime) -> int:
    if end.redirected_to is not None:
        workers.follow(database, end)
    accepted = database.execute(statements.SETTLE, end_row(end, now)).rowcount
    if accepted and end.outlinks:
        database.executemany(statements.ADD, (entry_row(entry, now) for entry in end.outlinks))
    return accepted


def _storage_error(path: Path, error: sqlite3.Error) -> StorageError:
    if wants_room(error):
        return DiskFull(f"{path}: no room ({error}); free some and run again, nothing stored is lost")
    return StorageError(f"{path}: {error}")
