"""Captures and articles for the tests of the index."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import add_capture
from crawler.index.ledger import PublisherRow, put_publisher
from crawler.items import Article, Block, Boilerplate, Capture, Evidence, Image, Link, Notes

START = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
URL = "https://www.gazette.example/2026/01/05/harbour"
GAZETTE = PublisherRow("gazette", "The Gazette", ("www.gazette.example",), "gb", ("en",))

ARTICLE = Article(
    url=URL,
    headline="Harbour wall breached",
    kicker="Storm",
    summary="The sea came in at noon.",
    authors=("Ann Lee", "Bo Øre"),
    published=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    published_precision="instant",
    published_raw="5 January 2026, 9 am GMT",
    section_path=("News", "Coast"),
    topics=("storms",),
    language="en",
    access="free",
    blocks=(
        Block("paragraph", "The wall gave way “at once”, said the harbourmaster."),
        Block("subhead", "What comes next"),
        Block("paragraph", "Engineers are at work."),
    ),
    images=(Image("https://www.gazette.example/wall.jpg", "The breach at low tide", "AFP", "a wall", 1200, 800),),
    links=(Link("https://www.gazette.example/tides", "tide tables"),),
    boilerplate=(
        Boilerplate(
            "Also at gazette.example.net and www.gazette.example",
            "alternate-addresses",
            ("gazette.example.net", "www.gazette.example"),
        ),
        Boilerplate("Follow us on chat.example", "promotion", ("chat.example",)),
    ),
    evidence=(
        Evidence("headline", "Harbour wall breached", "layout", "h1", chosen=True),
        Evidence("headline", "Harbour wall breached", "opengraph", "og:title"),
        Evidence("headline", "Wall breached | Gazette", "meta", "title"),
        Evidence("summary", "s" * 500, "meta", "description"),
    ),
    article_score=1.0,
)


def capture(minutes: float = 0, url: str = URL, **given: Any) -> Capture:
    """Of the article's page, so many minutes after START."""
    digest = hashlib.sha256(f"{url} {minutes}".encode()).hexdigest()
    return Capture(
        **{
            "record_id": f"urn:uuid:{digest[:32]}",
            "url": url,
            "captured_at": START + timedelta(minutes=minutes),
            "method": "GET",
            "status": 200,
            "mime": "text/html",
            "warc": "ofrecord-20260105103000000-00001-1~host.warc.gz",
            "offset": 1000,
            "length": 2000,
            "payload_digest": f"sha1:{digest[:32].upper()}",
            "payload_sha256": digest,
            "payload_length": 5000,
            "notes": Notes("article", "gazette", "https://www.gazette.example/feed.xml"),
            **given,
        }
    )


def saying(headline: str, **given: Any) -> Article:
    """The article with another headline."""
    return replace(ARTICLE, headline=headline, **given)


def store(db: sqlite3.Connection, of: Capture, article: Article = ARTICLE, key: str = "harbour") -> Stored:
    """As a crawl does: captures row, publisher, article."""
    add_capture(db, of, "pending")
    put_publisher(db, GAZETTE)
    content = hashlib.sha256(repr((article.headline, article.blocks)).encode()).hexdigest()
    return store_article(db, Seen(of, article, "gazette", key, content, "ofrecord/1"), ("www.gazette.example",))


def value(db: sqlite3.Connection, query: str, *parameters: Any) -> Any:
    """The one value of the one row."""
    ((found,),) = db.execute(query, parameters).fetchall()
    return found


def contents(db: sqlite3.Connection) -> dict[str, list[Any]]:
    """Every row of every table, those of the full text too."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}
