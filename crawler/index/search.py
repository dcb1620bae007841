"""Finds articles: by words, by publisher, by day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from crawler.errors import BadArgument
from crawler.index.snippets import Snippet, snippet, whole
from crawler.normalisation.folding import folded_query

Order = Literal["best", "newest"]

RANKED = 10_000
"""Hits that are ranked, the last that came into the index: words that are in every article tell nothing more."""

WEIGHTS = "10.0, 4.0, 1.0, 2.0"
"""Of headline, summary, text and captions in the rank."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found; None: all."""

    publisher: str | None = None
    since: date | None = None
    """The first day of publication, as the page states it; with a bound, articles without a date are not found."""
    until: date | None = None
    """The last day."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    id: str
    publisher_id: str
    publisher: str
    headline: Snippet | None
    published_at: str | None
    language: str | None
    url: str
    state: str
    revisions: int
    snippet: Snippet | None


SEARCH = """
    SELECT {columns}, hit.rank
    FROM (
        SELECT f.rowid AS number, {rank} AS rank
        FROM articles_fts f CROSS JOIN articles a ON a.number = f.rowid
        WHERE articles_fts MATCH :words AND {filters}
        ORDER BY f.rowid DESC LIMIT {ranked}
    ) hit
    JOIN articles a ON a.number = hit.number
    JOIN publishers p ON p.id = a.publisher_id
    ORDER BY {order} LIMIT :limit OFFSET :offset
"""

LATEST = """
    SELECT {columns} FROM articles a JOIN publishers p ON p.id = a.publisher_id
    WHERE {filters} ORDER BY {order} LIMIT :limit OFFSET :offset
"""

COLUMNS = (
    "a.id, a.publisher_id, p.name AS publisher, a.headline, a.summary, a.published_at, a.language, a.url, a.state, "
    "a.revisions, a.revision_id"
)

BEST = "hit.rank, a.number DESC"
NEWEST = "a.published_at DESC, a.number DESC"


def search(
    db: sqlite3.Connection, words: str, filters: Filters, *, order: Order = "best", limit: int = 20, offset: int = 0
) -> list[Hit]:
    """Articles that hold all words and "phrases", in any field; ``word*`` is a beginning.

    Raises BadArgument where there is nothing to search for.
    """
    expression = folded_query(words)
    if not expression:
        raise BadArgument(f"no word in {words!r}; give letters or digits to search for")
    query = SEARCH.format(
        columns=COLUMNS,
        rank=f"bm25(articles_fts, {WEIGHTS})" if order == "best" else "0",
        filters=conditions(filters),
        ranked=RANKED,
        order=BEST if order == "best" else NEWEST,
    )
    given = {**values(filters), "words": expression, "limit": limit, "offset": offset}
    return [_hit(db, row, words) for row in db.execute(query, given).fetchall()]


def latest(db: sqlite3.Connection, filters: Filters, *, limit: int = 20, offset: int = 0) -> list[Hit]:
    """The newest articles by day of publication, those without one last."""
    query = LATEST.format(columns=COLUMNS, filters=conditions(filters), order=NEWEST)
    given = {**values(filters), "limit": limit, "offset": offset}
    return [_hit(db, row, "") for row in db.execute(query, given).fetchall()]


def publisher_ids(db: sqlite3.Connection) -> list[str]:
    """Whose articles there are."""
    return [name for (name,) in db.execute("SELECT id FROM publishers ORDER BY id")]


def conditions(filters: Filters) -> str:
    """Over ``articles a``, with names for ``values``."""
    return " AND ".join(_filtered(filters)) or "1"


def _filtered(filters: Filters) -> Iterator[str]:
    if filters.publisher is not None:
        yield "a.publisher_id = :publisher"
    if filters.since is not None:
        yield "a.published_at >= :since"
    if filters.until is not None:
        yield "a.published_at < :after"


def values(filters: Filters) -> dict[str, Any]:
    """What the names in ``conditions`` stand for."""
    # Days are prefixes of times: "2022-01-05" sorts before "2022-01-05T10:00:00Z", and that before "2022-01-06".
    after = filters.until + timedelta(days=1) if filters.until and filters.until < date.max else filters.until
    return {
        "publisher": filters.publisher,
        "since": filters.since.isoformat() if filters.since else None,
        "after": after.isoformat() if after else None,
    }


def _hit(db: sqlite3.Connection, row: sqlite3.Row, words: str) -> Hit:
    (text,) = db.execute("SELECT text FROM revisions WHERE id = ?", (row["revision_id"],)).fetchone()
    captions = db.execute(
        "SELECT caption FROM images WHERE revision_id = ? AND caption IS NOT NULL ORDER BY position",
        (row["revision_id"],),
    )
    texts = [text, row["summary"], *(caption for (caption,) in captions)]
    return Hit(
        id=row["id"],
        publisher_id=row["publisher_id"],
        publisher=row["publisher"],
        headline=whole(row["headline"], words) if row["headline"] else None,
        published_at=row["published_at"],
        language=row["language"],
        url=row["url"],
        state=row["state"],
        revisions=row["revisions"],
        snippet=_most_telling(texts, words),
    )


def _most_telling(texts: list[str | None], words: str) -> Snippet | None:
    """From the text with the most hits, else from the first there is."""
    shown = (snippet(text, words) for text in texts if text)
    return max(shown, key=lambda found: len(found.marks), default=None)
