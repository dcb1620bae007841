"""Scrapy's scheduler on a Frontier: requests wait on disk, and each is acknowledged once it is dealt with."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.request import request_from_dict

from crawler.collection.session import collection_of
from crawler.errors import StorageError
from crawler.frontier.holdings import RENEWALS
from crawler.frontier.protocol import End, Entry, Frontier, Lease
from crawler.frontier.requests import LEASE, entry_of, followed, known_of
from crawler.frontier.verdicts import Verdict, end_of
from crawler.frontier.worker import Worker
from crawler.items import Capture, Purpose
from crawler.stopping import stop_crawl

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

OWN_REDIRECTS = 2
"""Redirects of a page to itself that are followed: some sites want a cookie first, and give up."""

Errback = Callable[["Failure"], Any]


@dataclass(slots=True)
class Flight:
    """A request on its way from the queue to its end."""

    lease: Lease
    downloading: bool = True


class FrontierScheduler(BaseScheduler):
    """Claims a few leases at a time, on the reactor; writes in a thread, all that has gathered at once.

    The spider may have ``may_start(request) -> bool``: what it refuses stays in the queue. ``redirected(request) ->
    Request``: it sees what a redirect leads to before that is queued. ``groups``: what other groups of hosts have in
    the queue stays there, and what is for purposes that it ``leaves``. ``accepts_more``: it also fetches what other
    processes hand over. ``stays``: it waits for what becomes due. The download handler and the middlewares of
    politeness use ``worker``; that of mirrors sets ``route``, the host asked for a URL, and ``meant``, its opposite.
    """

    worker: Worker

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._claim_size = max(8, settings.getint("CONCURRENT_REQUESTS"))
        # One under way and one behind it for each connection: a slow host never fills the downloader.
        self._per_group = 2 * max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self._delay = timedelta(seconds=settings.getfloat("DOWNLOAD_DELAY"))
        self._lease = timedelta(seconds=settings.getfloat("LEASE_SECONDS", 60.0))
        self._failed: Callable[[Errback | None, Failure], Any] | None = None
        self.route: Callable[[Request], Request] = lambda request: request
        self.meant: Callable[[Request], Request] = lambda request: request
        self._ready: deque[Lease] = deque()
        self._flights: dict[str, Flight] = {}
        self._maybe_more = True
        self._later: datetime | None = None
        self._stopped = False
        self._renewing: asyncio.Task[None] | None = None
        self._timer = create_looping_call(self._renew)
        crawler.signals.connect(self._scheduled, signals.request_scheduled)
        crawler.signals.connect(self._downloaded, signals.request_left_downloader)
        crawler.signals.connect(self._idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @staticmethod
    def worker_of(settings: BaseSettings) -> tuple[Frontier, str]:
        """The collection's frontier, and this process's name in it; a subclass may bring its own."""
        collection = collection_of(settings)
        return collection.frontier, collection.membership.owner

    def clock(self) -> datetime:
        return datetime.now(UTC)

    # What the engine asks.

    def open(self, spider: Spider) -> None:
        self._spider = spider
        self._may_start: Callable[[Request], bool] = getattr(spider, "may_start", lambda request: True)
        self._redirected: Callable[[Request], Request] = getattr(spider, "redirected", lambda request: request)
        self._stays: bool = getattr(spider, "stays", False)
        self._leaves: frozenset[Purpose] = getattr(spider, "leaves", frozenset())
        self._barred = set(self._leaves)
        self._began = self.clock()
        self.worker = Worker(
            *self.worker_of(self._crawler.settings),
            delay=self._delay,
            lease=self._lease,
            per_group=self._per_group,
            groups=getattr(spider, "groups", None),
            accepts=getattr(spider, "accepts_more", False),
            clock=self.clock,
            failed=self._stop,
        )
        self._writes = self.worker.writes
        self._timer.start(self._lease.total_seconds() / RENEWALS, now=False)

    def close(self, reason: str) -> Deferred[None]:
        """Whatever is still leased goes back into the queue."""
        return deferred_from_coro(self._close())

    def has_pending_requests(self) -> bool:
        """Whether the queue may hold something that is due; what is under way the engine knows itself."""
        waits = bool(self._ready) or self._maybe_more or self._later is not None
        return not self._stopped and (waits or self._writes.pending())

    def enqueue_request(self, request: Request) -> bool:
        """Adds a request, unless it is a retry or redirect: that ends the lease it comes from."""
        flight = self._flights.get(request.meta.get(LEASE, ""))
        if flight is not None:
            self._follow(request, flight.lease)
        else:
            self._crawler.stats.inc_value("scheduler/enqueued")
            self._writes.add([self.entry_of(request)])
            self._maybe_more = True
        return True

    def next_request(self) -> Request | None:
        if self._stopped:
            return None
        if self._later is not None and self.clock() >= self._later:
            self._maybe_more = True
        try:
            return self._next_ready() or self._next_claimed()
        except StorageError as error:
            self._stop(error)
            return None

    # What middlewares use.

    def on_failure(self, failed: Callable[[Errback | None, Failure], Any]) -> None:
        """Every failure of a request goes to ``failed``, after the errback that the spider gave it."""
        self._failed = failed

    def is_leased(self, request: Request) -> bool:
        return request.meta.get(LEASE) in self._flights

    async def store(self, entries: Iterable[Entry]) -> None:
        """Stores links ahead of the acknowledgement of their page."""
        self._writes.add(entries)
        self._maybe_more = True
        await self._writes.written()

    def settle(self, request: Request, verdict: Verdict, outlinks: Sequence[Entry] = ()) -> None:
        lease = self._flights[request.meta[LEASE]].lease
        if verdict.fault is not None:
            self._crawler.stats.inc_value(f"faults/{verdict.fault}")
        self._land(request, replace(self._end(lease, request, verdict), outlinks=outlinks))

    def entry_of(self, request: Request) -> Entry:
        """The request as the frontier keeps it. Raises ValueError where its callback is no method of the spider."""
        known = request.to_dict(spider=self._spider)
        known["meta"] = {name: value for name, value in known["meta"].items() if name != LEASE}
        return entry_of(known, self._began)

    # From the queue to the engine.

    def _next_ready(self) -> Request | None:
        refused: list[Lease] = []
        while self._ready:
            lease = self._ready.popleft()
            request = self._request(lease)
            if request is not None and self._may_start(request):
                self._refuse(refused)
                return self._start(lease, request)
            if request is not None:
                refused.append(lease)
        self._refuse(refused)
        return None

    def _next_claimed(self) -> Request | None:
        while self._maybe_more or self._writes.pending():
            self._maybe_more = False
            self._ready.extend(self._claimed())
            if not self._ready and self._writes.pending():
                self._writes.drain()
                self._maybe_more = not self._stopped
            request = self._next_ready()
            if request is not None:
                self._maybe_more = True
                return request
        return None

    def _claimed(self, *, is_last: bool = False) -> list[Lease]:
        under_way = [flight.lease.entry.group for flight in self._flights.values() if flight.downloading]
        claim = self.worker.claim(self._claim_size, busy=under_way, barred=self._barred, is_last=is_last)
        self._later = claim.later
        return claim.leases

    def _request(self, lease: Lease) -> Request | None:
        try:
            return request_from_dict(known_of(lease.entry), spider=self._spider)
        except ValueError as error:
            logger.error("no request for %s: %s", lease.entry.url, error)
            self._writes.settle(End(lease, "failed", reason=str(error)))
            return None

    def _start(self, lease: Lease, request: Request) -> Request:
        request.meta[LEASE] = _key(lease)
        # The group is the unit of politeness: its hosts share one slot.
        request.meta["download_slot"] = lease.entry.group
        request.meta["last_asked"] = lease.asked_at
        request.meta["conditional"] = bool(lease.etag or lease.last_modified)
        request = self.route(request)
        assert self._failed is not None, "the spider middleware AcknowledgeMiddleware is not enabled"
        request.errback = partial(self._failed, request.errback)
        self._flights[_key(lease)] = Flight(lease)
        self._crawler.stats.inc_value("scheduler/dequeued")
        return request

    def _refuse(self, leases: Sequence[Lease]) -> None:
        """Back into the queue, and none of their kind until a request has ended."""
        if leases:
            self.worker.release(leases)
            self._barred |= {lease.entry.purpose for lease in leases}
            self._maybe_more = True

    # From the engine to the end.

    def _follow(self, request: Request, lease: Lease) -> None:
        """A retry puts the entry back into the queue; a redirect ends it and adds another."""
        known = self.meant(request).replace(callback=None, errback=None).to_dict()
        entry = entry_of(followed(lease.entry, known), self._began)
        is_same, passed = entry.fingerprint == lease.entry.fingerprint, request.meta.get("redirect_urls", ())
        if passed.count(request.url) > (OWN_REDIRECTS if is_same else 0):
            self.settle(request, Verdict("forbidden", f"redirects back to {request.url}", fault="redirect-loop"))
            return
        if is_same:
            end = replace(self._end(lease, request, Verdict("queued", reason="retry")), instead=entry)
        else:
            target = self._redirected(request_from_dict(known_of(entry), spider=self._spider))
            # What is asked for again is meant, and not the redirect.
            target.meta["again"] = lease.number > 1
            entry = self.entry_of(target)
            # What it led to is revisited instead.
            end = self._end(lease, request, Verdict("done"))
            end = replace(end, due_at=None, redirected_to=entry.url, outlinks=(entry,))
        self._land(request, end)

    def _end(self, lease: Lease, request: Request, verdict: Verdict) -> End:
        captured = request.meta.get("captured")
        capture = captured if isinstance(captured, Capture) else None
        return end_of(lease, verdict, capture, self.clock(), news=bool(request.meta.get("news")))

    def _land(self, request: Request, end: End) -> None:
        del self._flights[request.meta[LEASE]]
        self._barred = set(self._leaves)
        self._maybe_more = True
        self._crawler.stats.inc_value(f"frontier/{end.state}")
        self._writes.settle(end)

    def _scheduled(self, request: Request) -> None:
        """The engine is about to enqueue a retry or redirect, unless a handler of this signal forbids it."""
        if self.is_leased(request):
            asyncio.get_running_loop().call_soon(self._forbid_if_leased, request)

    def _forbid_if_leased(self, request: Request) -> None:
        if self.is_leased(request):
            self.settle(request, Verdict("forbidden", reason=f"not followed: {request.url}", fault="not-followed"))

    def _downloaded(self, request: Request) -> None:
        flight = self._flights.get(request.meta.get(LEASE, ""))
        if flight is not None:
            flight.downloading = False
            self._maybe_more = True

    def _idle(self) -> None:
        """Nothing is under way any more: whatever has not ended until now never will."""
        for flight in list(self._flights.values()):
            logger.error("ended unseen: %s", flight.lease.entry.url)
            del self._flights[_key(flight.lease)]
            self._writes.settle(End(flight.lease, "failed", reason="ended unseen"))
        if self._has_come_more() or self._stays:
            raise DontCloseSpider

    def _has_come_more(self) -> bool:
        """Whether another process has handed something over by now; if not, it cannot any more."""
        if self._stopped:
            return False
        try:
            self._ready.extend(self._claimed(is_last=not self._stays))
        except StorageError as error:
            self._stop(error)
        return bool(self._ready) or self._later is not None

    # What goes on beside.

    def _renew(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renewed())

    async def _renewed(self) -> None:
        busy = {flight.lease.entry.group for flight in self._flights.values()}
        busy |= {lease.entry.group for lease in self._ready}
        try:
            lost = await self.worker.renew(busy)
        except StorageError as error:
            self._stop(error)
            return
        for key, flight in list(self._flights.items()):
            if flight.lease.entry.group in lost:
                logger.warning("another process may have taken over: %s", flight.lease.entry.url)
                del self._flights[key]
        self._ready = deque(lease for lease in self._ready if lease.entry.group not in lost)
        self._maybe_more = True

    async def _close(self) -> None:
        self._timer.stop()
        if self._renewing is not None:
            await asyncio.wait((self._renewing,))
        with suppress(StorageError):
            self.worker.leave()

    def _stop(self, error: StorageError) -> None:
        self._stopped = True
        stop_crawl(self._crawler, error)


def _key(lease: Lease) -> str:
    """Another one each time the URL is leased: a retry is not taken for what it repeats."""
    return f"{lease.id}.{lease.number}"
