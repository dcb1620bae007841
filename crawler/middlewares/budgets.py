"""Bounds on what one crawl asks of one publisher, or a watch in one day: requests, bytes, time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.errors import Postponed

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

REST_OF_THE_CRAWL = timedelta(days=365)
DAY = timedelta(days=1)
"""After which a crawl that stays begins to count anew: else it would be done with a publisher for good."""


class BudgetSpent(IgnoreRequest, Postponed):
    """A publisher of which this crawl has taken as much as it may; its URLs wait for the next."""

    seconds = 0.0


@dataclass(slots=True)
class _Spent:
    began: float
    requests: int = 0
    bytes: int = 0


class BudgetMiddleware:
    """Counts by group of hosts: all mirrors of a publisher are one source."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._requests = settings.getint("SOURCE_MAX_REQUESTS")
        self._bytes = settings.getint("SOURCE_MAX_BYTES")
        self._seconds = settings.getfloat("SOURCE_MAX_SECONDS")
        if not (self._requests or self._bytes or self._seconds):
            raise NotConfigured
        self._crawler = crawler
        self._spent: dict[str, _Spent] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.downloaded, signals.response_downloaded)
        return middleware

    def process_request(self, request: Request) -> None:
        group = request.meta.get("download_slot", "")
        spent = self._spent_by(group)
        if why := self._over(spent):
            self._close(group, why)
            raise BudgetSpent(f"{request.url}: {group} has had its {why}; the URL stays queued")

    def downloaded(self, request: Request, response: Response) -> None:
        """Before the next request leaves."""
        group = request.meta.get("download_slot", "")
        spent = self._spent.get(group)
        if spent is None:
            return
        spent.requests += 1
        spent.bytes += len(response.body)
        if why := self._over(spent):
            self._close(group, why)

    def _spent_by(self, group: str) -> _Spent:
        spent = self._spent.get(group)
        if spent is None or monotonic() - spent.began >= self._period.total_seconds():
            spent = self._spent[group] = _Spent(monotonic())
        return spent

    @property
    def _period(self) -> timedelta:
        return DAY if getattr(self._crawler.spider, "stays", False) else REST_OF_THE_CRAWL

    def _over(self, spent: _Spent) -> str | None:
        if 0 < self._requests <= spent.requests:
            return f"{self._requests} requests"
        if 0 < self._bytes <= spent.bytes:
            return f"{self._bytes} bytes"
        if 0 < self._seconds <= monotonic() - spent.began:
            return f"{self._seconds:g} seconds"
        return None

    def _close(self, group: str, why: str) -> None:
        """Nothing more of the group is claimed in this crawl, or until the next day of one that stays."""
        left = self._period - timedelta(seconds=monotonic() - self._spent[group].began)
        if self._crawler.stats.get_value(f"budgets/{group}") is None:
            logger.warning("%s has had its %s in this crawl; the rest waits for the next", group, why)
            self._crawler.stats.set_value(f"budgets/{group}", why)
        if worker := getattr(self._crawler.engine.scheduler, "worker", None):
            worker.put_off(group, datetime.now(UTC) + left)
