"""A large index of articles made from newsnet's: each has the paragraphs of several, with words of its own.

    uv run python -m tests.benchmarks.large FOLDER [--articles 100000]

FOLDER becomes a collection: index.db only, as if its WARC files were elsewhere.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from crawler.collection.editing import note_edit
from crawler.extraction.article import extract
from crawler.index.articles import Seen, store_article
from crawler.index.captures import add_capture
from crawler.index.database import open_index
from crawler.index.fulltext import optimize
from crawler.index.ledger import PublisherRow, put_publisher
from crawler.index.writer import BATCH
from crawler.items import Article, Block, Capture, Notes
from tests.conftest import SHARED

START = datetime(2016, 1, 1, tzinfo=UTC)
DAYS = 3650
CHANGED = 0.1
"""Of the words of a paragraph: others of the same language stand in their place."""

SEEN = 5
"""Captures of an article that was edited."""


@dataclass(frozen=True, slots=True)
class Language:
    """What there is of a language."""

    articles: list[Article]
    words: list[str]
    """All words of its articles, as often as they occur."""


def articles(folder: Path) -> Iterator[Article]:
    """Of newsnet's pages, those with a text."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        body = gzip.decompress((folder / "html" / f"{page['id']}.html.gz").read_bytes())
        article = extract(body, page["url"])
        if article.headline and len(article.blocks) > 2:
            yield article


def languages(found: list[Article]) -> list[Language]:
    by_code = defaultdict(list)
    for article in found:
        by_code[article.language].append(article)
    return [
        Language(each, [word for article in each for block in article.blocks for word in block.text.split()])
        for each in by_code.values()
    ]


def made(number: int, language: Language, random: Random) -> Article:
    """An article like one of the language, with paragraphs of others and words of its own."""
    base, other = random.choice(language.articles), random.choice(language.articles)
    blocks = [random.choice((block, random.choice(other.blocks))) for block in base.blocks]
    headline = _changed(base.headline or "", language.words, random)
    return replace(
        base,
        url=f"https://{urlsplit(base.url).hostname}/made/{number}",
        canonical_url=None,
        headline=f"{headline} made{number}",
        blocks=tuple(Block(block.kind, _changed(block.text, language.words, random)) for block in blocks),
        published=START + timedelta(days=random.random() * DAYS),
        published_precision="instant",
        authors=other.authors,
        evidence=base.evidence[:12],
    )


def _changed(text: str, words: list[str], random: Random) -> str:
    return " ".join(random.choice(words) if random.random() < CHANGED else word for word in text.split())


def build(folder: Path, count: int, *, seed: int = 1) -> Path:
    """The index, with so many articles; every fifth came to a second revision, and was seen unchanged after that."""
    random = Random(seed)
    spoken = languages(list(articles(SHARED / "newsnet/pages")))
    weights = [len(language.articles) for language in spoken]
    folder.mkdir(parents=True)
    path = folder / "index.db"
    with closing(open_index(path)) as db:
        numbers = iter(range(count))
        while batch := list(islice(numbers, BATCH)):
            db.execute("BEGIN")
            for number in batch:
                (language,) = random.choices(spoken, weights)
                article = made(number, language, random)
                store(db, number, 0, article)
                if number % 5 == 0:
                    edited = replace(article, headline=f"{article.headline} again")
                    for again in range(1, SEEN):
                        store(db, number, again, edited)
            db.execute("COMMIT")
        optimize(db)
        db.execute("ANALYZE")
    return path


def store(db: sqlite3.Connection, number: int, again: int, article: Article) -> None:
    """As a crawl does, without the pool and the WARC; ``again``: so many days later."""
    host = urlsplit(article.url).hostname or ""
    publisher = host.removeprefix("www.")
    digest = hashlib.sha256(f"{number} {again}".encode()).hexdigest()
    capture = Capture(
        record_id=f"urn:uuid:{digest[:32]}",
        url=article.url,
        captured_at=START + timedelta(days=DAYS + again, seconds=number * 2),
        method="GET",
        status=200,
        mime="text/html",
        warc=f"ofrecord-20260105103000000-{number // 5000:05}-1~host.warc.gz",
        offset=number * 1000,
        length=40_000,
        payload_digest=f"sha1:{digest[:32].upper()}",
        payload_sha256=digest,
        payload_length=200_000,
        notes=Notes("article", publisher, f"https://{host}/feed.xml"),
    )
    add_capture(db, capture, "pending")
    put_publisher(db, PublisherRow(publisher, publisher, (host,)))
    content = hashlib.sha256(f"{number} {article.headline}".encode()).hexdigest()
    stored = store_article(db, Seen(capture, article, publisher, str(number), content, "ofrecord/1"))
    if stored.outcome == "revised":
        note_edit(db, stored, publisher, capture.record_id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    began = time.monotonic()
    path = build(given.folder, given.articles)
    size = path.stat().st_size
    print(f"{path}: {given.articles} articles, {size / given.articles / 1000:.1f} kB each, ", end="")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
