"""Real pages: none is taken for another, and each is known again where it comes under another address."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.changes.identity import article_key
from crawler.changes.likeness import Piece, marks, marks_nearby, one_article, piece
from crawler.discovery.sources import publisher_at
from crawler.extraction.article import extract
from crawler.items import Article

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SAME = {"presstv/674100", "taz/5928990"}
"""Articles that newsnet has twice: on two hosts, and in two sets."""


@pytest.fixture(scope="module")
def articles(shared: Path) -> list[Article]:
    """All that have a headline, each as its stand-in or definition reads it."""
    read = (extract(html, url, publisher=publisher_at(url)) for url, html in _pages(shared))
    return [article for article in read if article.headline]


def _pages(shared: Path) -> Iterator[tuple[str, bytes]]:
    for folder in (shared / "newsnet/pages", shared / "newsnet/presstv"):
        with (folder / "manifest.jsonl").open(encoding="utf-8") as lines:
            for page in map(json.loads, lines):
                yield page["url"], gzip.decompress((folder / f"html/{page['id']}.html.gz").read_bytes())


def key(article: Article) -> str:
    publisher = publisher_at(article.url)
    return f"{publisher.id}/{article_key(article, publisher)}"


def test_every_page_has_a_key_of_its_own(articles: list[Article]) -> None:
    named = defaultdict(list)
    for article in articles:
        named[key(article)].append(article.url)
    assert len(articles) > 650
    assert {name for name, urls in named.items() if len(urls) > 1} == SAME


def of_one_day(article: Article, url: str | None = None) -> Piece:
    """As if all came of one publisher, in one minute, without numbers in their addresses: only the text can tell."""
    plain = replace(article, url=url or f"https://gazette.example/{key(article)}", published=AT)
    return piece(replace(plain, published_precision="instant"), key(article), has_own_id=False)


def test_no_two_pages_are_taken_for_one_and_each_is_known_again_under_another_address(articles: list[Article]) -> None:
    pieces = [of_one_day(article) for article in articles]
    holders: dict[int, list[Piece]] = defaultdict(list)
    taken = set()
    for new in pieces:
        found = {other.key: other for mark in marks_nearby("gazette", new) for other in holders[mark]}
        taken |= {new.key for other in found.values() if one_article(new, other)}
        for mark in marks("gazette", new):
            holders[mark].append(new)
    assert taken == SAME
    long_enough = [each for each in articles if sum(len(block.text) for block in each.blocks) > 700]
    copies = [of_one_day(article, "https://gazette.example/another-slug") for article in long_enough]
    known = [one_article(copy, of_one_day(article)) for copy, article in zip(copies, long_enough, strict=True)]
    assert len(known) > 550
    assert set(known) == {"text"}
