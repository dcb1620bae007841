"""What happened to articles: the time line of one, and the ledger of all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
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
    FROM captures c LEFT JOIN revisions r ON r.capture_id = c.id
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
    detail: dict[str, Any]


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

LEDGER = """
    SELECT e.at, e.kind, coalesce(json_extract(e.detail, '$.weight'), 0) AS weight, a.publisher_id, p.name,
        a.id, a.headline, a.url, c.record_id, e.detail
    FROM events e JOIN articles a ON a.id = e.article_id JOIN publishers p ON p.id = a.publisher_id
    LEFT JOIN captures c ON c.id = e.capture_id
    WHERE {conditions} ORDER BY {order} LIMIT :limit
"""

ORDERS = {"heaviest": "weight DESC, e.at DESC", "newest": "e.at DESC, weight DESC"}


Order = Literal["heaviest", "newest"]


def ledger(db: sqlite3.Connection, filters: LedgerFilters, *, order: Order, limit: int) -> list[LedgerEntry]:
    """Edits and changes of state of all articles."""
    named: dict[str, Any] = {"limit": limit}
    conditions = [_one_of(KINDS, named, "kind", "e.kind")]
    if filters.publisher:
        conditions.append("a.publisher_id = :publisher")
        named["publisher"] = filters.publisher
    if filters.since:
        conditions.append("e.at >= :since")
        named["since"] = filters.since.isoformat()
    if filters.until:
        conditions.append("e.at < :until")
        named["until"] = (filters.until + timedelta(days=1)).isoformat()
    if filters.kinds:
        given = _one_of(filters.kinds, named, "given", "e.kind")
        edits = _one_of(filters.kinds, named, "edit", "value")
        of_edits = f"EXISTS (SELECT 1 FROM json_each(e.detail, '$.kinds') WHERE {edits})"
        conditions.append(f"({given} OR {of_edits})")
    query = LEDGER.format(conditions=" AND ".join(conditions), order=ORDERS[order])
    return [LedgerEntry(*(*row[:9], json.loads(row[9]))) for row in db.execute(query, named)]


def _one_of(values: Iterable[str], named: dict[str, Any], name: str, column: str) -> str:
    """A condition, whose values go into ``named``."""
    given = {f"{name}_{number}": value for number, value in enumerate(values)}
    named.update(given)
    return f"{column} IN ({', '.join(f':{each}' for each in given)})"


def is_edit(kind: str) -> bool:
    """Whether an event of this kind is of a new revision."""
    return kind in OF_EDITS
