"""Which of a publisher's hosts is asked, and when one is said to be down: one book for each process, one frontier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.collection.hostbook import Change, HostBook
from crawler.frontier.mirrors import FAILURES, HostFault
from crawler.frontier.sqlite import SqliteFrontier

PATIENCE = timedelta(minutes=15)
HOSTS = ("a.test", "b.test", "c.test")
URL = "https://a.test/1"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[SqliteFrontier]:
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        yield frontier


@pytest.fixture
def book(frontier: SqliteFrontier, clock: Clock) -> HostBook:
    return HostBook(frontier, PATIENCE, clock)


def fail(book: HostBook, host: str, clock: Clock, *, times: int = FAILURES, publisher: str = "gazette") -> list[Change]:
    faults = (HostFault("network", clock.now, f"https://{host}/{number}", "refused") for number in range(times))
    return [change for fault in faults if (change := book.blame(publisher, host, fault))]


def answer(book: HostBook, host: str, *, publisher: str = "gazette", refused_by: tuple[str, ...] = ()) -> list[str]:
    changes = book.answered(publisher, host, URL, refused_by=refused_by, record_id="urn:uuid:1")
    for change in changes:
        book.keep(change.state)
    return [f"{change.state.host} {change.state.state}" for change in changes]


def test_the_first_host_is_asked_as_long_as_it_answers_now_and_then(book: HostBook, clock: Clock) -> None:
    fail(book, "a.test", clock, times=FAILURES - 1)
    assert answer(book, "a.test") == []
    fail(book, "a.test", clock, times=FAILURES - 1)
    assert book.chosen("gazette", HOSTS).host == "a.test"


def test_a_host_that_fails_in_a_row_is_passed_over_and_is_down_when_another_answers(
    book: HostBook, clock: Clock
) -> None:
    assert fail(book, "a.test", clock) == []
    assert book.chosen("gazette", HOSTS).host == "b.test"
    assert answer(book, "b.test") == ["a.test down"]
    assert answer(book, "b.test") == []


def test_where_no_host_of_any_publisher_answers_none_is_down(book: HostBook, clock: Clock) -> None:
    for host in HOSTS:
        assert fail(book, host, clock) == []
    assert fail(book, "other.test", clock, publisher="other") == []
    chosen = book.chosen("gazette", HOSTS)
    assert (chosen.host, chosen.later) == (None, clock.now + PATIENCE)
    clock.now += PATIENCE
    assert book.chosen("gazette", HOSTS).host == "a.test"


def test_an_answer_of_another_publisher_shows_that_our_network_is_there(book: HostBook, clock: Clock) -> None:
    fail(book, "a.test", clock)
    assert answer(book, "else.test", publisher="else") == ["a.test down"]


def test_that_says_nothing_of_a_host_that_answers_with_refusals(book: HostBook, clock: Clock) -> None:
    book.blame("gazette", "a.test", HostFault("notice", clock.now, URL, "Just a moment..."))
    assert book.chosen("gazette", HOSTS).host == "b.test"
    assert answer(book, "else.test", publisher="else") == []
    assert answer(book, "b.test", refused_by=("a.test",)) == ["a.test down"]


def test_refusals_count_when_another_host_gave_what_was_refused(book: HostBook, clock: Clock) -> None:
    for number in range(FAILURES):
        assert book.chosen("gazette", HOSTS).host == "a.test"
        book.blame("gazette", "a.test", HostFault("status", clock.now, f"{URL}{number}", "HTTP 451"))
        changes = book.answered("gazette", "b.test", f"{URL}{number}", refused_by=["a.test"], record_id="urn:uuid:1")
    assert [change.event.kind for change in changes] == ["host-down"]


def test_a_notice_of_seizure_speaks_for_itself(book: HostBook, clock: Clock) -> None:
    fault = HostFault("notice", clock.now, URL, "This domain has been seized", seized=True, record_id="urn:uuid:7")
    change = book.blame("gazette", "a.test", fault)
    assert change is not None
    assert (change.event.kind, change.event.record_id) == ("seized", "urn:uuid:7")
    assert change.event.detail["reason"] == "This domain has been seized"
    assert book.blame("gazette", "a.test", fault) is None


def test_a_host_that_is_down_is_asked_again_by_one_process_at_a_time(
    book: HostBook, frontier: SqliteFrontier, clock: Clock
) -> None:
    fail(book, "a.test", clock)
    answer(book, "b.test")
    clock.now += PATIENCE
    other = HostBook(frontier, PATIENCE, clock)
    probe, instead = book.chosen("gazette", HOSTS), other.chosen("gazette", HOSTS)
    assert (probe.host, probe.probe is not None) == ("a.test", True)
    assert (instead.host, instead.probe) == ("b.test", None)
    assert book.chosen("gazette", HOSTS).host == "b.test"
    assert answer(book, "a.test") == ["a.test live"]
    assert HostBook(frontier, PATIENCE, clock).chosen("gazette", HOSTS).host == "a.test"


def test_what_one_process_found_the_next_crawl_knows(book: HostBook, frontier: SqliteFrontier, clock: Clock) -> None:
    fail(book, "a.test", clock)
    answer(book, "b.test")
    later = HostBook(frontier, PATIENCE, clock)
    assert later.chosen("gazette", HOSTS).host == "b.test"
    assert later.chosen("other", HOSTS).host == "a.test"


def test_a_request_goes_on_to_a_host_that_has_not_refused_it(book: HostBook) -> None:
    assert book.chosen("gazette", HOSTS, ["a.test"]).host == "b.test"
    last = book.chosen("gazette", HOSTS, ["a.test", "b.test"])
    assert (last.host, last.others) == ("c.test", False)
    assert book.chosen("gazette", HOSTS, HOSTS).host == "a.test"
