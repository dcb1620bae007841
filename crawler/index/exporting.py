"""Articles with all that the index says of them, one after another, for programs and people elsewhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from crawler.index.database import unchanging
from crawler.index.learnt import whole_blocks
from crawler.index.matching import LAST_ASKED, chosen
from crawler.items import Block, Embed, Image, Link
from crawler.queries.tree import Query

Order = Literal["as-it-came", "newest"]


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """An article at its newest revision. The names are a contract: fields are added, never renamed."""

    id: str
    """`publisher/key`: stays when the index is made again"""
    publisher_id: str
    """short name of the definition, or the registered domain"""
    publisher: str
    """its name"""
    url: str
    """canonical address"""
    urls: tuple[str, ...]
    """every address it was seen at, mirrors too, the last seen first"""
    headline: str | None
    """null: none was found, as in all fields"""
    kicker: str | None
    """the short line above the headline"""
    summary: str | None
    """as the page states it"""
    authors: tuple[str, ...]
    """whom the byline names"""
    persons: tuple[str, ...]
    """those of them that are people"""
    agencies: tuple[str, ...]
    """news agencies credited, by their usual names"""
    section_path: tuple[str, ...]
    """from the general to the particular"""
    topics: tuple[str, ...]
    """topics or tags that the page states"""
    language: str | None
    """BCP 47"""
    published_at: str | None
    """ISO 8601: UTC where the page gives a zone"""
    published_precision: str | None
    """instant: UTC; local: without a zone; day"""
    published_raw: str | None
    """as the page has it"""
    modified_at: str | None
    """ISO 8601, as published_at"""
    modified_raw: str | None
    """as the page has it"""
    access: str | None
    """free, metered, locked"""
    form: str | None
    """article, live-blog, multi-page"""
    state: str
    """live, gone, moved, blocked"""
    dateline: str | None
    """as the text opens with it"""
    corrections: tuple[str, ...]
    """notes on what was corrected"""
    text: str
    """the blocks, joined by blank lines"""
    word_count: int
    """of the text"""
    blocks: tuple[Block, ...]
    """the pieces of the text, in reading order, each with kind (paragraph, subhead, quote, …) and text"""
    images: tuple[Image, ...]
    """each with url, caption, credit, alt, width and height in pixels"""
    embeds: tuple[Embed, ...]
    """videos, posts and the like, each with kind, url, provider, title, author, before (position of the next block)"""
    links: tuple[Link, ...]
    """links in the text, each with url and text"""
    first_seen_at: str
    """UTC"""
    last_seen_at: str
    """UTC"""
    revisions: int
    """how many there are"""
    revision_id: str
    """the newest: `publisher/key@number`"""
    revised_at: str
    """when that was first seen, UTC"""
    content_sha256: str
    """of what makes a revision"""
    extractor: str
    """which version of the program read the page"""
    captured_at: str
    """of the capture that it was read from, UTC"""
    captured_url: str
    """the address that was fetched"""
    warc: str
    """file name below archive/"""
    offset: int
    """of the record's gzip member in that file, bytes"""
    length: int
    """of that member, bytes"""
    record_id: str
    """of the WARC record"""
    payload_digest: str | None
    """sha1: and Base32, as in the WARC"""
    payload_sha256: str | None
    """of the page's bytes"""
    policy: tuple[str, ...]
    """what the page asked when it was read last: noarchive, noai, tdm-reserved, licensed, cc-by, …"""
    license: str | None
    """the licence that the page names, as it does"""


ARTICLES = f"""
    SELECT a.id, a.publisher_id, p.name AS publisher, a.url, a.state, a.first_seen_at, a.last_seen_at, a.revisions,
        a.revision_id, r.headline, r.kicker, r.summary, r.authors, r.persons, r.agencies, r.section_path, r.topics,
        r.language, r.published_at, r.published_precision, r.published_raw, r.modified_at, r.modified_raw, r.access,
        r.form, r.dateline, r.corrections, r.text, r.block_kinds, r.word_count, r.seen_at AS revised_at,
        r.content_sha256, r.extractor, c.captured_at, c.url AS captured_url, c.warc, c."offset", c.length, c.record_id,
        c.payload_digest, c.payload_sha256, {LAST_ASKED} AS policy, c.license
    FROM articles a
    JOIN publishers p ON p.id = a.publisher_id
    JOIN revisions r ON r.id = a.revision_id
    JOIN captures c ON c.id = r.capture_id
    WHERE {{condition}} ORDER BY {{order}} LIMIT :limit
"""

ORDERS: dict[Order, str] = {"as-it-came": "a.number", "newest": "a.published_at DESC, a.number DESC"}

LISTS = ("authors", "persons", "agencies", "section_path", "topics", "corrections", "policy")


def exported(
    db: sqlite3.Connection,
    query: Query,
    article_ids: Iterable[str] = (),
    *,
    order: Order = "as-it-came",
    limit: int | None = None,
) -> Generator[ExportedArticle, None, None]:
    """The articles that a query asks for, of those named if there are any, as they all stand at one moment.

    One at a time: however many they are, memory stays the same. Raises BadArgument for a publisher that is not there.
    """
    asked = chosen(db, query, article_ids)
    statement = ARTICLES.format(condition=asked.sql, order=ORDERS[order])
    with unchanging(db):
        for row in db.execute(statement, {**asked.given, "limit": -1 if limit is None else limit}):
            yield _article(db, row)


def _article(db: sqlite3.Connection, row: sqlite3.Row) -> ExportedArticle:
    values: dict[str, Any] = dict(row) | {name: tuple(json.loads(row[name] or "[]")) for name in LISTS}
    of_images, of_embeds = "url, caption, credit, alt, width, height", "kind, url, provider, title, author, before"
    kinds, revision = values.pop("block_kinds"), row["revision_id"]
    return ExportedArticle(
        **values,
        urls=tuple(url for (url,) in db.execute(URLS, (row["id"],))),
        blocks=whole_blocks(row["text"], kinds, None),  # as the view has them, which reads the text for each anew
        images=tuple(Image(*part) for part in _parts(db, of_images, "images", revision)),
        embeds=tuple(Embed(*part) for part in _parts(db, of_embeds, "embeds", revision)),
        links=tuple(Link(*part) for part in _parts(db, "url, text", "links", revision)),
    )


URLS = "SELECT url FROM article_urls WHERE article_id = ? ORDER BY last_seen_at DESC, url"


def _parts(db: sqlite3.Connection, columns: str, table: str, revision_id: str) -> Iterator[Any]:
    yield from db.execute(f"SELECT {columns} FROM {table} WHERE revision_id = ? ORDER BY position", (revision_id,))
