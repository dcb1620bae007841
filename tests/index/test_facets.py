"""What the articles that a query finds are made up of is counted, and each value can be asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import BadArgument
from crawler.index import facets as module
from crawler.index.database import open_index, read_index
from crawler.index.facets import facets
from crawler.index.search import search
from crawler.items import Article, Image
from crawler.queries.narrowing import narrowed
from crawler.queries.parser import parse
from tests.index.pages import ARTICLE, capture, saying, store

COAST = ("News", "Coast")


def credited(*names: str | None) -> tuple[Image, ...]:
    return tuple(Image(f"https://www.gazette.example/{n}.jpg", None, name) for n, name in enumerate(names))


ARTICLES = {
    "wall": saying("Wall breached", authors=("Ann Lee", "Bo Øre"), section_path=COAST, images=credited("AFP", "AFP")),
    "gauge": saying("Wall gauge", authors=("ANN LEE",), section_path=COAST, topics=("Tides",), images=credited("AFP")),
    "boats": saying(
        "Wall of boats", authors=("Ann Lee",), section_path=("Sport",), language="fr", images=credited(None)
    ),
    "fair": saying("Fair", authors=("–",), section_path=("Town",), images=credited("Jo “Lens” Pell", "dpa")),
    "undated": saying("Undated", authors=(), section_path=(), topics=(), language=None, images=(), published=None),
}


def filled(path: Path, articles: dict[str, Article], days: float = 1) -> None:
    with closing(open_index(path)) as writing:
        for number, (key, article) in enumerate(articles.items()):
            published = article.published and article.published + timedelta(days=number * days)
            store(writing, capture(number, f"https://g.example/{key}"), replace(article, published=published), key)
        writing.execute("UPDATE articles SET state = 'gone' WHERE article_key = 'fair'")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A reader of an index of ARTICLES, each published a day after the one before."""
    filled(tmp_path / "index.db", ARTICLES)
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def counts(db: sqlite3.Connection, query: str, field: str) -> list[tuple[str, int]]:
    by_field = {facet.field: facet.values for facet in facets(db, parse(query)).facets}
    return [(each.value, each.articles) for each in by_field.get(field, ())]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("publisher", [("The Gazette", 5)]),
        ("section", [("Coast", 2), ("News", 2), ("Sport", 1), ("Town", 1)]),
        ("author", [("Ann Lee", 3), ("Bo Øre", 1)]),
        ("topic", [("storms", 3), ("Tides", 1)]),
        ("language", [("en", 3), ("fr", 1)]),
        ("day", [("2026-01-08", 1), ("2026-01-07", 1), ("2026-01-06", 1), ("2026-01-05", 1)]),
        ("state", [("live", 4), ("gone", 1)]),
        ("credit", [("AFP", 2), ("dpa", 1), ("Jo “Lens” Pell", 1)]),
    ],
)
def test_each_field_has_its_values_with_how_many_articles_have_them(
    db: sqlite3.Connection, field: str, expected: list[tuple[str, int]]
) -> None:
    assert counts(db, "", field) == expected


def test_only_what_the_query_finds_is_counted(db: sqlite3.Connection) -> None:
    assert counts(db, "headline:wall -language:fr", "author") == [("Ann Lee", 2), ("Bo Øre", 1)]
    assert counts(db, "author:ann headline:gauge OR state:gone", "section") == [("Coast", 1), ("News", 1), ("Town", 1)]


def test_of_what_is_not_found_there_is_nothing_to_count(db: sqlite3.Connection) -> None:
    found = facets(db, parse("zeppelin"))
    assert (found.total, found.counted, found.facets) == (0, 0, ())


@pytest.mark.parametrize("query", ["", "headline:wall", "headline:wall OR fair"])
def test_a_value_that_is_added_to_the_query_finds_the_articles_that_have_it(db: sqlite3.Connection, query: str) -> None:
    values = [each for facet in facets(db, parse(query)).facets for each in facet.values]
    assert len(values) > 8
    for each in values:
        assert len(search(db, parse(narrowed(query, each.query)))) == each.articles, each


def test_so_many_values_are_told_as_one_wants(db: sqlite3.Connection) -> None:
    by_field = {facet.field: facet.values for facet in facets(db, parse(""), top=1).facets}
    assert [each.value for each in by_field["section"]] == ["Coast"]
    assert len(by_field["day"]) == 4


def test_of_very_many_articles_the_newest_are_counted_and_all_told(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAMPLE", 2)
    for query, total in (("", 5), ("headline:wall", 3), ("state:live", 4)):
        found = facets(db, parse(query))
        assert (found.total, found.counted) == (total, 2)
    assert counts(db, "headline:wall", "section") == [("Coast", 1), ("News", 1), ("Sport", 1)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (10, ["2026-01-25", "2026-01-15", "2026-01-05"]),
        (16, ["2026-02", "2026-01"]),
        (340, ["2027-11", "2026-12", "2026-01"]),
        (365, ["2028", "2027", "2026"]),
    ],
)
def test_a_wide_span_is_told_by_month_or_year(tmp_path: Path, days: int, expected: list[str]) -> None:
    filled(tmp_path / "index.db", {str(number): ARTICLE for number in range(3)}, days)
    with closing(read_index(tmp_path / "index.db")) as reading:
        assert [value for value, _ in counts(reading, "", "day")] == expected


def test_only_the_newest_revision_is_counted(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0), saying("Sturm", authors=("Ann Lee",), images=credited("AFP")))
        store(writing, capture(1), saying("Storm", authors=("Cy Fox",), images=credited("dpa")))
    with closing(read_index(tmp_path / "index.db")) as reading:
        assert counts(reading, "", "author") == [("Cy Fox", 1)]
        assert counts(reading, "", "credit") == [("dpa", 1)]


def test_a_publisher_that_is_not_there_is_named(db: sqlite3.Connection) -> None:
    with pytest.raises(BadArgument, match="no articles of 'courier' here; there are: gazette"):
        facets(db, parse("publisher:courier"))
