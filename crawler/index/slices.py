"""Which captures belong to a part of the archive, and which pages it shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.index.matching import chosen
from crawler.items import Place
from crawler.queries.tree import Query


@dataclass(frozen=True, slots=True)
class Page:
    """An article as one capture shows it."""

    article_id: str
    url: str
    captured_at: str
    headline: str | None
    text: str
    """Of the newest revision until then."""


# Redirects lead to a page by its `via`; a revisit is nothing without what it refers to.
PLACES = """
    WITH RECURSIVE
    pages AS (SELECT * FROM captures WHERE article_id IN (SELECT a.id FROM articles a WHERE {articles})),
    redirects (url, captured_at, depth) AS (
        SELECT via, captured_at, 0 FROM pages WHERE via IS NOT NULL
        UNION
        SELECT c.via, c.captured_at, r.depth + 1 FROM captures c JOIN redirects r ON c.url = r.url
        WHERE c.status BETWEEN 300 AND 399 AND c.captured_at <= r.captured_at AND c.via IS NOT NULL AND r.depth < 20
    ),
    led AS (
        SELECT c.id FROM captures c JOIN redirects r ON c.url = r.url AND c.captured_at <= r.captured_at
        WHERE c.status BETWEEN 300 AND 399 AND c.purpose = 'article'
    )
    SELECT DISTINCT warc, "offset" FROM captures WHERE id IN (SELECT id FROM pages) OR id IN (SELECT id FROM led)
        OR record_id IN (SELECT refers_to FROM pages) OR (purpose = 'requisite' AND via IN (SELECT url FROM pages))
    ORDER BY warc, "offset"
"""

PAGES = """
    SELECT a.id, c.url, c.captured_at, r.headline, r.text
    FROM articles a JOIN captures c ON c.article_id = a.id JOIN revisions r ON r.id = coalesce(
        (SELECT id FROM revisions WHERE article_id = a.id AND seen_at <= c.captured_at ORDER BY seen_at DESC LIMIT 1),
        a.revision_id)
    WHERE {articles} AND c.verdict IS NULL ORDER BY c.captured_at, c.id
"""


def places(db: sqlite3.Connection, query: Query, article_ids: Iterable[str] = ()) -> list[Place]:
    """Of all captures of the articles chosen, of what led to them, and of what revisits among them refer to."""
    asked = chosen(db, query, article_ids)
    return [Place(*row) for row in db.execute(PLACES.format(articles=asked.sql), asked.given)]


def imported_places(db: sqlite3.Connection) -> Iterator[Place]:
    """Of all captures in files that others made, but for what was taken down."""
    query = """SELECT warc, "offset" FROM captures WHERE warc LIKE '/%' ORDER BY 1, 2"""
    yield from (Place(*row) for row in db.execute(query))


def with_events(db: sqlite3.Connection, query: Query, article_ids: Iterable[str] = ()) -> frozenset[str]:
    """The ids by which events name the articles chosen: former ones too."""
    asked = chosen(db, query, article_ids)
    statement = f"""
        WITH chosen AS (SELECT a.id FROM articles a WHERE {asked.sql}),
        ids AS (
            SELECT id FROM chosen UNION SELECT i.id FROM article_ids i JOIN chosen c ON c.id = i.article_id
            UNION SELECT i.merged_into FROM article_ids i JOIN chosen c ON c.id = i.article_id
        )
        SELECT id FROM ids WHERE EXISTS (SELECT 1 FROM events WHERE article_id = ids.id)
    """
    return frozenset(article_id for (article_id,) in db.execute(statement, asked.given))


def pages(db: sqlite3.Connection, query: Query, article_ids: Iterable[str] = ()) -> Iterator[Page]:
    """The captures of the articles chosen, oldest first."""
    asked = chosen(db, query, article_ids)
    yield from (Page(*row) for row in db.execute(PAGES.format(articles=asked.sql), asked.given))
