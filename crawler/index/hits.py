"""Which articles a query finds, in order, before any of them is read."""

from __future__ import annotations

import sqlite3

from crawler.index.matching import Search

RANKED = 10_000
"""Hits that are ranked, the last that came into the index: words that are in every article tell nothing more."""

FEW = 2_000
"""Hits that are sorted; more are met soon enough on a walk through all articles, the newest first."""

# The weights are those of headline, summary, text and captions.
BEST = """
    SELECT number FROM (
        SELECT f.rowid AS number, bm25(articles_fts, 10.0, 4.0, 1.0, 2.0) AS rank FROM {found}
        ORDER BY f.rowid DESC LIMIT :ranked
    ) ORDER BY rank, number DESC LIMIT :limit OFFSET :offset
"""

COUNT = "SELECT count(*) FROM {found}"

# Of articles only the index is read where that has all columns that are asked for: rows are long.
WORDS = "articles_fts f WHERE articles_fts MATCH :words"
WORDS_AND_REST = """
    articles_fts f CROSS JOIN articles a INDEXED BY articles_facts ON a.number = f.rowid
    WHERE articles_fts MATCH :words AND {condition}
"""
REST = "articles a WHERE {condition}"

SORTED = """
    SELECT a.number FROM articles_fts f CROSS JOIN articles a INDEXED BY articles_facts ON a.number = f.rowid
    WHERE articles_fts MATCH :words AND {condition}
    ORDER BY a.published_at DESC, a.number DESC LIMIT :limit OFFSET :offset
"""

WALKED = """
    SELECT a.number FROM articles a INDEXED BY articles_newest
    WHERE a.number IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words) AND {condition}
    ORDER BY a.published_at DESC, a.number DESC LIMIT :limit OFFSET :offset
"""

WITHOUT_WORDS = """
    SELECT a.number FROM articles a WHERE {condition}
    ORDER BY a.published_at DESC, a.number DESC LIMIT :limit OFFSET :offset
"""


def best(db: sqlite3.Connection, asked: Search, *, limit: int, offset: int = 0) -> list[int]:
    """The numbers of articles by the words that all hits have; where there are none, the newest."""
    if asked.words is None:
        return newest(db, asked, limit=limit, offset=offset)
    statement = BEST.format(found=_found(asked))
    return _numbers(db, statement, asked, ranked=RANKED, limit=limit, offset=offset)


def newest(
    db: sqlite3.Connection, asked: Search, *, limit: int, offset: int = 0, among: int | None = None
) -> list[int]:
    """The numbers of articles by publication; those without a day of publication come last.

    ``among``: the total, where it is known.
    """
    if asked.words is None:
        way = WITHOUT_WORDS
    elif (total(db, asked) if among is None else among) <= FEW:
        way = SORTED
    else:
        way = WALKED
    return _numbers(db, way.format(condition=asked.rest.sql), asked, limit=limit, offset=offset)


def total(db: sqlite3.Connection, asked: Search) -> int:
    """How many there are."""
    (count,) = _numbers(db, COUNT.format(found=_found(asked)), asked)
    return count


def _found(asked: Search) -> str:
    if asked.words is None:
        return REST.format(condition=asked.rest.sql)
    return WORDS if asked.rest.sql == "1" else WORDS_AND_REST.format(condition=asked.rest.sql)


def _numbers(db: sqlite3.Connection, statement: str, asked: Search, **given: int) -> list[int]:
    found = db.execute(statement, {**asked.rest.given, "words": asked.words, **given})
    return [number for (number,) in found]
