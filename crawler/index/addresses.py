"""The addresses of articles, and the key under which all spellings of one meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from crawler.normalisation.urls import canonical_url, host_of, plain_variant, surt


def page_key(url: str) -> str:
    """The SURT of the page: scheme, "www.", final slash, tracking parameters, AMP and print versions do not count."""
    # Without a query nothing is left for canonical_url to do that surt does not.
    return surt(plain_variant(canonical_url(url) if "?" in url else url))


def add_address(db: sqlite3.Connection, article_id: str, url: str, at: str) -> None:
    """An address at which an article was seen at a moment."""
    db.execute(
        """
        INSERT INTO article_urls (article_id, url, host, urlkey, first_seen_at, last_seen_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET first_seen_at = min(first_seen_at, excluded.first_seen_at),
            last_seen_at = max(last_seen_at, excluded.last_seen_at)
        """,
        (article_id, url, host_of(url), page_key(url), at, at),
    )


def addresses_of(db: sqlite3.Connection, publisher_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The articles of publishers, each with every address of it, the canonical one too."""
    for publisher_id in publisher_ids:
        query = """
            SELECT id, url FROM articles WHERE publisher_id = :publisher UNION
            SELECT id, u.url FROM articles a JOIN article_urls u ON u.article_id = a.id WHERE publisher_id = :publisher
        """
        yield from db.execute(query, {"publisher": publisher_id})
