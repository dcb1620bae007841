from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler.middlewares.budgets import BudgetMiddleware, BudgetSpent

DAY = timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.passed = timedelta(0)

    def __call__(self) -> float:
        return self.passed.total_seconds()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("crawler.middlewares.budgets.monotonic", clock)
    return clock


def budget(*, stays: bool, put_off: dict[str, datetime]) -> BudgetMiddleware:
    """One request to a publisher."""
    crawler: Any = SimpleNamespace(
        settings=Settings({"SOURCE_MAX_REQUESTS": 1, "SOURCE_MAX_BYTES": 0, "SOURCE_MAX_SECONDS": 0}),
        stats=MemoryStatsCollector(get_crawler()),
        spider=SimpleNamespace(stays=stays),
        engine=SimpleNamespace(scheduler=SimpleNamespace(worker=SimpleNamespace(put_off=put_off.__setitem__))),
    )
    return BudgetMiddleware(crawler)


def asked(budget: BudgetMiddleware) -> None:
    request = Request("https://a.example/", meta={"download_slot": "a"})
    budget.process_request(request)
    budget.downloaded(request, Response(request.url))


def test_a_watch_goes_on_the_next_day(clock: Clock) -> None:
    put_off: dict[str, datetime] = {}
    watch = budget(stays=True, put_off=put_off)
    asked(watch)
    assert timedelta(0) < put_off["a"] - datetime.now(UTC) <= DAY
    clock.passed = DAY / 2
    with pytest.raises(BudgetSpent):
        asked(watch)
    assert put_off["a"] - datetime.now(UTC) <= DAY / 2
    clock.passed = DAY
    asked(watch)


def test_a_crawl_leaves_the_rest_to_the_next_crawl(clock: Clock) -> None:
    crawl = budget(stays=False, put_off={})
    asked(crawl)
    clock.passed = 2 * DAY
    with pytest.raises(BudgetSpent):
        asked(crawl)
