"""Fetches the newest articles of a publisher from several of its hosts, to hold them against each other."""

from __future__ import annotations

import logging
from asyncio import wrap_future
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.response import response_status_message
from twisted.python.failure import Failure

from crawler.collection.divergence import Comparison, Copy, Wanted, compared, differs_event
from crawler.collection.resume import capture_at
from crawler.collection.session import collection_of
from crawler.errors import BadRecord, ExtractionFailed, StorageError, reason_of
from crawler.items import Capture, Purpose
from crawler.normalisation.urls import at_host, bare_host, host_of

logger = logging.getLogger(__name__)

REDIRECTS = 3
"""Of one page on its own host that are followed."""


class MirrorSpider(Spider):
    """Has no name of its own, so that ``scrapy crawl`` does not offer it.

    One request goes through the queue, for robots.txt. While it is under way its group of hosts is leased, and all else
    is fetched past the queue: the articles have their own entries there, for a crawl. Its callbacks are called as those
    of the news spider that do nothing, for one that finds the entry after a kill.
    """

    accepts_more = False
    leaves = frozenset(get_args(Purpose)) - {"robots"}

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("mirrors")
        self.comparison = comparison
        self.groups = frozenset((comparison.publisher_id,))

    async def start(self) -> AsyncIterator[Request]:
        url = at_host(urljoin(self.comparison.wanted[0].url, "/robots.txt"), self.comparison.hosts[0])
        meta = {**self._meta(), "purpose": "robots", "again": True, "allow_offsite": True}
        yield Request(url, callback=self.parse_requisite, errback=self.failed, meta=meta)

    async def parse_requisite(self, response: Response) -> AsyncIterator[Request]:
        async for nothing in self._compare():
            yield nothing

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """The hosts are asked all the same: each has a robots.txt of its own."""
        async for nothing in self._compare():
            yield nothing

    async def _compare(self) -> AsyncIterator[Request]:
        for wanted in self.comparison.wanted:
            copies = [await self._on_record(wanted)] if self.comparison.with_record else []
            copies += [await self._copy(wanted, host) for host in self.comparison.hosts]
            found = compared(wanted, copies, datetime.now(UTC))
            self.comparison.compared += found
            if not found:
                self.comparison.unread.append(wanted.article_id)
            for each in found if not self.comparison.with_record else ():
                if each.finding == "differs":
                    event = differs_event(each, self.comparison.publisher_id, datetime.now(UTC))
                    await wrap_future(self._collection.warc.event(event))
        return
        yield  # an errback, too, must give what can be iterated

    async def _on_record(self, wanted: Wanted) -> Copy:
        try:
            capture = capture_at(self._collection.folder, wanted.place.warc, wanted.place.offset)
            # What a feed said of it is not known of the copies.
            plain = replace(capture, notes=replace(capture.notes, hints=None))
            page = await wrap_future(self._collection.articles.peek(plain))
        except (BadRecord, ExtractionFailed) as error:
            return Copy(host_of(wanted.url), wanted.url, reason=str(error))
        return Copy(host_of(capture.url), capture.url, page, capture)

    async def _copy(self, wanted: Wanted, host: str) -> Copy:
        url = at_host(wanted.url, host)
        try:
            response = await self._fetched(url, wanted)
        except StorageError:
            raise
        except Exception as error:
            return Copy(host, url, reason=getattr(error, "why", "") or reason_of(error).removeprefix(f"{url}: "))
        captured: Capture = response.meta["captured"]
        if response.status != 200:
            return Copy(host, url, None, captured, _refusal(response))
        try:
            page = await wrap_future(self._collection.articles.peek(captured))
        except ExtractionFailed as error:
            return Copy(host, url, None, captured, str(error))
        return Copy(host, url, None if page.verdict else page, captured, page.verdict or "")

    async def _fetched(self, url: str, wanted: Wanted) -> Response:
        """Redirects to other hosts are not followed: what they say is no copy."""
        host, response = host_of(url), None
        for _ in range(REDIRECTS + 1):
            meta = {**self._meta(), "purpose": "other", "allow_offsite": True, "dont_redirect": True}
            if bare_host(host) != bare_host(host_of(wanted.url)):
                meta["mirror_of"] = at_host(url, host_of(wanted.url))
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
            location = response.headers.get("Location")
            url = urljoin(url, location.decode("latin-1")) if location else url
            if not 300 <= response.status < 400 or location is None or host_of(url) != host:
                break
        assert response is not None
        return response

    def _meta(self) -> dict[str, Any]:
        return {"publisher_id": self.comparison.publisher_id, "download_slot": self.comparison.publisher_id}

    @property
    def _collection(self) -> Any:
        return collection_of(self.crawler.settings)


def _refusal(response: Response) -> str:
    location = response.headers.get("Location")
    target = f", to {location.decode('latin-1')}" if location else ""
    return f"HTTP {response_status_message(response.status)}{target}"
