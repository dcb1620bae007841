"""`scrapy coverage`: what was listed, what is held, and why the rest is missing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Scrapy
from tests.gazette import Gazette


def days(scrapy: Scrapy, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in scrapy("coverage", "--json", *arguments).stdout.splitlines()]


@pytest.fixture
def gazette() -> Gazette:
    gazette = Gazette(4)
    for story, day in zip(gazette.stories, ("2024-03-10", "2024-03-11", "2024-03-11", "2024-03-12"), strict=True):
        story.day = day
    gazette.stories[1].status = "500 Internal Server Error"
    gazette.stories[3].status = "410 Gone"
    return gazette


def test_each_day_says_what_is_missing_and_why(scrapy: Scrapy, gazette: Gazette) -> None:
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"site={site.url('/')}")
    told = days(scrapy)
    assert [(row["day"], row["listed"], row["held"], row["missing"], row["why"]) for row in told] == [
        ("2024-03-12", 1, 0, 1, {"HTTP 410": 1}),
        ("2024-03-11", 2, 1, 1, {"HTTP 500": 1}),
        ("2024-03-10", 1, 1, 0, {}),
    ]
    assert [row["day"] for row in days(scrapy, "--missing")] == ["2024-03-12", "2024-03-11"]
    assert [row["day"] for row in days(scrapy, "--since", "2024-03-11", "--until", "2024-03-11")] == ["2024-03-11"]
    assert [row["day"] for row in days(scrapy, "127.0.0.1")] == [row["day"] for row in told]
    table = scrapy("coverage").stdout
    assert "1 × HTTP 500" in table
    assert table.splitlines()[-1].split() == ["all", "4", "2", "2"]


def test_what_waits_is_missing_as_long_as_it_does(scrapy: Scrapy) -> None:
    with Gazette(3).served() as site:
        scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-a", "limit=1")
    assert sum(row["why"].get("queued", 0) for row in days(scrapy)) == 2


def test_an_unknown_publisher_has_no_days(scrapy: Scrapy) -> None:
    with Gazette(1).served() as site:
        scrapy("crawl", "news", "-a", f"site={site.url('/')}")
    told = scrapy("coverage", "nobody")
    assert (told.returncode, told.stdout) == (1, "")
    assert "nothing was listed or is held of nobody" in told.stderr


def test_without_a_crawl_there_is_no_coverage(scrapy: Scrapy) -> None:
    told = scrapy("coverage")
    assert told.returncode == 5
    assert "news/frontier.db is not there; run a crawl first" in told.stderr


def test_days_in_the_wrong_order_are_refused(scrapy: Scrapy) -> None:
    told = scrapy("coverage", "--since", "2024-03-12", "--until", "2024-03-11")
    assert told.returncode == 3
    assert "swap them" in told.stderr
