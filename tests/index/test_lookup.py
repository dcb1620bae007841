"""An article is found by its id and by any spelling of its addresses; what is known of it comes whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.index.database import open_index, read_index
from crawler.index.lookup import article_id, evidence, stored_article, suggestions
from tests.index.pages import ARTICLE, URL, capture, saying, store

MIRROR = "http://gazette.example.net/2026/01/05/harbour?utm_source=feed&id=7"
CANONICAL = "https://www.gazette.example/a/harbour"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """One article of two revisions, seen at two addresses, and another."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0))
        store(writing, capture(1, MIRROR, offset=4000), saying("Harbour wall mended", canonical_url=CANONICAL))
        other = "https://www.gazette.example/2026/01/06/market"
        store(writing, capture(2, other), replace(ARTICLE, url=other, headline="Market opens"), "market")
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


@pytest.mark.parametrize(
    "reference",
    [
        "gazette/harbour",
        URL,
        URL.replace("https", "http"),
        URL.replace("www.", ""),
        f"{URL}/",
        f"{URL}?utm_source=letter&fbclid=1#top",
        f"{URL}/amp",
        URL.removeprefix("https://"),
        MIRROR,
        "https://gazette.example.net/2026/01/05/harbour?id=7",
        CANONICAL,
        f"{CANONICAL}?utm_medium=x",
    ],
)
def test_every_spelling_finds_the_article(db: sqlite3.Connection, reference: str) -> None:
    assert article_id(db, reference) == "gazette/harbour"


@pytest.mark.parametrize(
    "reference",
    [
        "gazette/harbou",
        "harbour",
        "",
        f"{URL}2",
        "https://other.example/2026/01/05/harbour",
        f"{URL}?page=2",
        "https://[",
    ],
)
def test_what_is_none_of_its_addresses_finds_nothing(db: sqlite3.Connection, reference: str) -> None:
    assert article_id(db, reference) is None


def test_the_newest_revision_comes_with_all_its_fields(db: sqlite3.Connection) -> None:
    article = stored_article(db, "gazette/harbour")
    assert article is not None
    assert (article.publisher, article.revisions, article.state, article.access) == ("The Gazette", 2, "live", "free")
    assert article.url == CANONICAL
    assert [address.url for address in article.urls] == [MIRROR, URL]
    revision = article.revision
    assert (revision.id, revision.headline, revision.changed) == (
        "gazette/harbour@2",
        "Harbour wall mended",
        ("headline",),
    )
    assert (revision.blocks, revision.images, revision.links) == (ARTICLE.blocks, ARTICLE.images, ARTICLE.links)
    assert (revision.authors, revision.section_path) == (ARTICLE.authors, ARTICLE.section_path)
    assert (revision.published_at, revision.published_raw) == ("2026-01-05T09:00:00Z", ARTICLE.published_raw)
    assert (revision.capture.url, revision.capture.offset) == (MIRROR, 4000)


def test_an_earlier_revision_comes_as_it_was(db: sqlite3.Connection) -> None:
    article = stored_article(db, "gazette/harbour", 1)
    assert article is not None
    assert (article.revision.headline, article.revision.changed) == ("Harbour wall breached", ())
    assert article.revision.capture.offset == 1000


def test_no_revision_and_no_article_give_none(db: sqlite3.Connection) -> None:
    assert stored_article(db, "gazette/harbour", 3) is None
    assert stored_article(db, "gazette/other") is None


def test_evidence_comes_field_by_field_chosen_first(db: sqlite3.Connection) -> None:
    rows = [(row.field, row.source, row.chosen) for row in evidence(db, "gazette/harbour@1")]
    assert rows[:2] == [("headline", "layout", True), ("headline", "meta", False)]
    assert [row.field for row in evidence(db, "gazette/harbour@1")] == ["headline", "headline", "summary"]


@pytest.mark.parametrize(
    ("reference", "first"),
    [
        ("gazette/har", "gazette/harbour"),
        ("https://elsewhere.example/news/the-market-opens-again", "gazette/market"),
        ("gazette/Market", "gazette/market"),
    ],
)
def test_what_is_not_found_suggests_what_is_near(db: sqlite3.Connection, reference: str, first: str) -> None:
    assert suggestions(db, reference)[0].id == first


def test_nothing_near_suggests_nothing(db: sqlite3.Connection) -> None:
    assert suggestions(db, "https://elsewhere.example/") == []
