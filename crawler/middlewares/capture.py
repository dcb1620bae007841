"""Waits until an exchange is on record; nothing acts on a response before."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.errors import OfRecordError
from crawler.items import Capture

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class NotOnRecord(IgnoreRequest):
    """The exchange could not be written; the crawl ends and the URL stays in the queue."""


class CaptureMiddleware:
    """Puts the Capture into ``response.meta["captured"]``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        recording: Future[Capture] | None = request.meta.pop("capture", None)
        if recording is None:
            raise NotOnRecord(f"{request.url}: the response came past the wire tap")
        request.meta["captured"] = await self._recorded(request, recording)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        recording: Future[Capture] | None = request.meta.pop("capture", None)
        if recording is not None:
            request.meta["captured"] = await self._recorded(request, recording)

    async def _recorded(self, request: Request, recording: Future[Capture]) -> Capture:
        try:
            return await asyncio.wrap_future(recording)
        except OfRecordError as error:
            self._stop(error)
            raise NotOnRecord(f"{request.url}: {error}") from error

    def _stop(self, error: OfRecordError) -> None:
        """Ends the crawl once; the command turns the stats entry into its message and exit code."""
        if self._closing is not None:
            return
        self._crawler.stats.set_value("ofrecord/storage_error", error)
        logger.error("the archive cannot take more: %s", error)
        closing = self._crawler.engine.close_spider_async(reason="storage_error")
        self._closing = asyncio.get_running_loop().create_task(closing)
