"""The newest articles as a front page shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.index.database import open_index, read_index
from crawler.index.teasers import newest, newest_of, undated
from tests.index.pages import ARTICLE, START, capture, saying, store

NOW = START + timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Published on the 3rd, the 5th, in a century, and on no day that is stated."""
    days = {"old": datetime(2026, 1, 3, 8, tzinfo=UTC), "far": datetime(2126, 1, 1, tzinfo=UTC), "undated": None}
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture())
        for number, (key, published) in enumerate(days.items(), 1):
            url = f"https://www.gazette.example/{key}"
            article = saying(key, url=url, published=published, images=(), authors=())
            store(writing, capture(number, url), article, key)
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def test_the_newest_come_first(db: sqlite3.Connection) -> None:
    assert [teaser.id for teaser in newest(db, NOW)] == ["gazette/harbour", "gazette/old"]


def test_what_has_no_date_is_listed_by_itself(db: sqlite3.Connection) -> None:
    assert [teaser.id for teaser in undated(db)] == ["gazette/undated"]


def test_a_date_that_is_far_ahead_is_not_news(db: sqlite3.Connection) -> None:
    assert "gazette/far" not in [teaser.id for teaser in newest(db, NOW)]
    assert newest(db, datetime(2126, 1, 2, tzinfo=UTC))[0].id == "gazette/far"


def test_no_more_come_than_are_asked_for(db: sqlite3.Connection) -> None:
    assert [teaser.id for teaser in newest(db, NOW, limit=1)] == ["gazette/harbour"]


def test_a_teaser_says_what_the_article_is(db: sqlite3.Connection) -> None:
    teaser = newest(db, NOW)[0]
    assert (teaser.headline, teaser.summary) == (ARTICLE.headline, ARTICLE.summary)
    assert (teaser.publisher, teaser.section_path, teaser.authors) == (
        *("The Gazette", ("News", "Coast")),
        ARTICLE.authors,
    )
    assert (teaser.image, teaser.revisions, teaser.state) == (ARTICLE.images[0], 1, "live")


def test_an_article_without_pictures_has_none(db: sqlite3.Connection) -> None:
    assert undated(db)[0].image is None


def test_a_revised_article_is_there_once_as_it_is_now(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture())
        store(writing, capture(5), replace(ARTICLE, headline="Harbour wall mended"))
    with closing(read_index(tmp_path / "index.db")) as db:
        (teaser,) = newest(db, NOW)
    assert (teaser.headline, teaser.revisions) == ("Harbour wall mended", 2)


def test_those_of_one_publisher_are_those_of_no_other(db: sqlite3.Connection) -> None:
    assert newest_of(db, "gazette", NOW) == newest(db, NOW)
    assert newest_of(db, "other", NOW) == []
