"""Finds the articles that a query asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.index.hits import best, newest
from crawler.index.matching import search_for
from crawler.index.snippets import Snippet, snippet, whole
from crawler.queries.tree import Query, Words, sought

Order = Literal["best", "newest"]


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


SHOWN = """
    SELECT a.number, a.id, a.publisher_id, p.name AS publisher, a.headline, a.summary, a.published_at, a.language,
           a.url, a.state, a.revisions, a.revision_id
    FROM articles a JOIN publishers p ON p.id = a.publisher_id WHERE a.number = ?
"""


def search(
    db: sqlite3.Connection, query: Query, *, order: Order = "best", limit: int = 20, offset: int = 0
) -> list[Hit]:
    """The articles that a query asks for: best first by the words that all of them have, else newest first.

    Newest is by publication; those without a day of publication come last. Raises BadArgument for a publisher that
    is not there.
    """
    asked = search_for(db, query)
    numbers = (best if order == "best" else newest)(db, asked, limit=limit, offset=offset)
    words = sought(query)
    return [_hit(db, db.execute(SHOWN, (number,)).fetchone(), words) for number in numbers]


def publisher_ids(db: sqlite3.Connection) -> list[str]:
    """Whose articles there are."""
    return [name for (name,) in db.execute("SELECT id FROM publishers ORDER BY id")]


def _hit(db: sqlite3.Connection, row: sqlite3.Row, words: Sequence[Words]) -> Hit:
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
        headline=whole(row["headline"], _within(words, None, "headline")) if row["headline"] else None,
        published_at=row["published_at"],
        language=row["language"],
        url=row["url"],
        state=row["state"],
        revisions=row["revisions"],
        snippet=_most_telling(texts, _within(words, None, "summary", "text", "caption")),
    )


def _within(words: Iterable[Words], *fields: str | None) -> list[Words]:
    return [each for each in words if each.field in fields]


def _most_telling(texts: list[str | None], words: Sequence[Words]) -> Snippet | None:
    """From the text with the most hits, else from the first there is."""
    shown = (snippet(text, words) for text in texts if text)
    return max(shown, key=lambda found: len(found.marks), default=None)
