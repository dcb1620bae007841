"""/.well-known/tdmrep.json, read once a day per host, before its pages as TDMRep wants it, and on record like any page.

A request that passes carries what the file says of its URL in ``meta["site_asks"]``. Nothing is left out for it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK

from crawler.discovery.tdmrep import PATH, TDMREP_LIMIT, Reservations, reservations_of
from crawler.errors import Postponed

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

CACHED_SECONDS = 24 * 3600.0
ASK_AGAIN_SECONDS = 3600.0
"""Where there was no answer, or one that says nothing of whether there is a file."""

TOO_MANY = 429

ANSWER_SECONDS = 20.0
"""For the file, at most: the host's pages wait for it."""

WITHOUT = ("robots", "tdmrep")
"""Purposes of requests that are not asked about: what is fetched for them is no content."""

INHERITED = ("publisher_id", "verify_tls", "stand_ins", "probe", "download_slot")
"""What the request for the file has from the one that waits for it."""


class TdmrepMiddleware:
    """Holds the rules per scheme, host and port. Whatever goes wrong, the page is fetched."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("TDMREP_ENABLED"):
            raise NotConfigured
        self._crawler = crawler
        self._known: dict[str, tuple[Reservations, float]] = {}
        """With the moment at which they are to be asked for again, in seconds of the event loop."""
        self._asking: dict[str, asyncio.Future[None]] = {}
        self._seconds = min(ANSWER_SECONDS, crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("purpose") in WITHOUT:
            return
        origin = _origin(request.url)
        if origin in self._asking:
            await self._asking[origin]
        elif self._is_due(origin):
            await self._ask(origin, request)
        rules, _ = self._known.get(origin, (Reservations(), 0.0))
        request.meta["site_asks"] = rules.covering(request.url)

    def _is_due(self, origin: str) -> bool:
        known = self._known.get(origin)
        return known is None or known[1] <= asyncio.get_running_loop().time()

    async def _ask(self, origin: str, request: Request) -> None:
        """One request asks, the others wait for what it learns."""
        loop = asyncio.get_running_loop()
        asking = self._asking[origin] = loop.create_future()
        try:
            rules, seconds = await self._fetched(origin, request)
            if rules is None:  # what was known counts as long as nothing else is
                rules, _ = self._known.get(origin, (Reservations(), 0.0))
            self._known[origin] = rules, loop.time() + seconds
        finally:
            del self._asking[origin]
            if not asking.done():
                asking.set_result(None)

    async def _fetched(self, origin: str, request: Request) -> tuple[Reservations | None, float]:
        """The rules, and for how many seconds they count; None: the file cannot be had."""
        wanted = Request(
            f"{origin}{PATH}",
            callback=NO_CALLBACK,
            meta={
                **{key: value for key, value in request.meta.items() if key in INHERITED},
                "purpose": "tdmrep",
                "via": request.url,
                "download_timeout": self._seconds,
                "download_maxsize": TDMREP_LIMIT,
                "dont_retry": True,
                # As for robots.txt.
                "allow_offsite": True,
            },
        )
        try:
            response = await self._crawler.engine.download_async(wanted)
        except Postponed:  # what waits for it will be put off as well
            return None, 0.0
        except Exception as error:
            logger.info("tdmrep.json cannot be had: %s: %s", wanted.url, error)
            return None, ASK_AGAIN_SECONDS
        if response.status >= 500 or response.status == TOO_MANY:
            return None, ASK_AGAIN_SECONDS
        return reservations_of(response.body if response.status == 200 else b""), CACHED_SECONDS


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
