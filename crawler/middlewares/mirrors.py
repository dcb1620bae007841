"""Asks another of a publisher's hosts where one fails: chosen as each request goes out, so that none waits for a host
that is gone; and asks the one that failed, now and then, whether it is back.
"""

from __future__ import annotations

import logging
from asyncio import wrap_future
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.collection.hostbook import Change, HostBook
from crawler.collection.hostfaults import fault_of_answer, settle
from crawler.collection.session import collection_of
from crawler.discovery.sources import hosts_of
from crawler.errors import Postponed, StorageError
from crawler.frontier.mirrors import Choice, HostFault
from crawler.items import Capture
from crawler.middlewares.hostblame import fault_of_error, headers_of, is_fault, is_left_alone, leads_away
from crawler.normalisation.urls import at_host, bare_host, host_of
from crawler.scheduler import FrontierScheduler
from crawler.stopping import stop_crawl

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

SMALL = 8192
"""Bytes, as they came: hardly an article, and of a notice the most. So much is looked through where it is no matter of
turning to another host: that costs the reactor a millisecond.
"""

PROBE_SECONDS = 20.0
"""For an answer of a host that is asked whether it is back, at most."""


class NoHost(IgnoreRequest, Postponed):
    """None of the publisher's hosts can be asked now; the URL stays queued."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class NoHostMiddleware:
    """Stops a request for which there was no host, before anything is asked for it."""

    def process_request(self, request: Request) -> None:
        if (until := request.meta.get("no_host_until")) is not None:
            seconds = max(0.0, until - datetime.now(UTC).timestamp())
            raise NoHost(f"{request.url}: none of the publisher's hosts answers; the URL stays queued", seconds)


class MirrorMiddleware:
    """Sees what came of a request before redirects and retries do. Of a publisher with one host, only whether that was
    seized.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._collection = collection_of(settings)
        self._book = HostBook(self._collection.frontier, timedelta(seconds=settings.getfloat("HOST_PROBE_SECONDS")))
        self._retries = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
        self._probe_seconds = min(PROBE_SECONDS, settings.getfloat("DOWNLOAD_TIMEOUT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.opened, signals.spider_opened)
        return middleware

    def opened(self) -> None:
        self._scheduler.route, self._scheduler.meant = self.route, self.meant

    # What the scheduler asks.

    def route(self, request: Request) -> Request:
        """The request as it goes out: at the host that it names, or at one that stands in for that."""
        publisher_id, asked = request.meta.get("publisher_id", ""), host_of(request.url)
        hosts = _in_turn(asked, hosts_of(publisher_id))
        if len(hosts) < 2:
            return request
        try:
            chosen = self._book.chosen(publisher_id, hosts, request.meta.get("not_at", ()))
        except StorageError as error:
            stop_crawl(self._crawler, error)
            return request
        return self._at(chosen, request) if chosen.host else self._without_host(request, chosen)

    @staticmethod
    def meant(request: Request) -> Request:
        """Where a retry or redirect of a request leads, with the host in whose place another was asked."""
        first = request.meta.get("mirror_of")
        if first is None or bare_host(host_of(request.url)) != bare_host(request.meta.get("asked_at", "")):
            return request
        return request.replace(url=at_host(request.url, host_of(first)))

    def _at(self, chosen: Choice, request: Request) -> Request:
        meta: dict[str, Any] = {**request.meta, "stand_ins": chosen.others}
        if chosen.probe is not None:
            meta |= {"probe": True, "dont_retry": True, "download_timeout": self._probe_seconds}
        assert chosen.host is not None
        if bare_host(chosen.host) == bare_host(host_of(request.url)):
            return request.replace(meta=meta)
        self._crawler.stats.inc_value("mirrors/stand-ins")
        meta |= {"mirror_of": request.url, "asked_at": chosen.host}
        return request.replace(url=at_host(request.url, chosen.host), meta=meta)

    def _without_host(self, request: Request, chosen: Choice) -> Request:
        assert chosen.later is not None
        self._crawler.stats.inc_value("mirrors/no-host")
        self._scheduler.worker.put_off(request.meta["download_slot"], chosen.later)
        return request.replace(meta={**request.meta, "no_host_until": chosen.later.timestamp()})

    # What came of a request.

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        if request.meta.get("purpose") == "tdmrep":  # which says nothing of how the pages are served
            return response
        captured, host = request.meta.get("captured"), _host(request) or self._lone_host(request, response)
        if host is None or not isinstance(captured, Capture):
            return response
        now = datetime.now(UTC)
        fault = leads_away(request, response, captured, now) or fault_of_answer(
            captured, response.body, headers_of(response), now
        )
        if fault is None:
            # A robots.txt is the last that a host stops to serve.
            if (response.status < 300 or response.status == 304) and request.meta.get("purpose") != "robots":
                await self._answered(request, host, captured)
            return response
        # What nobody named may well be refused.
        if fault.kind != "notice" and request.meta.get("guessed"):
            return response
        await self._blame(request, host, fault)
        if response.status >= 500 and self._is_retried(request):
            return response
        if (other := self._elsewhere(request, host)) is None:
            return response
        settle(self._collection.articles, captured)
        return other

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        host = _host(request)
        if host is None or request.meta.get("purpose") == "tdmrep":
            return None
        if is_left_alone(request, exception):
            return self._elsewhere(request, host)
        if not is_fault(request, exception):
            return None
        await self._blame(request, host, await fault_of_error(request, exception))
        is_retried = self._is_retried(request) and not isinstance(exception, IgnoreRequest)
        if is_retried and not self._book.is_doubted(request.meta["publisher_id"], host):
            return None
        return self._elsewhere(request, host)

    def _lone_host(self, request: Request, response: Response) -> str | None:
        """The host of a publisher that has no other, where its answer may be a notice, or it was seized before."""
        publisher_id, host = request.meta.get("publisher_id"), host_of(request.url)
        if publisher_id is None or request.meta.get("allow_offsite"):
            return None
        is_small = len(response.body) <= SMALL
        return host if is_small or self._book.is_away(publisher_id, host) else None

    def _elsewhere(self, request: Request, host: str) -> Request | None:
        """The request once more, for the next host; None where there is none left to be asked for it."""
        if not request.meta.get("stand_ins") or not self._scheduler.is_leased(request):
            return None
        not_at = [*request.meta.get("not_at", ()), host]
        meta = {name: value for name, value in request.meta.items() if name != "captured"}
        self._crawler.stats.inc_value("mirrors/turned-to-another")
        return request.replace(meta={**meta, "not_at": not_at, "retry_times": 0}, dont_filter=True)

    def _is_retried(self, request: Request) -> bool:
        return not request.meta.get("dont_retry") and request.meta.get("retry_times", 0) < self._retries

    async def _blame(self, request: Request, host: str, fault: HostFault) -> None:
        logger.info("%s: %s (%s)", host, fault.reason, fault.url)
        try:
            change = self._book.blame(request.meta["publisher_id"], host, fault)
        except StorageError as error:
            stop_crawl(self._crawler, error)
            return
        if change is not None:
            await self._keep(change)

    async def _answered(self, request: Request, host: str, captured: Capture) -> None:
        url, refused_by = request.meta.get("mirror_of") or request.url, request.meta.get("not_at", ())
        try:
            changes = self._book.answered(
                request.meta["publisher_id"], host, url, refused_by=refused_by, record_id=captured.record_id
            )
        except StorageError as error:
            stop_crawl(self._crawler, error)
            return
        for change in changes:
            await self._keep(change)

    async def _keep(self, change: Change) -> None:
        state = change.state
        said = {"live": "is back", "down": "is down", "seized": "is seized"}[state.state]
        logger.warning("%s %s%s", state.host, said, f": {state.reason}" if state.reason else "")
        self._crawler.stats.inc_value(f"mirrors/{change.event.kind}")
        try:
            await wrap_future(self._collection.warc.event(change.event))
            self._book.keep(state)
        except StorageError as error:
            stop_crawl(self._crawler, error)

    @property
    def _scheduler(self) -> FrontierScheduler:
        return cast(FrontierScheduler, self._crawler.engine.scheduler)


def _in_turn(asked: str, hosts: tuple[str, ...]) -> list[str]:
    """The publisher's hosts, the one that is asked first; none where that is not among them."""
    same = [host for host in hosts if bare_host(host) == bare_host(asked)]
    return [*same[:1], *(host for host in hosts if host not in same)] if same else []


def _host(request: Request) -> str | None:
    """Of the publisher's hosts the one that was asked; None: it was another one, or there is only one."""
    hosts = _in_turn(host_of(request.url), hosts_of(request.meta.get("publisher_id", "")))
    return hosts[0] if len(hosts) > 1 else None
