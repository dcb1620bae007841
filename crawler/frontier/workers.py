"""The processes that fetch, and the groups of hosts that each has to itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from crawler.frontier import statements
from crawler.frontier.claims import groups_with_work
from crawler.frontier.protocol import End, Entry, Standing
from crawler.frontier.rows import MICROSECOND, entry_row, micros


def join(
    database: sqlite3.Connection, owner: str, until: datetime, groups: Collection[str] | None, *, accepts: bool
) -> None:
    """A worker's row."""
    values = {"owner": owner, "until": micros(until), "groups": _as_json(groups), "accepts": accepts}
    database.execute(statements.JOIN, values)


def renew(
    database: sqlite3.Connection,
    owner: str,
    now: datetime,
    until: datetime,
    kept: Mapping[str, timedelta],
    let_go: Mapping[str, datetime],
) -> Standing:
    """Only what has not run out is renewed: another worker may have counted on it."""
    values = {"owner": owner, "now": micros(now), "until": micros(until)}
    _let_go(database, owner, let_go)
    database.execute(statements.KEEP_GROUPS, values)
    paces = [{"owner": owner, "name": name, "delay": delay // MICROSECOND} for name, delay in kept.items()]
    database.executemany(statements.PACE_GROUP, paces)
    database.execute(statements.STAY, values)
    (workers,) = database.execute(statements.WORKERS, values).fetchone()
    return Standing(
        held=frozenset(name for (name,) in database.execute(statements.HELD, values)),
        workers=max(1, workers),
        groups=groups_with_work(database),
        wanted=_wanted(database, owner),
    )


def leave(database: sqlite3.Connection, owner: str, now: datetime, ready: Mapping[str, datetime]) -> None:
    """Without the row, its groups and its leases."""
    values = {"owner": owner, "now": micros(now)}
    database.execute(statements.RELEASE_URLS_OF, values)
    _let_go(database, owner, ready)
    for statement in (statements.RELEASE_GROUPS_OF, statements.LEAVE):
        database.execute(statement, values)


def recover(database: sqlite3.Connection, alive: Collection[str], now: datetime) -> int:
    """The same for all workers that are dead; how many leases they had."""
    values = {"alive": json.dumps(sorted(alive)), "now": micros(now)}
    count = database.execute(statements.RECOVER, values).rowcount
    database.execute(statements.RECOVER_GROUPS, values)
    database.execute(statements.BURY, values)
    return count


def follow(database: sqlite3.Connection, end: End) -> None:
    """Whoever holds the lease of a redirect wants what it leads to; nothing changes where it wants all."""
    values = {"id": end.lease.id, "lease": end.lease.number}
    for (owner,) in database.execute(statements.HOLDER, values).fetchall():
        wanted = _wanted(database, owner)
        if wanted is not None:
            groups = wanted | {entry.group for entry in end.outlinks}
            database.execute(statements.WANT, {"owner": owner, "groups": _as_json(groups)})


def hand_over(
    database: sqlite3.Connection, entries: Iterable[Entry], now: datetime, alive: Collection[str]
) -> str | None:
    """Who will fetch the entries, which are queued then."""
    values = {"now": micros(now), "alive": json.dumps(sorted(alive))}
    found = database.execute(statements.ACCEPTING, values).fetchone()
    if found is None:
        return None
    owner, groups = str(found[0]), found[1]
    added = list(entries)
    database.executemany(statements.ADD, (entry_row(entry, now) for entry in added))
    if groups is not None:
        wanted = {*json.loads(groups), *(entry.group for entry in added)}
        database.execute(statements.WANT, {"owner": owner, "groups": _as_json(wanted)})
    return owner


def _let_go(database: sqlite3.Connection, owner: str, groups: Mapping[str, datetime]) -> None:
    values = [{"owner": owner, "name": name, "ready_at": micros(ready_at)} for name, ready_at in groups.items()]
    database.executemany(statements.LET_GROUP_GO, values)


def _wanted(database: sqlite3.Connection, owner: str) -> frozenset[str] | None:
    row = database.execute(statements.WANTED, {"owner": owner}).fetchone()
    return None if row is None or row[0] is None else frozenset(json.loads(row[0]))


def _as_json(groups: Collection[str] | None) -> str | None:
    return None if groups is None else json.dumps(sorted(groups))
