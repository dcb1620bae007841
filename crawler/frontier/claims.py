"""Which URLs a worker gets: groups in turn, none that another worker has, none before it is ready."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from crawler.frontier import statements
from crawler.frontier.protocol import Claim, Terms
from crawler.frontier.rows import MICROSECOND, lease_of, micros, moment

NO_LIMIT = 1 << 30

WAKES = 1000
"""URLs whose time has come that one claim puts into the queue, at most."""

ASK_AGAIN = timedelta(seconds=5)
"""Where another worker has what is left: it may come free."""

PATIENCE = timedelta(seconds=120)
"""For what is to be tried again so soon, a crawl waits."""


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    owner: str | None
    lease_until: int | None
    ready_at: int | None


def claim(database: sqlite3.Connection, limit: int, now: datetime, terms: Terms, after: str) -> Claim:
    """As ``Frontier.claim``, within a transaction; turns begin with the group that follows ``after``."""
    database.execute(statements.WAKE, {"now": micros(now), "limit": WAKES})
    for statement in (statements.EXPIRE_URLS, statements.EXPIRE_GROUPS):
        database.execute(statement, {"now": micros(now)})
    choice = _Choice(database, now, terms)
    rows = choice.rows_in_turn(limit, after)
    values = {"owner": terms.owner, "until": micros(terms.until), "delay": terms.delay // MICROSECOND}
    taken = sorted({row["host_group"] for row in rows})
    database.executemany(statements.TAKE_GROUP, [{"name": name, **values} for name in taken])
    database.executemany(statements.LEASE, [{"id": row["id"], "owner": terms.owner} for row in rows])
    later = None if rows else choice.later()
    if terms.is_last and not rows and later is None:
        database.execute(statements.ACCEPT_NO_MORE, {"owner": terms.owner})
    return Claim([lease_of(row) for row in rows], later)


def groups_with_work(database: sqlite3.Connection) -> int:
    """Groups that have something due, or under way with a worker."""
    due = {row[0] for row in database.execute(statements.GROUPS, {"after": ""})}
    return len(due | {name for (name,) in database.execute(statements.TAKEN)})


class _Choice:
    """One claim's look at the queue."""

    def __init__(self, database: sqlite3.Connection, now: datetime, terms: Terms) -> None:
        self._database, self._now, self._terms = database, now, terms
        self._only = self._wanted()
        self._barred = json.dumps(sorted(terms.barred))
        self._held = int(database.execute(statements.COUNT_HELD, self._values()).fetchone()[0])
        self._blocked: list[datetime] = []

    def rows_in_turn(self, limit: int, after: str) -> list[dict[str, Any]]:
        """The next rows of the queue, one of each group in turn."""
        queues = list(islice(self._queues(limit, after), limit))
        return list(islice(_alternating(queues), limit))

    def later(self) -> datetime | None:
        """When there may be more."""
        soon = {**self._values(), "soon": micros(self._now + PATIENCE), "only": self._only}
        retry = self._database.execute(statements.NEXT_RETRY, soon).fetchone()
        return min([*self._blocked, *([moment(retry[0]) or self._now] if retry else ())], default=None)

    def _queues(self, limit: int, after: str) -> Iterator[Iterator[dict[str, Any]]]:
        """The queues of the groups that the worker may have something of; none that is empty."""
        for group in self._groups(after):
            room = min(limit, self._room(group.name))
            if room <= 0 or not self._may_have(group):
                continue
            values = {"group": group.name, "limit": room, "barred": self._barred}
            queue = _rows(self._database).execute(statements.QUEUE_OF_GROUP, values)
            first = next(queue, None)
            if first is not None:
                self._held += group.owner != self._terms.owner
                yield chain((first,), queue)

    def _room(self, group: str) -> int:
        return (self._terms.per_group or NO_LIMIT) - self._terms.busy.get(group, 0)

    def _may_have(self, group: _Group) -> bool:
        """Whether a group is the worker's already, or free for it. Notes when those will be that are not."""
        put_off_until = self._terms.put_off.get(group.name)
        if put_off_until is not None and put_off_until > self._now:
            if put_off_until <= self._now + PATIENCE:
                self._blocked.append(put_off_until)
            return False
        is_left = group.name in self._terms.left_to_others
        if group.owner == self._terms.owner and not is_left:
            return True
        if is_left or group.owner is not None or self._held >= (self._terms.most_groups or NO_LIMIT):
            self._blocked.append(self._now + ASK_AGAIN)
            return False
        ready_at = moment(group.ready_at)
        if ready_at is not None and ready_at > self._now:
            self._blocked.append(ready_at)
            return False
        return True

    def _groups(self, after: str) -> Iterator[_Group]:
        statement = statements.GROUPS if self._only is None else statements.GROUPS_AMONG
        for row in self._database.execute(statement, {"after": after, "only": self._only}):
            yield _Group(*row)
        for row in self._database.execute(statement, {"after": "", "only": self._only}) if after else ():
            if row[0] > after:
                return
            yield _Group(*row)

    def _wanted(self) -> str | None:
        """The groups to choose from, as JSON: with what was handed over since the worker last heard of it."""
        row = self._database.execute(statements.WANTED, self._values()).fetchone()
        if row is not None:
            return None if row[0] is None else str(row[0])
        return None if self._terms.only is None else json.dumps(sorted(self._terms.only))

    def _values(self) -> dict[str, Any]:
        return {"owner": self._terms.owner, "now": micros(self._now)}


def _rows(database: sqlite3.Connection) -> sqlite3.Cursor:
    cursor = database.cursor()
    cursor.row_factory = row_as_dict
    return cursor


def row_as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by the names of its columns."""
    return dict(zip((column[0] for column in cursor.description), row, strict=True))


def _alternating(queues: Iterable[Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    waiting = list(queues)
    while waiting:
        heads = [(next(queue, None), queue) for queue in waiting]
        yield from (head for head, _ in heads if head is not None)
        waiting = [queue for head, queue in heads if head is not None]
