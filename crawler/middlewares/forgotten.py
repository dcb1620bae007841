"""Articles that were taken down are not fetched again, by whichever address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler.collection.session import collection_of
from crawler.index.forgetting import address_digest, forgotten_addresses

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class TakenDown(IgnoreRequest):
    """An address of an article that `scrapy forget` took out of the archive."""


class ForgottenMiddleware:
    """Refuses links before they come into the queue, and requests that got there earlier."""

    def __init__(self, crawler: Crawler) -> None:
        self._digests = collection_of(crawler.settings).index.submit(forgotten_addresses).result()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.process_request, signals.request_scheduled)
        return middleware

    def process_request(self, request: Request) -> None:
        if self._digests and address_digest(request.url) in self._digests:
            raise TakenDown(f"{request.url} was taken down with scrapy forget")
