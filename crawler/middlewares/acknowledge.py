"""Ends each request: once its callback is exhausted, its items have left the pipelines and its links are known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol, cast

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncgen import as_async_generator
from scrapy.utils.spider import iterate_spider_output
from twisted.python.failure import Failure

from crawler.collection.pages import is_whole
from crawler.errors import Postponed, fault_of, reason_of
from crawler.frontier.protocol import Entry
from crawler.frontier.requests import LEASE
from crawler.frontier.verdicts import Verdict, verdict_of_status
from crawler.items import Capture
from crawler.middlewares.capture import NotOnRecord
from crawler.middlewares.look_again import ABSENT, LOOK_AGAIN
from crawler.stopping import ITEM_ERRORS, ends_crawl, stop_crawl

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

OUTLINKS_HELD = 500
"""Links of one page that are kept for the transaction that acknowledges it; more are stored before."""

NOT_ON_MIRROR = "not-on-mirror"
"""The fault of a page that a mirror lacks which stands in for another host: that may have it, when it is back."""

Errback = Callable[[Failure], Any]


class Settles(Protocol):
    """The scheduler, as far as it is asked from here."""

    def on_failure(self, failed: Callable[[Errback | None, Failure], Any]) -> None: ...

    def is_leased(self, request: Request) -> bool: ...

    def entry_of(self, request: Request) -> Entry: ...

    async def store(self, entries: Iterable[Entry]) -> None: ...

    def settle(self, request: Request, verdict: Verdict, outlinks: Sequence[Entry] = ()) -> None: ...


@dataclass(slots=True)
class Ending:
    """A request whose output is being dealt with."""

    request: Request
    verdict: Verdict
    outlinks: list[Entry] = field(default_factory=list)
    items: int = 0
    """In the pipelines."""
    exhausted: bool = False


class AcknowledgeMiddleware:
    """Must be the outermost spider middleware: what passes it is what the engine gets."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._endings: dict[str, Ending] = {}
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._item_left, signals.item_scraped)
        crawler.signals.connect(self._item_left, signals.item_dropped)
        crawler.signals.connect(self._item_failed, signals.item_error)
        crawler.signals.connect(self._spider_failed, signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        request = response.request
        # An errback that has the response is watched already.
        if request is None or not self._scheduler.is_leased(request) or request.meta[LEASE] in self._endings:
            async for output in result:
                yield output
            return
        ending = self._ending(request, _verdict_of(response))
        async for output in self._watched(ending, result):
            yield output

    def failed(self, errback: Errback | None, failure: Failure) -> Any:
        """Takes the place of a request's errback, and calls it."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        if not self._scheduler.is_leased(request):
            return errback(failure) if errback else failure
        ending = self._ending(request, verdict_of_error(failure.value))
        if errback is None:
            self._exhaust(ending)
            return failure
        try:
            output = errback(failure)
        except Exception:
            self._exhaust(ending)
            raise
        return self._watched(ending, self._each(output))

    @property
    def _scheduler(self) -> Settles:
        return cast(Settles, self._crawler.engine.scheduler)

    def _opened(self) -> None:
        self._scheduler.on_failure(self.failed)

    def _ending(self, request: Request, verdict: Verdict) -> Ending:
        ending = self._endings[request.meta[LEASE]] = Ending(request, verdict)
        return ending

    @staticmethod
    async def _each(output: Any) -> AsyncIterator[Any]:
        results = iterate_spider_output(output)
        async for result in as_async_generator(await results if isawaitable(results) else results):
            yield result

    async def _watched(self, ending: Ending, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The items of a callback or errback; requests stay here until the end."""
        try:
            async for output in result:
                if isinstance(output, Request):
                    await self._link(ending, output)
                elif output is not None:
                    ending.items += 1
                    yield output
        except Exception as error:
            ending.verdict = verdict_of_error(error)
            self._exhaust(ending)
            raise
        self._exhaust(ending)

    async def _link(self, ending: Ending, link: Request) -> None:
        link.meta.pop(LEASE, None)
        link.meta.setdefault("via", ending.request.url)
        link.meta.setdefault("hops", ending.request.meta.get("hops", 0) + 1)
        if not self._is_wanted(link):
            return
        ending.outlinks.append(self._scheduler.entry_of(link))
        if len(ending.outlinks) >= OUTLINKS_HELD:
            entries, ending.outlinks = ending.outlinks, []
            await self._scheduler.store(entries)

    def _is_wanted(self, request: Request) -> bool:
        """Asks the components that may forbid a request, as the engine does for those that come to it."""
        answers = self._crawler.signals.send_catch_log(
            signals.request_scheduled, request=request, spider=self._crawler.spider, dont_log=IgnoreRequest
        )
        return not any(isinstance(answer, Failure) and isinstance(answer.value, IgnoreRequest) for _, answer in answers)

    def _exhaust(self, ending: Ending) -> None:
        ending.exhausted = True
        self._settle_if_over(ending)

    def _settle_if_over(self, ending: Ending) -> None:
        if not ending.exhausted or ending.items:
            return
        del self._endings[ending.request.meta[LEASE]]
        if not self._scheduler.is_leased(ending.request):
            return
        self._scheduler.settle(ending.request, _final(ending), ending.outlinks)

    def _item_left(self, response: Response | Failure | None) -> None:
        ending = self._ending_of(response)
        if ending is not None:
            ending.items -= 1
            self._settle_if_over(ending)

    def _item_failed(self, response: Response | Failure | None, failure: Failure) -> None:
        error = ends_crawl(failure.value)
        if error is not None:
            stop_crawl(self._crawler, error)
        else:
            self._crawler.stats.inc_value("ofrecord/failed")
            self._crawler.stats.inc_value(ITEM_ERRORS)
        ending = self._ending_of(response)
        if ending is not None:
            ending.verdict = verdict_of_error(failure.value)
            self._item_left(response)

    def _spider_failed(self, response: Response | Failure | None, failure: Failure) -> None:
        """A callback that raised before it gave any output."""
        request = getattr(response, "request", None)
        if request is None or not self._scheduler.is_leased(request) or request.meta[LEASE] in self._endings:
            return
        self._scheduler.settle(request, verdict_of_error(failure.value))

    def _ending_of(self, response: Response | Failure | None) -> Ending | None:
        request = getattr(response, "request", None)
        return None if request is None else self._endings.get(request.meta.get(LEASE, ""))


def _verdict_of(response: Response) -> Verdict:
    captured = response.meta.get("captured")
    if isinstance(captured, Capture) and not is_whole(captured, response.body):
        return Verdict("failed", f"cut short ({captured.truncated})", response.status, fault="cut-off")
    if response.status in (404, 410) and response.meta.get("asked_at"):
        return Verdict("failed", f"HTTP {response.status} on a mirror", response.status, fault=NOT_ON_MIRROR)
    return verdict_of_status(response.status)


def _final(ending: Ending) -> Verdict:
    """The verdict, after what was made of the page: that its article is not there, or is to be looked for again."""
    absent = ending.request.meta.get(ABSENT)
    if absent is None or ending.verdict.state == "queued" or ending.verdict.fault == NOT_ON_MIRROR:
        return ending.verdict
    if ending.request.meta.get(LOOK_AGAIN):
        return Verdict("queued", f"looked at again: {absent}")
    return Verdict("gone", absent, ending.verdict.status)


def verdict_of_error(error: BaseException | None) -> Verdict:
    """What became of a request whose download, callback or item ended in an error."""
    assert error is not None
    reason = reason_of(error)
    if isinstance(error, Postponed):
        return Verdict("queued", reason, wait_seconds=error.seconds, tried=False)
    # The archive could take no more, or the spider wants to stop: the page is still to be dealt with.
    if isinstance(error, CloseSpider | NotOnRecord) or ends_crawl(error):
        return Verdict("queued", reason)
    if isinstance(error, IgnoreRequest):
        response = getattr(error, "response", None)
        fault = fault_of(error)
        return verdict_of_status(response.status) if response is not None else Verdict("forbidden", reason, fault=fault)
    return Verdict("failed", f"{type(error).__name__}: {reason}", fault=fault_of(error))
