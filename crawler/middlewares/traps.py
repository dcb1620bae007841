"""Stops asking for a kind of page that a server makes up: one text under many addresses, or never an article."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.discovery.traps import template

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FRUITLESS = 30
"""Pages of one kind in a row that brought nothing new."""

KINDS = 100_000
"""Kinds of pages that are remembered."""


class Trap(IgnoreRequest):
    """A page of a kind of which enough have brought nothing."""


@dataclass(slots=True)
class _Kind:
    text: bytes = b""
    """Digest of the last one's."""
    fruitless: int = 0
    """In a row."""


class TrapMiddleware:
    """What the user named is fetched all the same, and what was fetched before: a site that showed a wall to all comers
    for a while shows its articles again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._kinds: dict[str, _Kind] = {}
        crawler.signals.connect(self.process_request, signals.request_scheduled)
        crawler.signals.connect(self._stored, signals.item_scraped)
        crawler.signals.connect(self._dropped, signals.item_dropped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        meta = request.meta
        if meta.get("purpose") != "article" or not meta.get("hops") or meta.get("last_asked"):
            return
        kind = self._kinds.get(template(request.url))
        if kind is not None and kind.fruitless >= FRUITLESS:
            self._stats.inc_value("traps/fruitless")
            raise Trap(f"{request.url}: {FRUITLESS} pages like it in a row brought no article of their own")

    def _stored(self, item: Any, response: Response | None) -> None:
        # The same page again, as long as it stays the same, says nothing.
        if response is None or not isinstance(item, dict) or item.get("outcome") == "unchanged":
            return
        text = blake2b(str(item.get("text")).encode("utf-8", "replace"), digest_size=16).digest()
        kind = self._kind(response.url)
        is_copy = item.get("outcome") == "new" and text == kind.text
        self._count(kind, response.url, is_fruitless=is_copy)
        kind.text = text

    def _dropped(self, response: Response | None) -> None:
        if response is not None:
            self._count(self._kind(response.url), response.url, is_fruitless=True)

    def _kind(self, url: str) -> _Kind:
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
        return self._kinds.setdefault(template(url), _Kind())

    @staticmethod
    def _count(kind: _Kind, url: str, *, is_fruitless: bool) -> None:
        kind.fruitless = kind.fruitless + 1 if is_fruitless else 0
        if kind.fruitless == FRUITLESS:
            logger.warning("a trap: %d pages like %s brought no article of their own", FRUITLESS, url)
