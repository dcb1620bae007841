"""Bounds on what one crawl asks of one publisher: requests, bytes, time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.errors import Postponed
from crawler.items import Capture

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

REST_OF_THE_CRAWL = timedelta(days=365)


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
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        group = request.meta.get("download_slot", "")
        spent = self._spent.setdefault(group, _Spent(monotonic()))
        if why := self._over(spent):
            self._close(group, why)
            raise BudgetSpent(f"{request.url}: {group} has had its {why}; the URL stays queued")
        spent.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        captured = request.meta.get("captured")
        spent = self._spent.get(request.meta.get("download_slot", ""))
        if spent is not None and isinstance(captured, Capture):
            spent.bytes += len(response.body)
        return response

    def _over(self, spent: _Spent) -> str | None:
        if 0 < self._requests <= spent.requests:
            return f"{self._requests} requests"
        if 0 < self._bytes <= spent.bytes:
            return f"{self._bytes} bytes"
        if 0 < self._seconds <= monotonic() - spent.began:
            return f"{self._seconds:g} seconds"
        return None

    def _close(self, group: str, why: str) -> None:
        """Nothing more of the group is claimed in this crawl."""
        if self._crawler.stats.get_value(f"budgets/{group}") is None:
            logger.warning("%s has had its %s in this crawl; the rest waits for the next", group, why)
            self._crawler.stats.set_value(f"budgets/{group}", why)
        if worker := getattr(self._crawler.engine.scheduler, "worker", None):
            worker.put_off(group, datetime.now(UTC) + REST_OF_THE_CRAWL)
