"""Articles as a front page shows them: headline, summary and a picture, the newest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.index.moments import stamp
from crawler.items import Image

LEAD = timedelta(days=1)
"""By how much a date may be ahead of us: a local time, or a clock that is fast. What is dated later is shown later."""


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article in short."""

    id: str
    publisher_id: str
    publisher: str
    headline: str | None
    summary: str | None
    authors: tuple[str, ...]
    section_path: tuple[str, ...]
    language: str | None
    published_at: str | None
    published_precision: str | None
    first_seen_at: str
    state: str
    access: str | None
    revisions: int
    """How many there are."""
    word_count: int
    image: Image | None
    """The first one."""


NEWEST = """
    WITH chosen AS MATERIALIZED (
        SELECT number, published_at AS shown_at FROM articles WHERE published_at <= :until {of}
        ORDER BY published_at DESC, number DESC LIMIT :limit
    )
"""

# In the order in which they came into the index.
UNDATED = """
    WITH chosen AS MATERIALIZED (
        SELECT number, first_seen_at AS shown_at FROM articles WHERE published_at IS NULL {of}
        ORDER BY number DESC LIMIT :limit
    )
"""

TEASERS = """
    SELECT a.id, a.publisher_id, p.name AS publisher, a.headline, a.summary, a.authors, a.section_path, a.language,
        a.published_at, r.published_precision, a.first_seen_at, a.state, a.access, a.revisions, a.word_count,
        i.url, i.caption, i.credit, i.alt, i.width, i.height
    FROM chosen c CROSS JOIN articles a ON a.number = c.number JOIN publishers p ON p.id = a.publisher_id
    JOIN revisions r ON r.id = a.revision_id
    LEFT JOIN images i ON i.revision_id = a.revision_id AND i.position = 0
    ORDER BY c.shown_at DESC, a.number DESC
"""

IMAGE = ("url", "caption", "credit", "alt", "width", "height")


def newest(db: sqlite3.Connection, now: datetime, *, limit: int = 20) -> list[Teaser]:
    """The articles published last until ``now``; those whose pages state no date are ``undated``."""
    asked = {"until": stamp(now + LEAD), "limit": limit}
    return _teasers(db.execute(NEWEST.format(of="") + TEASERS, asked))


def undated(db: sqlite3.Connection, *, limit: int = 20) -> list[Teaser]:
    """Those that came last of the articles whose pages state no date."""
    return _teasers(db.execute(UNDATED.format(of="") + TEASERS, {"limit": limit}))


def newest_of(db: sqlite3.Connection, publisher_id: str, now: datetime, *, limit: int = 20) -> list[Teaser]:
    """Those of one publisher."""
    asked = {"publisher": publisher_id, "until": stamp(now + LEAD), "limit": limit}
    return _teasers(db.execute(NEWEST.format(of="AND publisher_id = :publisher") + TEASERS, asked))


def _teasers(rows: Iterable[sqlite3.Row]) -> list[Teaser]:
    return [_teaser(dict(row)) for row in rows]


def _teaser(row: dict[str, Any]) -> Teaser:
    image = {name: row.pop(name) for name in IMAGE}
    lists = {name: tuple(json.loads(row[name])) for name in ("authors", "section_path")}
    return Teaser(**row | lists, image=Image(**image) if image["url"] else None)
