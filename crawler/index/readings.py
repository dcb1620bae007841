"""Revisions as they are compared, and how one of an older extraction is brought up to date."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.index.fulltext import add_text, remove_text
from crawler.index.learnt import whole_blocks
from crawler.index.revisions import replace_revision
from crawler.items import Article, Block, Image


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What a revision says; implements changes.edits.Reading."""

    id: str
    number: int
    seen_at: str
    extractor: str
    headline: str | None
    summary: str | None
    language: str | None
    modified_at: str | None
    corrections: tuple[str, ...]
    whole_blocks: tuple[Block, ...]
    images: tuple[Image, ...]


NAMES = ("id", "number", "seen_at", "extractor", "headline", "summary", "language", "modified_at")
QUERY = f"SELECT {', '.join(NAMES)}, corrections, text, block_kinds, learnt FROM revisions"


def reading(db: sqlite3.Connection, revision_id: str) -> StoredReading:
    """What one revision says. Raises LookupError where there is none."""
    row = db.execute(f"{QUERY} WHERE id = ?", (revision_id,)).fetchone()
    if row is None:
        raise LookupError(f"no revision {revision_id} in the index")
    return _reading(db, row)


def newest_reading(db: sqlite3.Connection, article_id: str) -> StoredReading:
    """What an article says in its newest revision. Raises LookupError where there is no such article."""
    row = db.execute("SELECT revision_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise LookupError(f"no article {article_id} in the index")
    return reading(db, row[0])


def word_count(db: sqlite3.Connection, article_id: str) -> int:
    """Of an article's newest revision; 0 where there is no such article."""
    row = db.execute("SELECT word_count FROM articles WHERE id = ?", (article_id,)).fetchone()
    return int(row[0]) if row else 0


def reading_before(db: sqlite3.Connection, article_id: str, revision: StoredReading) -> StoredReading | None:
    """What an article said before a revision; None where that is the oldest."""
    query = f"{QUERY} WHERE article_id = ? AND seen_at <= ? AND id <> ? ORDER BY seen_at DESC, number DESC LIMIT 1"
    row = db.execute(query, (article_id, revision.seen_at, revision.id)).fetchone()
    return _reading(db, row) if row else None


def _reading(db: sqlite3.Connection, row: Sequence[Any]) -> StoredReading:
    *plain, corrections, text, block_kinds, learnt = row
    captions = db.execute("SELECT url, caption FROM images WHERE revision_id = ? ORDER BY position", (plain[0],))
    return StoredReading(
        **dict(zip(NAMES, plain, strict=True)),
        corrections=tuple(json.loads(corrections or "[]")),
        whole_blocks=whole_blocks(text, block_kinds, learnt),
        images=tuple(Image(url, caption) for url, caption in captions),
    )


@dataclass(frozen=True, slots=True)
class Outdated:
    """A revision that an earlier extraction made, with the capture it was made of."""

    revision_id: str
    warc: str
    offset: int


OUTDATED = """
    SELECT r.id, c.warc, c."offset" FROM revisions r JOIN captures c ON c.id = r.capture_id
    WHERE r.id = (SELECT id FROM revisions WHERE article_id = :id AND seen_at <= :at
        ORDER BY seen_at DESC, number DESC LIMIT 1) AND r.extractor <> :extractor AND r.content_sha256 <> :content
"""


def outdated(db: sqlite3.Connection, article_id: str, at: str, extractor: str, content_sha256: str) -> Outdated | None:
    """The revision that a new capture would be compared with, where another extractor made it and it says otherwise."""
    named = {"id": article_id, "at": at, "extractor": extractor, "content": content_sha256}
    row = db.execute(OUTDATED, named).fetchone()
    return Outdated(*row) if row else None


def refresh(db: sqlite3.Connection, revision_id: str, article: Article, content_sha256: str, extractor: str) -> None:
    """The revision as another extraction reads its capture: as a reindex would make it."""
    shown = db.execute("SELECT number, id FROM articles WHERE revision_id = ?", (revision_id,)).fetchone()
    if shown is not None:
        remove_text(db, shown[0])
    text = replace_revision(db, revision_id, article, content_sha256, extractor)
    if shown is not None:
        db.execute(SHOWN, (revision_id,))
        add_text(db, shown[1], article, text)


SHOWN = """
    UPDATE articles SET (headline, summary, authors, section_path, topics, language, published_at, modified_at,
        word_count, persons, agencies, form, access) = (SELECT headline, summary, authors, section_path, topics,
        language, published_at, modified_at, word_count, persons, agencies, form, access
        FROM revisions WHERE id = articles.revision_id)
    WHERE revision_id = ?
"""
