"""What happened lately, in numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.collection.editing import note_edit
from crawler.index.captures import add_capture
from crawler.index.database import open_index, read_index
from crawler.index.ledger import add_event, add_stats, crawl_finished, crawl_started
from crawler.index.overview import Counted, Refusal, last_crawls, lately
from crawler.items import Event, Notes
from tests.index.pages import START, capture, saying, store

DAY = timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """One article of today and its edit, one of the day before, and what went wrong today."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        add_event(writing, crawl_started("news", ["site=https://a.example/"], START, "ofrecord 1"))
        store(writing, capture(-1500, "https://www.gazette.example/old"), key="old")
        store(writing, capture())
        note_edit(writing, store(writing, capture(1), saying("Mended")), "gazette", capture(1).record_id)
        refused = capture(2, "https://b.example/feed.xml", status=503, notes=Notes("feed", "gazette"))
        add_capture(writing, refused, None)
        broken = {"url": "https://a.example/1", "reason": "reset"}
        add_event(writing, Event("broken-exchange", START + timedelta(minutes=3), detail={**broken}))
        down = {"host": "b.example", "reason": "HTTP 503"}
        at = START + timedelta(minutes=4)
        add_event(writing, Event("host-down", at, "gazette", record_id=refused.record_id, detail={**down}))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def test_a_day_is_counted_without_the_day_before(db: sqlite3.Connection) -> None:
    found = lately(db, START - DAY, START + DAY)
    assert (found.new, found.captures) == (1, 3)
    assert (found.of("edited"), found.of("broken-exchange"), found.of("gone")) == (1, 1, 0)


def test_the_later_moment_belongs_to_the_time_and_the_earlier_does_not(db: sqlite3.Connection) -> None:
    assert lately(db, START - DAY, START).new == 1
    assert lately(db, START, START + DAY).new == 0


def test_answers_that_were_none_are_told_by_host_and_status(db: sqlite3.Connection) -> None:
    assert lately(db, START - DAY, START + DAY).refusals == (Refusal("b.example", 503, 1),)


def test_when_nothing_happened_there_is_nothing(db: sqlite3.Connection) -> None:
    found = lately(db, START + DAY, START + 2 * DAY)
    assert (found.new, found.captures, found.events, found.refusals) == (0, 0, (), ())


def test_a_crawl_that_runs_has_no_end_and_one_that_ended_says_how(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        add_event(writing, crawl_started("news", ["site=https://a.example/"], START, "ofrecord 1"))
        add_event(writing, crawl_started("news", [], START + DAY, "ofrecord 1"))
        add_event(writing, crawl_finished("news", START, "finished", START + timedelta(hours=1)))
        add_stats(writing, "news", START, {"ofrecord/fetched": 7})
    with closing(read_index(tmp_path / "index.db")) as db:
        running, ended = last_crawls(db, 2)
        assert last_crawls(db) == [running]
    assert (running.finished_at, running.stats) == (None, None)
    assert (ended.finish_reason, ended.finished_at, ended.arguments) == (
        *("finished", "2026-01-05T11:30:00Z"),
        ("site=https://a.example/",),
    )
    assert ended.stats == {"ofrecord/fetched": 7}


def test_events_are_counted_by_kind_the_commonest_first(db: sqlite3.Connection) -> None:
    assert lately(db, START - DAY, START + DAY).events == (
        *(Counted("broken-exchange", 1), Counted("edited", 1), Counted("host-down", 1)),
    )
