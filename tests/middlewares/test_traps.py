from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.traps import FRUITLESS, Trap, TrapMiddleware

BEFORE = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def crawler() -> Crawler:
    return get_crawler()


@pytest.fixture
def traps(crawler: Crawler) -> TrapMiddleware:
    """Pages of one kind have brought nothing for a while."""
    traps = TrapMiddleware(crawler)
    for number in range(FRUITLESS):
        crawler.signals.send_catch_log(signals.item_dropped, item=None, response=Response(address(number)))
    return traps


def address(number: int) -> str:
    return f"https://a.example/news/a-story-with-the-number-{number}"


def asked(number: int, **meta: Any) -> Request:
    return Request(address(number), meta={"purpose": "article", "hops": 1, **meta})


def stored(crawler: Crawler, number: int, outcome: str) -> None:
    item = {"outcome": outcome, "text": f"Text {number}"}
    crawler.signals.send_catch_log(signals.item_scraped, item=item, response=Response(address(number)))


def test_after_many_that_brought_nothing_no_more_of_the_kind_is_asked(traps: TrapMiddleware) -> None:
    with pytest.raises(Trap):
        traps.process_request(asked(1000))


def test_what_was_fetched_before_is_revisited(traps: TrapMiddleware) -> None:
    traps.process_request(asked(1, last_asked=BEFORE))


def test_the_kind_is_asked_again_once_a_revisit_brings_an_article(crawler: Crawler, traps: TrapMiddleware) -> None:
    stored(crawler, 1, "new")
    traps.process_request(asked(1000))


def test_a_revisit_that_finds_nothing_changed_opens_no_trap(crawler: Crawler, traps: TrapMiddleware) -> None:
    stored(crawler, 1, "unchanged")
    with pytest.raises(Trap):
        traps.process_request(asked(1000))
