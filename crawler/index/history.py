"""What happened to articles: the time line of one, and the ledger of all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from crawler.index.ledger import DERIVED, OF_EDITS


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an article's time line."""

    at: str
    what: Literal["capture", "event"]
    kind: str
    """Of an event its kind; of a capture its outcome, its verdict, or its status."""
    url: str | None
    status: int | None
    revision: int | None
    """Of a capture: the number of the revision that came of it."""
    record_id: str | None
    warc: str | None
    offset: int | None
    """Of the record's gzip member, bytes."""
    detail: dict[str, Any] = field(default_factory=dict)


TIME_LINE = """
    SELECT c.captured_at AS at, 'capture' AS what, coalesce(c.verdict, c.outcome, 'redirect') AS kind, c.url, c.status,
        r.number AS revision, c.record_id, c.warc, c."offset", '{}' AS detail, 0 AS turn
    FROM captures c LEFT JOIN revisions r ON r.article_id = c.article_id AND r.capture_id = c.id
    WHERE c.article_id = :id AND c.page_of IS NULL
    UNION ALL
    SELECT e.at, 'event', e.kind, c.url, c.status, NULL, c.record_id, c.warc, c."offset", e.detail, 1
    FROM events e LEFT JOIN captures c ON c.id = e.capture_id WHERE e.article_id = :id
    ORDER BY at, turn
"""


def history(db: sqlite3.Connection, article_id: str) -> list[Happening]:
    """The captures of an article and what came of them, oldest first."""
    rows = db.execute(TIME_LINE, {"id": article_id})
    return [Happening(*(*row[:9], json.loads(row[9]))) for row in rows]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An edit of an article, or a change of its state."""

    at: str
    kind: str
    weight: int
    """Up to 100."""
    publisher_id: str
    publisher: str
    article_id: str
    headline: str | None
    """As it is now; an edit of it is in ``detail``."""
    url: str
    record_id: str | None
    """Of the capture that shows it."""
    detail: dict[str, Any]

    @property
    def revisions(self) -> tuple[int, int] | None:
        """Of an edit the numbers of the revisions before and after it."""
        return (self.detail["from"], self.detail["to"]) if is_edit(self.kind) else None


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """Which entries are meant. Days are those of the event, UTC."""

    publisher: str | None = None
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    """Of events or of edits; (): all."""


DROPPED = "dropped-from-sitemap"
"""The kind of the event that says that a sitemap does not list an article any more that it listed."""

KINDS = (*sorted(DERIVED), DROPPED)


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where a list that is newest first goes on: after this event, or before it, backwards. It lasts until the index is
    made again."""

    at: str
    id: int


# A kind at a time, as the indexes of events have them: SQLite merges these, and reads no more than it is asked for.
OF_KIND = """
    SELECT e.id AS event, e.at AS moment, coalesce(json_extract(e.detail, '$.weight'), 0) AS weight FROM events e
    WHERE {conditions} AND EXISTS (SELECT 1 FROM articles WHERE id = e.article_id)
"""

LEDGER = """
    WITH found AS MATERIALIZED ({kinds} ORDER BY {order} LIMIT :limit)
    SELECT event, moment, e.kind, weight, a.publisher_id, p.name, a.id, a.headline, a.url, c.record_id, e.detail
    FROM found CROSS JOIN events e ON e.id = event JOIN articles a ON a.id = e.article_id
    JOIN publishers p ON p.id = a.publisher_id LEFT JOIN captures c ON c.id = e.capture_id
    ORDER BY {order}
"""

ORDERS = {
    "heaviest": "weight DESC, moment DESC, event DESC",
    "newest": "moment DESC, event DESC",
    "oldest": "moment, event",
}

Order = Literal["heaviest", "newest"]


def ledger(db: sqlite3.Connection, filters: LedgerFilters, *, order: Order, limit: int) -> list[LedgerEntry]:
    """Edits and changes of state of all articles."""
    named: dict[str, Any] = {"limit": limit}
    return [_entry(row) for row in _rows(db, filters, named, order, _bounds(filters, named))]


def ledger_page(
    db: sqlite3.Connection, filters: LedgerFilters, *, after: LedgerPlace | None = None, limit: int
) -> list[tuple[LedgerPlace, LedgerEntry]]:
    """The same newest first, each with its place, from ``after`` on: as fast at the end of many as at the beginning."""
    named: dict[str, Any] = {"limit": limit}
    bounds = _bounds(filters, named)
    if after:
        bounds.append("(e.at, e.id) < (:after_at, :after_id)")
        named |= {"after_at": after.at, "after_id": after.id}
    return [(LedgerPlace(row[1], row[0]), _entry(row)) for row in _rows(db, filters, named, "newest", bounds)]


def ledger_before(
    db: sqlite3.Connection, filters: LedgerFilters, before: LedgerPlace, *, limit: int
) -> list[tuple[LedgerPlace, LedgerEntry]]:
    """Those of the same list that come just before a place: the last of them is the one next to it."""
    named: dict[str, Any] = {"limit": limit, "before_at": before.at, "before_id": before.id}
    bounds = [*_bounds(filters, named), "(e.at, e.id) > (:before_at, :before_id)"]
    rows = _rows(db, filters, named, "oldest", bounds)
    return [(LedgerPlace(row[1], row[0]), _entry(row)) for row in reversed(rows)]


def _rows(
    db: sqlite3.Connection, filters: LedgerFilters, named: dict[str, Any], order: str, bounds: list[str]
) -> list[Any]:
    kinds = (OF_KIND.format(conditions=" AND ".join([kind, *bounds])) for kind in _of_kinds(filters, named))
    query = LEDGER.format(kinds=" UNION ALL ".join(kinds), order=ORDERS[order])
    return db.execute(query, named).fetchall()


def _entry(row: Sequence[Any]) -> LedgerEntry:
    return LedgerEntry(*(*row[1:10], json.loads(row[10])))


def _bounds(filters: LedgerFilters, named: dict[str, Any]) -> list[str]:
    """Conditions on an event ``e``, whose values go into ``named``."""
    conditions = []
    if filters.publisher:
        conditions.append("e.publisher_id = :publisher")
        named["publisher"] = filters.publisher
    if filters.since:
        conditions.append("e.at >= :since")
        named["since"] = filters.since.isoformat()
    if filters.until and filters.until < date.max:  # after which nothing is
        conditions.append("e.at < :until")
        named["until"] = (filters.until + timedelta(days=1)).isoformat()
    return conditions


def _of_kinds(filters: LedgerFilters, named: dict[str, Any]) -> Iterator[str]:
    """A condition for each kind of events that is asked for, or of which some are for the kinds of their edits."""
    of_edits = [kind for kind in filters.kinds if kind not in KINDS]
    named |= {f"edit_{number}": kind for number, kind in enumerate(of_edits)}
    given = ", ".join(f":edit_{number}" for number in range(len(of_edits)))
    for number, kind in enumerate(KINDS):
        named[f"kind_{number}"] = kind
        condition = f"e.kind = :kind_{number}"
        if not filters.kinds or kind in filters.kinds:
            yield condition
        elif of_edits and is_edit(kind):
            yield f"{condition} AND EXISTS (SELECT 1 FROM json_each(e.detail, '$.kinds') WHERE value IN ({given}))"


def is_edit(kind: str) -> bool:
    """Whether an event of this kind is of a new revision."""
    return kind in OF_EDITS
