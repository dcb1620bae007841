"""What a sitemap has dropped, and what only rolled on."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.changes.listings import dropped
from crawler.items import Hints, Link

BASE = "https://gazette.example/"


def listed(*names: str, day: int | None = None) -> list[Link]:
    """Dated by their places where the last has a day, the newest first."""
    dates = [datetime(2024, 3, day - at, tzinfo=UTC) if day else None for at in range(len(names))]
    return [Link(BASE + name, hints=Hints("sitemap", modified=date)) for name, date in zip(names, dates, strict=True)]


NAMES = tuple("abcdefghij")


def test_what_stood_between_others_that_stay_was_dropped() -> None:
    assert dropped(listed(*NAMES), listed(*(name for name in NAMES if name != "d"))) == (f"{BASE}d",)


def test_a_list_that_loses_its_end_rolls_on() -> None:
    assert dropped(listed(*NAMES), listed("x", "y", *NAMES[:-2])) == ()


def test_the_last_of_a_list_was_dropped_where_something_older_stays() -> None:
    before = [*reversed(listed(*NAMES, day=20))]
    assert dropped(before, before[:-1]) == (before[-1].url,)
    assert dropped(before, before[1:]) == ()


def test_a_list_that_was_made_anew_drops_nothing() -> None:
    assert dropped(listed(*NAMES), listed(*NAMES[::2])) == ()


def test_a_list_of_google_news_drops_nothing() -> None:
    before = [Link(BASE + name, hints=Hints("sitemap", published_raw="2024-03-01")) for name in NAMES]
    assert dropped(before, [before[0], *before[2:]]) == ()


def test_another_spelling_is_the_same_address() -> None:
    before = listed(*NAMES)
    after = [Link(f"{BASE}d?utm_source=x") if link.url == f"{BASE}d" else link for link in before]
    assert dropped(before, after) == ()
