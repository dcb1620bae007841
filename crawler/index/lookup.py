"""One article: found by what people have of it, and all that is known about it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from crawler.index.addresses import page_key
from crawler.index.aliases import current_id, former_ids
from crawler.index.learnt import whole_blocks
from crawler.index.moments import stamp
from crawler.items import Block, Embed, Evidence, Image, Link
from crawler.normalisation.folding import folded_phrase
from crawler.normalisation.urls import canonical_url


@dataclass(frozen=True, slots=True)
class CaptureAddress:
    """Where the bytes of a revision are."""

    captured_at: str
    url: str
    status: int
    warc: str
    """File name below ``archive/``."""
    offset: int
    """Of the record's gzip member, bytes."""
    length: int
    record_id: str
    payload_digest: str | None
    payload_sha256: str | None


@dataclass(frozen=True, slots=True)
class SeenAddress:
    """An address at which the article was seen."""

    url: str
    first_seen_at: str
    last_seen_at: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article said. Times as the index has them: ISO 8601, UTC where the page gives a zone."""

    id: str
    number: int
    seen_at: str
    headline: str | None
    kicker: str | None
    summary: str | None
    authors: tuple[str, ...]
    persons: tuple[str, ...]
    """Those of ``authors`` that are people; () also for what was stored before this was told."""
    agencies: tuple[str, ...]
    dateline: str | None
    dateline_place: str | None
    section_path: tuple[str, ...]
    topics: tuple[str, ...]
    language: str | None
    published_at: str | None
    published_precision: str | None
    published_raw: str | None
    modified_at: str | None
    modified_raw: str | None
    word_count: int
    extractor: str
    form: str | None
    """article, live-blog, multi-page; None: stored before this was told."""
    page: int | None
    pages: int | None
    next_page: str | None
    corrections: tuple[str, ...]
    changed: tuple[str, ...]
    """Fields that differ from the revision before; () for the first."""
    blocks: tuple[Block, ...]
    images: tuple[Image, ...]
    embeds: tuple[Embed, ...]
    links: tuple[Link, ...]
    capture: CaptureAddress
    further_pages: tuple[CaptureAddress, ...]
    """Of an article that was joined from several pages: where the bytes of the second and the following are."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of the index, at one of its revisions."""

    id: str
    publisher_id: str
    publisher: str
    url: str
    state: str
    access: str | None
    first_seen_at: str
    last_seen_at: str
    revisions: int
    """How many there are."""
    revision: Revision
    urls: tuple[SeenAddress, ...]
    former_ids: tuple[str, ...]
    """Of articles that were merged into it; they find it too."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may have been meant."""

    id: str
    headline: str | None


BY_ADDRESS = """
    SELECT article_id FROM article_urls
    WHERE urlkey = ? ORDER BY url = ? DESC, last_seen_at DESC LIMIT 1
"""


def article_id(db: sqlite3.Connection, reference: str) -> str | None:
    """The id of the article with this id or a former one, or seen at this address; None where there is none.

    Scheme, "www.", a final slash, tracking parameters and print versions do not matter in an address.
    """
    if "://" not in reference:
        current = current_id(db, reference)
        found = db.execute("SELECT id FROM articles WHERE id = ?", (current,)).fetchone()
        if found or "." not in reference.partition("/")[0]:
            return found[0] if found else None
        reference = f"https://{reference}"
    found = db.execute(BY_ADDRESS, (page_key(reference), reference)).fetchone()
    found = (
        found
        or db.execute(
            "SELECT id FROM articles WHERE url IN (?, ?) LIMIT 1", (reference, canonical_url(reference))
        ).fetchone()
    )
    return found[0] if found else None


def stored_article(db: sqlite3.Connection, article: str, number: int | None = None) -> StoredArticle | None:
    """The article with this id at its newest revision, or at revision ``number``; None where there is none."""
    row = db.execute(
        "SELECT a.*, p.name AS publisher FROM articles a JOIN publishers p ON p.id = a.publisher_id WHERE a.id = ?",
        (article,),
    ).fetchone()
    revision = _revision(db, row["revision_id"] if number is None else f"{article}@{number}") if row else None
    if revision is None:
        return None
    return StoredArticle(
        **{name: row[name] for name in ("id", "publisher_id", "publisher", "url", "state", "access")},
        **{name: row[name] for name in ("first_seen_at", "last_seen_at", "revisions")},
        revision=revision,
        urls=_addresses(db, article),
        former_ids=tuple(former_ids(db, article)),
    )


MISSING_IMAGES = """
    SELECT i.url, a.url FROM articles a JOIN images i ON i.revision_id = a.revision_id
    WHERE a.publisher_id = ? AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.url = i.url)
    ORDER BY a.last_seen_at DESC LIMIT ?
"""


def missing_images(db: sqlite3.Connection, publisher_id: str, limit: int) -> list[tuple[str, str]]:
    """Addresses of images that were never fetched, each with its article's, those of the newest first."""
    return [tuple(row) for row in db.execute(MISSING_IMAGES, (publisher_id, limit))]


