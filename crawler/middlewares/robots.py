"""robots.txt, RFC 9309: read once per host and crawl, obeyed by every request, on record like any page.

A request that passes carries the policy in ``meta["robots"]``, so that discovery finds the sitemaps it names.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.discovery.robots import Robots, robots_of
from crawler.errors import Postponed, reason_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

PRODUCT_TOKEN = "ofrecord"
"""What a site writes after "User-agent:" to address us (RFC 9309 §2.2.1)."""


class RobotsForbids(IgnoreRequest):
    """The site's robots.txt does not allow this URL."""


class RobotsUnknown(IgnoreRequest, Postponed):
    """The site's robots.txt cannot be had now: everything is disallowed until it can (RFC 9309 §2.3.1.4)."""


class RobotsMiddleware:
    """Holds a policy per scheme, host and port."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._policies: dict[str, asyncio.Future[Robots | str]] = {}
        """A policy, or why there is none."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("purpose") == "robots":
            return
        policy = await self._policy(request)
        if isinstance(policy, str):
            self._crawler.stats.inc_value("robots/unknown")
            raise RobotsUnknown(f"{request.url}: robots.txt cannot be had ({policy}); the URL stays queued")
        if not policy.allows(request.url, PRODUCT_TOKEN):
            self._crawler.stats.inc_value("robots/forbidden")
            raise RobotsForbids(f"{request.url}: robots.txt forbids it")
        request.meta["robots"] = policy

    async def _policy(self, request: Request) -> Robots | str:
        origin = _origin(request.url)
        if origin in self._policies:
            return await self._policies[origin]
        known = self._policies[origin] = asyncio.get_running_loop().create_future()
        policy = await self._fetched(origin, request)
        known.set_result(policy)
        return policy

    async def _fetched(self, origin: str, request: Request) -> Robots | str:
        about = {key: value for key, value in request.meta.items() if key in ("publisher_id", "verify_tls")}
        wanted = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={
                **about,
                "purpose": "robots",
                "via": request.url,
                "download_slot": request.meta.get("download_slot"),
                # Asked of every host that anything is fetched from; its redirects may leave it (RFC 9309 §2.3.1.2).
                "allow_offsite": True,
            },
        )
        try:
            return _policy_from(await self._crawler.engine.download_async(wanted))
        except Exception as error:
            logger.info("robots.txt cannot be had: %s/robots.txt: %s", origin, error)
            return reason_of(error)


def _policy_from(response: Response) -> Robots | str:
    """4xx: everything is allowed (RFC 9309 §2.3.1.3); 5xx: nothing is, as long as it lasts (§2.3.1.4)."""
    if response.status >= 500:
        return f"HTTP {response.status}"
    return robots_of(b"" if response.status >= 300 else response.body, response.url)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
