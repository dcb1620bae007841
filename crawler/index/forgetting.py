"""Articles that were taken down: what belongs to one, and how it is known that it must not come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from crawler.index.addresses import page_key
from crawler.index.aliases import current_id, former_ids
from crawler.items import Event

FORGOTTEN = "forgotten"
"""The kind of the event that stands for an article that was taken down."""

# Its pages, the bytes that these only refer to, where they are no other article's, and whatever else was fetched from
# its addresses; its images, but for those that another article shows; and what only refers to one of all those.
CAPTURES = """
    WITH pages AS (SELECT * FROM captures WHERE article_id = :article),
    addresses AS (SELECT url FROM article_urls WHERE article_id = :article),
    own AS (
        SELECT record_id, warc FROM pages
        UNION SELECT record_id, warc FROM captures
            WHERE record_id IN (SELECT refers_to FROM pages) AND article_id IS NULL
        UNION SELECT record_id, warc FROM captures WHERE url IN (SELECT url FROM addresses)
        UNION SELECT record_id, warc FROM captures
            WHERE purpose = 'requisite' AND via IN (SELECT url FROM addresses) AND url NOT IN (
                SELECT i.url FROM images i JOIN revisions r ON r.id = i.revision_id WHERE r.article_id <> :article)
    )
    SELECT record_id, warc FROM own
    UNION SELECT record_id, warc FROM captures WHERE page_of IN (SELECT record_id FROM own)
    UNION SELECT record_id, warc FROM captures WHERE refers_to IN (SELECT record_id FROM own)
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """What the archive has of an article."""

    publisher_id: str
    headline: str | None
    ids: tuple[str, ...]
    """Its own, and those of articles that were merged into it."""
    urls: tuple[str, ...]
    records: dict[str, frozenset[str]]
    """By WARC file: the record ids of its captures."""


def holding(db: sqlite3.Connection, article_id: str) -> Holding | None:
    """What there is of an article; None where there is no such article."""
    row = db.execute("SELECT publisher_id, headline, url FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return None
    seen = db.execute("SELECT url FROM article_urls WHERE article_id = ?", (article_id,))
    records: dict[str, set[str]] = {}
    for record_id, warc in db.execute(CAPTURES, {"article": article_id}):
        records.setdefault(warc, set()).add(record_id)
    urls = tuple(dict.fromkeys([*(url for (url,) in seen), row[2]]))
    ids = (article_id, *former_ids(db, article_id))
    return Holding(row[0], row[1], ids, urls, {warc: frozenset(ids) for warc, ids in records.items()})


def redirects(db: sqlite3.Connection, urls: Iterable[str]) -> Iterator[Listed]:
    """The captures of addresses that something at these ones was reached by, where they sent the crawl on."""
    query = """
        SELECT record_id, url, captured_at, warc, "offset", refers_to FROM captures
        WHERE status BETWEEN 301 AND 399 AND status <> 304 AND url IN (SELECT via FROM captures WHERE url = ?)
    """
    for url in urls:
        yield from (Listed(*row) for row in db.execute(query, (url,)))


def tombstone(article_id: str, held: Holding, reason: str, at: datetime) -> Event:
    """The event that says that an article was taken down, and nothing of what it said: addresses as digests."""
    detail: dict[str, object] = {
        "reason": reason,
        "captures": sum(map(len, held.records.values())),
        "addresses_sha256": sorted({address_digest(url) for url in held.urls}),
    }
    return Event(FORGOTTEN, at, held.publisher_id, article_id, detail=detail)


def address_digest(url: str) -> str:
    """The same for all spellings of one page's address."""
    return sha256(page_key(url).encode("utf-8", "surrogatepass")).hexdigest()


def forgotten_addresses(db: sqlite3.Connection) -> frozenset[str]:
    """The digests of all addresses that must not be fetched again."""
    query = "SELECT j.value FROM events e, json_each(e.detail, '$.addresses_sha256') j WHERE e.kind = ?"
    return frozenset(digest for (digest,) in db.execute(query, (FORGOTTEN,)))


def is_forgotten(db: sqlite3.Connection, article_id: str) -> bool:
    """Whether an article was taken down."""
    query = "SELECT 1 FROM events WHERE article_id = ? AND kind = ?"
    return db.execute(query, (article_id, FORGOTTEN)).fetchone() is not None


def takedown(db: sqlite3.Connection, reference: str) -> str | None:
    """When and why the article with this id or address was taken down, for people; None where it was not."""
    query = """
        SELECT substr(at, 1, 10), json_extract(detail, '$.reason') FROM events
        WHERE kind = :kind AND (article_id = :reference
            OR EXISTS (SELECT 1 FROM json_each(detail, '$.addresses_sha256') WHERE value = :digest))
        ORDER BY at DESC LIMIT 1
    """
    known = {"kind": FORGOTTEN, "reference": current_id(db, reference), "digest": address_digest(reference)}
    row = db.execute(query, known).fetchone()
    return f"{reference} was taken down on {row[0]}: {row[1]}" if row else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A capture that may name an article: of a feed, sitemap or section, or a redirect."""

    record_id: str
    url: str
    captured_at: str
    warc: str
    offset: int
    """Bytes."""
    refers_to: str | None


def listings(db: sqlite3.Connection) -> Iterator[Listed]:
    """All captures of listings, oldest first: what a revisit refers to comes before it."""
    query = """
        SELECT record_id, url, captured_at, warc, "offset", refers_to FROM captures
        WHERE purpose IN ('feed', 'sitemap', 'section') AND status IN (200, 304) ORDER BY captured_at, id
    """
    yield from (Listed(*row) for row in db.execute(query))
