"""Where the wire tap's exchanges go: into the collection, with what the request knows of their purpose."""

from __future__ import annotations

from concurrent.futures import Future
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request

from crawler.collection.session import collection_of
from crawler.items import BrokenExchange, Capture, Exchange, Notes
from crawler.normalisation.hints import hints_from_json

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class CollectionSink:
    """Counts what is recorded, for the summary."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._collection = collection_of(crawler.settings)
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def __call__(self, request: Request, exchange: Exchange | BrokenExchange) -> Future[Capture] | None:
        if isinstance(exchange, BrokenExchange):
            self._stats.inc_value("ofrecord/broken")
            self._collection.broken(exchange)
            return None
        self._stats.inc_value("ofrecord/fetched")
        self._stats.inc_value("ofrecord/bytes", exchange.response_length)
        return self._collection.record(exchange, notes_of(request))

    def permit(self, request: Request) -> None:
        """Asked right before a request leaves. Raises LeaseLost: other processes may be asking the same hosts."""
        engine, group = self._crawler.engine, request.meta.get("download_slot", "")
        worker = getattr(engine.scheduler, "worker", None) if engine else None
        if worker is not None:
            worker.permit(group)
        # The delay counts from now: opening the connection took its time.
        if engine and (slot := engine.downloader.slots.get(group)):
            slot.lastseen = monotonic()

    def answered(self, request: Request) -> None:
        """The delay counts from here: how long the request was on its way, and waited there, only the site knows."""
        engine, group = self._crawler.engine, request.meta.get("download_slot", "")
        slot = engine.downloader.slots.get(group) if engine else None
        if slot is None or len(slot.transferring) > 1:  # another one left since
            return
        slot.lastseen = monotonic()
        if worker := getattr(engine.scheduler, "worker", None):
            worker.answered(group)


def notes_of(request: Request) -> Notes:
    """Why a request was made, as its meta says."""
    meta = request.meta
    hints = meta.get("hints")
    redirected_from = (meta.get("redirect_urls") or [None])[-1]
    return Notes(
        purpose=meta.get("purpose", "other"),
        publisher_id=meta.get("publisher_id"),
        via=redirected_from or meta.get("via"),
        hops=meta.get("hops", 0),
        retries=meta.get("retry_times", 0),
        hints=hints_from_json(hints) if hints else None,
        mirror_of=meta.get("mirror_of"),
        page_of=meta.get("page_of"),
        robots="allowed" if meta.get("robots") else "not-asked",
        site_asks=meta.get("site_asks", ()),
    )
