from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.frontier.protocol import Entry, Lease, State
from crawler.frontier.schedule import next_due, next_interval, next_revisit
from crawler.items import Purpose

SEEN = datetime(2024, 5, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "due"),
    [
        (timedelta(0), HOUR),
        (HOUR, 6 * HOUR),
        (5 * HOUR, 6 * HOUR),
        (6 * HOUR, DAY),
        (2 * DAY, 7 * DAY),
        (8 * DAY, 30 * DAY),
    ],
)
def test_an_article_is_revisited_at_fixed_ages(age: timedelta, due: timedelta) -> None:
    assert next_revisit(SEEN, SEEN + age) == SEEN + due


def test_after_a_month_an_article_rests() -> None:
    assert next_revisit(SEEN, SEEN + 30 * DAY) is None


def lease(purpose: Purpose = "article", **more: Any) -> Lease:
    meta = {"meta": more.pop("meta", {})}
    entry = Entry(b"", "https://a.example/x", "a", purpose, request=meta)
    return Lease(1, 1, entry, **{"seen_at": SEEN, **more})


def due(lease: Lease, state: State = "done", now: datetime = SEEN, *, news: bool = False) -> datetime | None:
    return next_due(lease, state, now, news=news)[0]


@pytest.mark.parametrize("purpose", ["article", "feed"])
def test_what_is_gone_is_left_alone(purpose: Purpose) -> None:
    assert due(lease(purpose), "gone") is None


def test_an_article_that_is_gone_is_looked_for_ever_more_seldom() -> None:
    """Of an address that never gave anything there is nothing to look for."""
    steps, interval = [], None
    while True:
        moment, interval = next_due(lease(payload_digest="x", settled_at=SEEN, interval=interval), "gone", SEEN)
        if moment is None:
            break
        steps.append(moment - SEEN)
    assert steps == [3 * HOUR, 12 * HOUR, 2 * DAY, 8 * DAY]


def test_an_article_that_is_back_may_go_again() -> None:
    back = next_due(lease(payload_digest="x", settled_at=SEEN, interval=8 * DAY), "done", SEEN)
    assert back == (SEEN + HOUR, timedelta(0))
    again = lease(payload_digest="x", settled_at=SEEN, interval=back[1])
    assert due(again, "gone") == SEEN + 3 * HOUR


def test_what_is_forbidden_is_judged_again_a_few_times() -> None:
    """Once robots.txt was read anew: it may be allowed by then."""
    ages, now = [], due(lease(), "forbidden")
    while now is not None:
        ages.append(now - SEEN)
        now = due(lease(), "forbidden", now)
    assert ages == [DAY, 7 * DAY, 30 * DAY]
    assert due(lease("feed"), "forbidden") == SEEN + DAY
    assert due(lease("feed", meta={"guessed": True}), "forbidden") is None


@pytest.mark.parametrize("state", ["gone", "forbidden"])
def test_a_listing_that_was_there_once_is_asked_for_again_ever_more_seldom(state: State) -> None:
    """A watch goes on for years: one 404 of a front page is no reason to leave its publisher for good."""
    assert next_due(lease("section", interval=HOUR), state, SEEN) == (SEEN + DAY, DAY)
    assert next_due(lease("section", interval=DAY), state, SEEN) == (SEEN + 2 * DAY, 2 * DAY)
    assert next_due(lease("section", interval=20 * DAY), state, SEEN) == (SEEN + 30 * DAY, 30 * DAY)
    assert next_due(lease("section", interval=30 * DAY), "done", SEEN, news=True) == (SEEN + DAY / 2, DAY / 2)


@pytest.mark.parametrize("purpose", ["requisite", "robots", "other"])
def test_only_articles_and_listings_are_due_by_themselves(purpose: Purpose) -> None:
    assert due(lease(purpose)) is None


def test_a_url_that_failed_late_is_tried_again_but_not_for_ever() -> None:
    late = SEEN + 90 * DAY
    assert due(lease(), "failed", late) == late + 7 * DAY
    assert due(lease(tries=9), "failed", late) is None


def test_an_article_that_changed_is_fetched_again_sooner() -> None:
    now = SEEN + 3 * DAY
    again = lease(settled_at=SEEN + DAY)
    assert due(again, now=now) == SEEN + 7 * DAY
    assert due(again, now=now, news=True) == now + DAY
    assert due(lease(settled_at=now - timedelta(seconds=9)), now=now, news=True) == now + timedelta(minutes=15)
    late = SEEN + 40 * DAY
    assert due(lease(settled_at=late - 2 * DAY), now=late, news=True) == late + DAY


@pytest.mark.parametrize(("purpose", "minutes"), [("feed", 15), ("section", 30), ("sitemap", 60)])
def test_a_new_listing_is_due_again_soon(purpose: Purpose, minutes: int) -> None:
    interval = timedelta(minutes=minutes)
    assert next_due(lease(purpose), "done", SEEN) == (SEEN + interval, interval)


def test_a_listing_with_news_is_asked_for_oftener_and_one_without_more_seldom() -> None:
    def after(interval: timedelta, news: bool, elapsed: timedelta | None = None) -> timedelta:
        return next_interval("feed", interval, elapsed or interval, news=news)

    assert after(HOUR, news=True) == HOUR / 2
    assert after(HOUR, news=False) == HOUR * 1.5
    assert after(timedelta(minutes=6), news=True) == timedelta(minutes=5)
    assert after(20 * HOUR, news=False) == 24 * HOUR
    # Asked before its time, "nothing new" says little.
    assert after(HOUR, news=False, elapsed=timedelta(minutes=1)) == HOUR
    assert after(HOUR, news=True, elapsed=timedelta(minutes=1)) == HOUR / 2


@pytest.mark.parametrize("meta", [{"page": 2}, {"guessed": True}])
def test_further_pages_and_wrong_guesses_are_not_due_by_themselves(meta: dict[str, Any]) -> None:
    assert due(lease("section", meta=meta), "failed") is None


def test_a_listing_that_failed_is_asked_for_again() -> None:
    assert next_due(lease("feed", interval=HOUR), "failed", SEEN, news=True) == (SEEN + 1.5 * HOUR, 1.5 * HOUR)
