"""Publishers with what is held of each: facts, days, fields month by month, hosts over time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.collection.editing import note_edit
from crawler.index.calendar import Gap, calendar, gaps, years
from crawler.index.database import open_index, read_index
from crawler.index.fillrates import FIELDS, fill_rates
from crawler.index.hosts import Standing, host_events, host_shares, standings
from crawler.index.ledger import PublisherRow, add_event, put_publisher
from crawler.index.overview import Counted
from crawler.index.publishers import (
    LastCaptured,
    Section,
    last_captured,
    publisher_facts,
    publisher_lines,
    publisher_names,
)
from crawler.items import Block, Event, Image
from tests.index.pages import START, URL, capture, saying, store

MIRROR = URL.replace("www.gazette.example", "gazette.example.org")
MARKET = "https://www.gazette.example/2026/01/09/market"
BARE = "https://www.gazette.example/bare"
LONG = (Block("paragraph", "word " * 90),)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An article with an edit and a copy on a mirror, a long one four days later, and one that says next to nothing."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture())
        note_edit(writing, store(writing, capture(1), saying("Mended")), "gazette", capture(1).record_id)
        store(writing, capture(2, MIRROR), saying("Mended"))
        published = datetime(2026, 1, 9, tzinfo=UTC)
        pictures = (Image("https://a.example/1.jpg"), Image("https://a.example/2.jpg", "A stall"))
        market = saying("Market", published=published, authors=("Ann Lee",), blocks=LONG, images=pictures, topics=())
        store(writing, capture(3, MARKET), market, "market")
        nothing = {"summary": None, "published": None, "authors": (), "images": (), "section_path": (), "topics": ()}
        store(writing, capture(60 * 24 * 40, BARE), saying("Bare", language=None, **nothing), "bare")
        for hours, kind in ((1, "host-down"), (5, "host-up")):
            detail: dict[str, object] = {"host": "www.gazette.example", "reason": "HTTP 503"}
            add_event(writing, Event(kind, START + timedelta(hours=hours), "gazette", detail=detail))
        put_publisher(writing, PublisherRow("almanac", "An Almanac", ()))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def test_publishers_come_by_name_with_their_newest_article(db: sqlite3.Connection) -> None:
    almanac, gazette = publisher_lines(db)
    assert (almanac.id, almanac.articles, almanac.newest_id, almanac.last_captured_at) == ("almanac", 0, None, None)
    assert (gazette.articles, gazette.newest_id, gazette.newest_headline) == (3, "gazette/market", "Market")
    assert (gazette.newest_at, gazette.last_captured_at) == ("2026-01-09T00:00:00Z", "2026-02-14T10:30:00Z")
    assert (gazette.country, gazette.languages, gazette.revisions, gazette.away) == ("gb", ("en",), 4, 0)
    assert gazette.domains == ("www.gazette.example",)


def test_names_and_last_captures_are_told_of_all(db: sqlite3.Connection) -> None:
    assert publisher_names(db) == [("almanac", "An Almanac"), ("gazette", "The Gazette")]
    assert last_captured(db, 9) == [LastCaptured("gazette", "The Gazette", "2026-02-14T10:30:00Z")]


def test_of_a_host_the_last_state_counts(db: sqlite3.Connection) -> None:
    at = "2026-01-05T15:30:00Z"
    assert standings(db) == [Standing("gazette", "www.gazette.example", "live", at)]


def test_a_publisher_s_facts_count_what_is_held(db: sqlite3.Connection) -> None:
    facts = publisher_facts(db, "gazette")
    assert facts is not None
    assert (facts.captures, facts.line.revisions, facts.first_captured_at) == (5, 4, "2026-01-05T10:30:00Z")
    assert (facts.changes, facts.away) == ((Counted("edited", 1),), ())
    assert facts.sections == (Section(("News", "Coast"), 2),)
    assert facts.authors == (Counted("Ann Lee", 2), Counted("Bo Øre", 1))
    assert facts.languages == (Counted("en", 2),)
    assert facts.line == publisher_lines(db)[1]


def test_of_a_publisher_that_is_not_there_nothing_is_known(db: sqlite3.Connection) -> None:
    assert publisher_facts(db, "nobody") is None


def test_articles_that_are_not_live_are_counted_by_state(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture())
        writing.execute("UPDATE articles SET state = 'gone'")
    with closing(read_index(tmp_path / "index.db")) as db:
        facts = publisher_facts(db, "gazette")
    assert facts is not None
    assert (facts.away, facts.line.away) == ((Counted("gone", 1),), 1)


def test_every_day_is_in_the_calendar_those_without_articles_too(db: sqlite3.Connection) -> None:
    days = calendar(db, "gazette", date(2026, 1, 4), date(2026, 1, 9))
    assert [(day.day.day, day.published, day.new, day.captured) for day in days] == [
        *((4, 0, 0, 0), (5, 1, 2, 4), (6, 0, 0, 0), (7, 0, 0, 0), (8, 0, 0, 0), (9, 1, 0, 0)),
    ]


def test_gaps_are_days_in_a_row_without_articles(db: sqlite3.Connection) -> None:
    days = calendar(db, "gazette", date(2026, 1, 5), date(2026, 1, 9))
    assert gaps(days) == [Gap(date(2026, 1, 6), date(2026, 1, 8))]
    assert gaps(days)[0].days == 3
    assert gaps(days, least=4) == []


def test_years_are_those_of_publication(db: sqlite3.Connection) -> None:
    assert (years(db, "gazette"), years(db, "nobody")) == ([2026], [])


def test_fields_are_counted_month_by_month(db: sqlite3.Connection) -> None:
    january, february = fill_rates(db, "gazette")
    assert (january.month, january.articles) == ("2026-01", 2)
    assert [getattr(january, name) for name in FIELDS] == [2, 2, 2, 2, 1, 2, 2, 1, 2, 2, 1]
    assert (january.topics, january.body, january.image, january.caption, january.credit) == (1, 1, 2, 2, 1)
    assert january.share("topics") == 0.5
    assert (february.month, february.articles, february.headline) == ("2026-02", 1, 1)
    assert not any(getattr(february, name) for name in FIELDS if name != "headline")


def test_hosts_come_with_their_share_of_the_captures(db: sqlite3.Connection) -> None:
    own, mirror = host_shares(db, "gazette")
    assert (own.host, own.captures, own.share) == ("www.gazette.example", 4, 0.8)
    assert (mirror.host, mirror.captures) == ("gazette.example.org", 1)
    assert own.first_captured_at < mirror.first_captured_at < own.last_captured_at
    assert host_shares(db, "nobody") == []


def test_what_became_of_a_host_comes_in_order(db: sqlite3.Connection) -> None:
    found = [(event.at, event.state, event.host, event.reason) for event in host_events(db, "gazette")]
    assert found == [
        ("2026-01-05T11:30:00Z", "down", "www.gazette.example", "HTTP 503"),
        ("2026-01-05T15:30:00Z", "live", "www.gazette.example", "HTTP 503"),
    ]