def evidence(db: sqlite3.Connection, revision_id: str) -> tuple[Evidence, ...]:
    """Where the values of a revision come from, chosen and not; long texts as digest and length."""
    rows = db.execute(
        "SELECT field, value, source, locator, chosen FROM evidence WHERE revision_id = ? ORDER BY field, chosen DESC",
        (revision_id,),
    )
    return tuple(
        Evidence(field, value, source, locator, bool(chosen)) for field, value, source, locator, chosen in rows
    )


def suggestions(db: sqlite3.Connection, reference: str, limit: int = 3) -> list[Suggestion]:
    """Articles whose id begins alike, then those that say the words of a reference that was not found."""
    begins = db.execute(
        "SELECT id, headline FROM articles WHERE id >= :a AND id < :z ORDER BY id LIMIT :limit",
        {"a": reference, "z": f"{reference}\U0010ffff", "limit": limit},
    )
    found = {row[0]: row[1] for row in begins}
    words = (word for word in _words(reference) if len(word) > 3)
    if expression := " OR ".join(map(folded_phrase, words)):
        query = """
            SELECT a.id, a.headline FROM articles_fts f JOIN articles a ON a.number = f.rowid
            WHERE articles_fts MATCH ? ORDER BY bm25(articles_fts) LIMIT ?
        """
        found |= {row[0]: row[1] for row in db.execute(query, (expression, limit))}
    return [Suggestion(*item) for item in list(found.items())[:limit]]


def _words(reference: str) -> list[str]:
    address = reference.partition("://")[2] or reference
    return "".join(c if c.isalnum() else " " for c in address.partition("/")[2]).split()


REVISION = """
    SELECT r.*, c.captured_at, c.url AS capture_url, c.status, c.warc, c."offset", c.length, c.record_id,
        c.payload_digest, c.payload_sha256
    FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.id = ?
"""

FURTHER_PAGES = """
    SELECT c.* FROM revision_pages p JOIN captures c ON c.id = p.capture_id WHERE p.revision_id = ? ORDER BY p.number
"""

PLAIN = (
    *("id", "number", "seen_at", "headline", "kicker", "summary", "language", "published_at", "published_precision"),
    *("published_raw", "modified_at", "modified_raw", "word_count", "extractor", "dateline", "dateline_place", "form"),
    *("page", "pages", "next_page"),
)
OF_CAPTURE = ("captured_at", "status", "warc", "offset", "length", "record_id", "payload_digest", "payload_sha256")


def _revision(db: sqlite3.Connection, revision_id: str) -> Revision | None:
    row = db.execute(REVISION, (revision_id,)).fetchone()
    if row is None:
        return None
    return Revision(
        **{name: row[name] for name in PLAIN},
        authors=_list(row["authors"]),
        persons=_list(row["persons"]),
        agencies=_list(row["agencies"]),
        section_path=_list(row["section_path"]),
        topics=_list(row["topics"]),
        corrections=_list(row["corrections"]),
        changed=_list(row["changed"]),
        blocks=whole_blocks(row["text"], row["block_kinds"], None),  # the view reads the text for each anew
        images=tuple(
            Image(*part) for part in _parts(db, "url, caption, credit, alt, width, height", "images", revision_id)
        ),
        embeds=tuple(
            Embed(*part) for part in _parts(db, "kind, url, provider, title, author, before", "embeds", revision_id)
        ),
        links=tuple(Link(*part) for part in _parts(db, "url, text", "links", revision_id)),
        capture=CaptureAddress(url=row["capture_url"], **{name: row[name] for name in OF_CAPTURE}),
        further_pages=tuple(
            CaptureAddress(url=page["url"], **{name: page[name] for name in OF_CAPTURE})
            for page in db.execute(FURTHER_PAGES, (revision_id,))
        ),
    )


def _parts(db: sqlite3.Connection, columns: str, table: str, revision_id: str) -> sqlite3.Cursor:
    return db.execute(f"SELECT {columns} FROM {table} WHERE revision_id = ? ORDER BY position", (revision_id,))


def _addresses(db: sqlite3.Connection, article: str) -> tuple[SeenAddress, ...]:
    rows = db.execute(
        "SELECT url, first_seen_at, last_seen_at FROM article_urls WHERE article_id = ? "
        "ORDER BY last_seen_at DESC, url",
        (article,),
    )
    return tuple(SeenAddress(*row) for row in rows)


def _list(column: str | None) -> tuple[str, ...]:
    return tuple(json.loads(column)) if column else ()


def captures_since(db: sqlite3.Connection, moment: datetime) -> tuple[int, int]:
    """How many captures began after a moment, and how many of them were articles' pages."""
    query = "SELECT count(*), count(*) FILTER (WHERE purpose = 'article') FROM captures WHERE captured_at > ?"
    captures, articles = db.execute(query, (stamp(moment),)).fetchone()
    return int(captures), int(articles)
