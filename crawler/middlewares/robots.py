"""robots.txt, RFC 9309: read once a day per host, obeyed by every request, on record like any page.

A request that passes carries the policy in ``meta["robots"]``, so that discovery finds the sitemaps it names.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.discovery.robots import Robots, robots_of
from crawler.errors import Postponed, reason_of
from crawler.middlewares.addresses import PrivateAddress
from crawler.middlewares.pauses import leave_alone

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

PRODUCT_TOKEN = "ofrecord"
"""What a site writes after "User-agent:" to address us (RFC 9309 §2.2.1)."""


CACHED_SECONDS = 24 * 3600.0
"""As long as RFC 9309 §2.4 allows."""

INHERITED = ("publisher_id", "verify_tls", "stand_ins", "probe", "dont_retry", "download_timeout")
"""What the request for robots.txt has from the one that waits for it."""

ASK_AGAIN_SECONDS = 600.0
"""Where robots.txt cannot be had."""


class RobotsForbids(IgnoreRequest):
    """The site's robots.txt does not allow this URL."""


class RobotsUnknown(IgnoreRequest, Postponed):
    """The site's robots.txt cannot be had now: everything is disallowed until it can (RFC 9309 §2.3.1.4)."""

    def __init__(self, url: str, why: str, seconds: float) -> None:
        super().__init__(f"{url}: robots.txt cannot be had ({why}); the URL stays queued")
        self.why = f"robots.txt cannot be had: {why}"
        self.seconds = seconds


@dataclass(slots=True)
class _Known:
    """What is known of one origin's robots.txt."""

    policy: Robots | str
    """Or why there is none."""
    expires: float
    """In seconds of the event loop."""


class RobotsMiddleware:
    """Holds a policy per scheme, host and port, and keeps the pace that it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Future[Robots | str]] = {}
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._longest_delay = crawler.settings.getfloat("CRAWL_DELAY_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("purpose") == "robots":
            return
        policy = await self._policy(request)
        if isinstance(policy, str):
            self._crawler.stats.inc_value("robots/unknown")
            seconds = self._seconds_unknown(request)
            raise RobotsUnknown(request.url, policy, seconds)
        if not policy.allows(request.url, PRODUCT_TOKEN):
            self._crawler.stats.inc_value("robots/forbidden")
            raise RobotsForbids(f"{request.url}: robots.txt forbids it")
        request.meta["robots"] = policy
        self._keep_pace(request, policy)

    def _seconds_unknown(self, request: Request) -> float:
        """Until robots.txt is asked for again; as long, all that it speaks for waits."""
        known = self._known.get(_origin(request.url))
        if known is None:  # it could not be asked for
            return ASK_AGAIN_SECONDS
        seconds = max(0.0, known.expires - asyncio.get_running_loop().time())
        if not request.meta.get("stand_ins"):  # else another of the publisher's hosts is asked
            leave_alone(self._crawler, request, datetime.now(UTC) + timedelta(seconds=seconds))
        return seconds

    async def _policy(self, request: Request) -> Robots | str:
        """One request asks, the others wait for what it learns."""
        origin, loop = _origin(request.url), asyncio.get_running_loop()
        known = self._known.get(origin)
        is_asked_anew = request.meta.get("probe") and known is not None and isinstance(known.policy, str)
        if known is not None and loop.time() < known.expires and not is_asked_anew:
            return known.policy
        if origin in self._asking:
            return await self._asking[origin]
        asking: asyncio.Future[Robots | str] = loop.create_future()
        self._asking[origin] = asking
        try:
            policy = await self._fetched(origin, request)
            asking.set_result(self._remembered(origin, policy, loop.time()))
        except Exception as error:
            asking.set_result(reason_of(error))  # those that wait stay queued
            raise
        finally:
            del self._asking[origin]
        return await asking

    def _remembered(self, origin: str, policy: Robots | str, now: float) -> Robots | str:
        """What counts from now on: an old policy, too, while a new one cannot be had (RFC 9309 §2.4)."""
        known = self._known.get(origin)
        if isinstance(policy, str) and known is not None and not isinstance(known.policy, str):
            policy, seconds = known.policy, ASK_AGAIN_SECONDS
        else:
            seconds = ASK_AGAIN_SECONDS if isinstance(policy, str) else CACHED_SECONDS
        self._known[origin] = _Known(policy, now + seconds)
        return policy

    def _keep_pace(self, request: Request, policy: Robots) -> None:
        """Crawl-delay is no part of RFC 9309, and Scrapy does not apply it; sites ask for it all the same."""
        asked = policy.crawl_delay(PRODUCT_TOKEN)
        group = request.meta.get("download_slot")
        if asked is None or group is None or asked <= self._delay:
            return
        engine = self._crawler.engine
        delay = min(asked, max(self._longest_delay, self._delay))
        slot = engine.downloader.slots.get(group)
        if slot is not None and slot.delay >= delay:
            return
        self._crawler.stats.set_value(f"robots/crawl-delay/{group}", delay)
        # For the slot there is, and for those made after it was idle.
        engine.downloader.per_slot_settings.setdefault(group, {})["delay"] = delay
        if slot is not None:
            slot.delay = delay
        if worker := getattr(engine.scheduler, "worker", None):
            worker.pace(group, timedelta(seconds=delay))

    async def _fetched(self, origin: str, request: Request) -> Robots | str:
        about = {key: value for key, value in request.meta.items() if key in INHERITED}
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
        except (PrivateAddress, Postponed):
            raise
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
