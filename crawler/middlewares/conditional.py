"""Asks for what is on record only if it changed (RFC 9110 §13); a listing that did not is read from the record."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Headers, Response

from crawler.collection.session import collection_of
from crawler.errors import BadRecord, ExtractionFailed
from crawler.items import Capture
from crawler.warc.reader import entity_of, read

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

VALIDATORS = ("If-None-Match", "If-Modified-Since")


class ConditionalMiddleware:
    """Articles that did not change pass as they came, 304: their captures are revisits of what is on record."""

    def __init__(self, crawler: Crawler) -> None:
        self._collection = collection_of(crawler.settings)
        self._lost: set[str] = set()
        """Addresses whose last response cannot be read any more."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        # The frontier remembers whether the last answer had validators; the index, which whole response they belong to.
        if not request.meta.get("conditional") or request.url in self._lost:
            return
        held = await asyncio.wrap_future(self._collection.held(request.url))
        if held is None:
            return
        if held.etag:
            request.headers["If-None-Match"] = held.etag
        if held.last_modified:
            request.headers["If-Modified-Since"] = held.last_modified

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        captured = request.meta.get("captured")
        if response.status != 304 or not isinstance(captured, Capture) or captured.kind != "revisit":
            return response
        if captured.notes.purpose == "article":
            return response
        try:
            place = await asyncio.wrap_future(self._collection.articles.payload_place(captured))
            record = await asyncio.to_thread(read, self._collection.folder, place.warc, place.offset)
        except (BadRecord, ExtractionFailed) as error:
            logger.error("asked for again, since what is on record of it is lost: %s", error)
            self._lost.add(request.url)
            return _asked_outright(request)
        headers = Headers([(name, value) for name, value in record.http().fields])
        return response.replace(status=200, headers=headers, body=entity_of(record))


def _asked_outright(request: Request) -> Request:
    plain = request.replace(dont_filter=True)
    for name in VALIDATORS:
        plain.headers.pop(name, None)
    return plain
