"""The time line of one article for people: captures that found nothing new in one line, revisions with their weight."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crawler.index.history import Happening
from crawler.index.ledger import OF_EDITS


@dataclass(frozen=True, slots=True)
class Stretch:
    """One happening, or captures in a row that found nothing new at one address."""

    first: Happening
    last: Happening
    """The same where it is one."""
    times: int


def condensed(happenings: Iterable[Happening]) -> list[Stretch]:
    """A history as it is told; nothing is left out."""
    return [
        stretch for unchanged, group in groupby(happenings, _unchanged_at) for stretch in _told(unchanged, list(group))
    ]


def _unchanged_at(happening: Happening) -> str | None:
    """The address that a capture found unchanged; None: it is something else."""
    is_unchanged = happening.what == "capture" and happening.revision is None and happening.kind == "unchanged"
    return happening.url if is_unchanged else None


def _told(unchanged: str | None, together: list[Happening]) -> Iterator[Stretch]:
    if unchanged is None:
        yield from (Stretch(each, each, 1) for each in together)
        return
    yield Stretch(together[0], together[-1], len(together))


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision among all of an article."""

    id: str
    number: int
    seen_at: str
    headline: str | None
    word_count: int
    changed: tuple[str, ...]
    """Fields that differ from the revision before; () for the first."""
    record_id: str
    """Of the capture it was read from."""
    url: str
    """The address that was fetched."""
    warc: str
    offset: int
    """Of the record's gzip member, bytes."""
    kind: str | None
    """edited, silently-edited; None: the first, or two extractions read it and the one before."""
    weight: int | None
    """Up to 100."""
    kinds: tuple[str, ...]
    """Of its edits, the heaviest first."""


# An edit has the moment of its revision: the index over (article_id, at) finds it, however many there are.
REVISIONS = f"""
    SELECT r.id, r.number, r.seen_at, r.headline, r.word_count, coalesce(r.changed, '[]') AS changed, c.record_id,
        c.url, c.warc, c."offset", e.kind, json_extract(e.detail, '$.weight') AS weight,
        coalesce(json_extract(e.detail, '$.kinds'), '[]') AS kinds
    FROM revisions r JOIN captures c ON c.id = r.capture_id
    LEFT JOIN events e ON e.article_id = r.article_id AND e.at = r.seen_at AND e.capture_id = r.capture_id
        AND e.kind IN {OF_EDITS}
    WHERE r.article_id = ? ORDER BY r.number
"""


def revision_lines(db: sqlite3.Connection, article_id: str) -> list[RevisionLine]:
    """All revisions of an article, the first first."""
    return [_line(dict(row)) for row in db.execute(REVISIONS, (article_id,))]


def _line(row: dict[str, Any]) -> RevisionLine:
    return RevisionLine(**row | {name: tuple(json.loads(row[name])) for name in ("changed", "kinds")})
