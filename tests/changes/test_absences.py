"""When an absence counts: pure judgement over looks at an article's addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import process_time

from crawler.changes.absences import turns

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
HERE, MIRROR, ELSEWHERE = "https://a.example/1/story", "https://b.example/1/story", "https://a.example/2/other"


@dataclass(frozen=True)
class Seen:
    hours: float
    verdict: str | None = None
    url: str = HERE
    run: str | None = "one"
    insists: bool = False
    location: str | None = None

    @property
    def at(self) -> datetime:
        return START + timedelta(hours=self.hours)

    @property
    def place(self) -> str:
        return self.url


def told(*looks: Seen) -> tuple[str, list[str]]:
    state, changes = turns(looks)
    return state, [turn.kind for turn in changes]


def test_one_404_is_no_deletion() -> None:
    assert told(Seen(0), Seen(24, "not-found")) == ("live", [])


def test_a_404_that_is_there_an_hour_later_is_one_and_dated_by_the_first() -> None:
    looks = [Seen(0), Seen(24, "not-found"), Seen(25, "not-found")]
    state, (turn,) = turns(looks)
    assert (state, turn.kind, turn.first, turn.last_live) == ("gone", "gone", looks[1], looks[0])


def test_a_404_that_is_there_a_minute_later_is_one_only_for_a_crawl_that_insists() -> None:
    assert told(Seen(0), Seen(24, "not-found"), Seen(24.01, "not-found")) == ("live", [])
    twice = (Seen(24, "not-found", insists=True), Seen(24.01, "not-found", insists=True))
    assert told(Seen(0), *twice) == ("gone", ["gone"])


def test_two_crawls_that_insist_are_not_one_that_asks_twice() -> None:
    first, second = Seen(24, "not-found", insists=True), Seen(24.1, "not-found", run="two", insists=True)
    assert told(Seen(0), first, second) == ("live", [])


def test_a_410_counts_at_once_for_a_crawl_that_insists_and_only_for_that() -> None:
    assert told(Seen(0), Seen(24, "removed", insists=True)) == ("gone", ["gone"])
    assert told(Seen(0), Seen(24, "removed")) == ("live", [])


def test_a_look_that_finds_it_in_between_begins_anew() -> None:
    assert told(Seen(0), Seen(24, "not-found"), Seen(25), Seen(48, "not-found")) == ("live", [])


def test_a_refusal_is_no_deletion() -> None:
    assert told(Seen(0), Seen(24, "refused"), Seen(30, "not-found")) == ("live", [])
    assert told(Seen(0), Seen(24, "refused"), Seen(30, "refused")) == ("blocked", ["blocked"])


def test_what_is_on_a_mirror_is_not_gone() -> None:
    looks = (Seen(0), Seen(1, url=MIRROR), Seen(24, "not-found"), Seen(48, "not-found"))
    assert told(*looks) == ("live", [])
    gone = (Seen(49, "not-found", url=MIRROR), Seen(60, "not-found", url=MIRROR))
    assert told(*looks, *gone) == ("gone", ["gone"])


def test_a_mirror_that_nobody_looked_at_for_a_month_holds_nothing_any_more() -> None:
    assert told(Seen(0, url=MIRROR), Seen(1), Seen(800, "not-found"), Seen(802, "not-found")) == ("gone", ["gone"])


def test_what_is_found_on_a_mirror_at_once_was_never_gone() -> None:
    assert told(Seen(0), Seen(24, "removed", insists=True), Seen(24.1, url=MIRROR)) == ("live", [])


def test_a_redirect_to_where_the_article_is_now_is_a_move() -> None:
    looks = (Seen(0), Seen(24, "redirected", insists=True, location="/2/other"), Seen(24.1, url=ELSEWHERE))
    assert told(*looks) == ("live", ["moved"])
    assert turns(looks)[1][0].to == ELSEWHERE
    assert told(*looks, Seen(48, "redirected"), Seen(48.1, url=ELSEWHERE)) == ("live", ["moved"])


def test_an_old_address_that_is_gone_while_a_younger_one_holds_it_is_a_move() -> None:
    assert told(Seen(0), Seen(5, url=ELSEWHERE), Seen(24, "not-found"), Seen(26, "not-found")) == ("live", ["moved"])


def test_a_redirect_to_something_else_is_where_the_address_moved() -> None:
    looks = (Seen(0), Seen(24, "redirected", location="/topic"), Seen(48, "redirected", location="/topic"))
    assert told(*looks) == ("moved", ["moved"])


def test_a_redirect_for_now_to_something_else_says_nothing() -> None:
    """Sites ask for consent in such a way."""
    asked = tuple(Seen(hours, "redirected-for-now", insists=True, location="/consent") for hours in (24, 48, 96))
    assert told(Seen(0), *asked) == ("live", [])
    assert told(Seen(0), *asked, Seen(96.1, url=ELSEWHERE)) == ("live", ["moved"])


def test_what_is_back_is_restored_and_may_go_again() -> None:
    gone = (Seen(24, "not-found"), Seen(26, "not-found"))
    again = (Seen(90, "soft-404"), Seen(99, "soft-404"))
    assert told(Seen(0), *gone, Seen(50)) == ("live", ["gone", "restored"])
    assert told(Seen(0), *gone, Seen(50), *again) == ("gone", ["gone", "restored", "gone"])


def test_a_page_that_is_not_the_publishers_says_nothing_of_the_article() -> None:
    seized = tuple(Seen(hours, "seized") for hours in (24, 48, 96))
    assert told(Seen(0), *seized) == ("live", [])


def test_an_address_at_which_it_never_was_says_nothing() -> None:
    looks = (Seen(1, "not-found", url=MIRROR), Seen(9, "not-found", url=MIRROR))
    assert told(Seen(0), *looks) == ("live", [])


def test_an_address_that_is_asked_for_years_costs_as_much_for_each_look() -> None:
    def seconds(number: int) -> float:
        looks = [Seen(0), *(Seen(24 + 6 * each, "not-found") for each in range(number))]
        began = process_time()
        assert told(*looks) == ("gone", ["gone"])
        return process_time() - began

    assert seconds(8_000) < 20 * seconds(2_000)
