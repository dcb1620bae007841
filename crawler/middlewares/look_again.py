"""Looks for an article once more before it counts as gone; a redirect to the front page must not hide that it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.http import Response

from crawler.changes.state import verdict_of_redirect, verdict_of_status
from crawler.collection.session import collection_of
from crawler.errors import PageAbsent
from crawler.index.held import held_at

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

ABSENT = "absent"
"""In ``meta`` of a request: why an article that was there before was not there."""

LOOK_AGAIN = "look_again"
"""In ``meta``: whether it is to be looked for once more, at once."""

ASKED_TWICE = ("not-found", "legal-reasons", "redirected-home")
"""A 410 is meant, and who refuses us is not asked again at once."""


class LookAgainMiddleware:
    """Of known articles alone. At once only in a crawl that is to settle it (``recheck=now``), else as the schedule has
    it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._index = collection_of(crawler.settings).index
        self._asked: set[str] = set()
        # Heard before the spider's middleware that acknowledges: downloader middlewares are made first.
        crawler.signals.connect(self.dropped, signals.item_dropped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response, or the same request once more."""
        verdict = _verdict(request, response)
        if verdict is None or not await self._is_known(request.url):
            return response
        request.meta[ABSENT] = f"{verdict} (HTTP {response.status})"
        if verdict == "redirected-home":
            request.meta["dont_redirect"] = True
        if verdict in ASKED_TWICE and self._may_ask_again(request.url):
            return request.replace(dont_filter=True)
        return response

    def dropped(self, response: Response | None, exception: BaseException) -> None:
        """A page that came with success, and says that there is nothing."""
        request = getattr(response, "request", None)
        if request is None or not isinstance(exception.__cause__, PageAbsent):
            return
        request.meta[ABSENT] = str(exception.__cause__)
        request.meta[LOOK_AGAIN] = self._may_ask_again(request.url)

    def _may_ask_again(self, url: str) -> bool:
        """Whether to look a second time now; not a third."""
        arguments = getattr(self._crawler.spider, "arguments", None)
        if not getattr(arguments, "recheck", False) or url in self._asked:
            return False
        self._asked.add(url)
        return True

    async def _is_known(self, url: str) -> bool:
        return bool(await asyncio.wrap_future(self._index.submit(lambda db: held_at(db, [url]))))


def _verdict(request: Request, response: Response) -> str | None:
    """What a response says of an article's being gone; None where it does not, or the spider must see more of it."""
    if request.meta.get("purpose") != "article" or "page_of" in request.meta:
        return None
    if 300 <= response.status < 400:
        location = response.headers.get("Location")
        verdict = verdict_of_redirect(request.url, location.decode("latin-1") if location else None, response.status)
        return verdict if verdict == "redirected-home" else None
    verdict = verdict_of_status(response.status)
    return verdict if verdict in ("not-found", "removed", "legal-reasons") else None
