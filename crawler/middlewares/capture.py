"""Waits until an exchange is on record; nothing acts on a response before."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.collection.pages import is_whole
from crawler.errors import CaptureMismatch, OfRecordError
from crawler.items import Capture
from crawler.stopping import stop_crawl

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

PAST_THE_TAP = (
    "a response came past the wire tap, made by another download handler, middleware or cache: "
    "its bytes cannot be on record; switch that off, then run again"
)


class NotOnRecord(IgnoreRequest):
    """The exchange could not be written; the crawl ends and the URL stays in the queue."""


class CaptureMiddleware:
    """Puts the Capture into ``response.meta["captured"]``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response, on record; another try where the connection broke in the middle of it."""
        recording: Future[Capture] | None = request.meta.pop("capture", None)
        if recording is None:
            raise self._stopped(request, CaptureMismatch(PAST_THE_TAP))
        captured = request.meta["captured"] = await self._recorded(request, recording)
        if is_whole(captured, response.body) or request.meta.get("dont_retry"):
            return response
        assert self._crawler.spider is not None
        return get_retry_request(request, spider=self._crawler.spider, reason="cut short") or response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        recording: Future[Capture] | None = request.meta.pop("capture", None)
        if recording is not None:
            request.meta["captured"] = await self._recorded(request, recording)

    async def _recorded(self, request: Request, recording: Future[Capture]) -> Capture:
        try:
            return await asyncio.wrap_future(recording)
        except OfRecordError as error:
            raise self._stopped(request, error) from error

    def _stopped(self, request: Request, error: OfRecordError) -> NotOnRecord:
        stop_crawl(self._crawler, error)
        return NotOnRecord(f"{request.url}: {error}")
