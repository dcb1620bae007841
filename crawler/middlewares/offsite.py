"""Keeps to the hosts of the publisher that a request is made for, redirects included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler.collection.session import collection_of
from crawler.discovery.sources import publisher_with_mirrors
from crawler.index.naming import NAMED
from crawler.items import Capture, Event
from crawler.normalisation.urls import host_of, registered_domain

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Offsite(IgnoreRequest):
    """A URL on a host that is none of the publisher's."""


class OffsiteMiddleware:
    """Requests say in ``meta["publisher_id"]`` for whom they are. With ``meta["allow_offsite"]``, their host is not the
    publisher's, with ``meta["redirects_anywhere"]`` it may turn out not to be: neither is looked at.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats, self._settings = crawler.stats, crawler.settings
        self._named: set[tuple[str, str]] = set()
        crawler.signals.connect(self.process_request, signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        publisher_id = request.meta.get("publisher_id")
        if publisher_id is None or any(request.meta.get(name) for name in ("allow_offsite", "redirects_anywhere")):
            return
        publisher = publisher_with_mirrors(publisher_id, request.url)
        # A stand-in is named after the domain of the URL that is asked about.
        domains = {registered_domain(host) for host in publisher.domains}
        if publisher.id == publisher_id and registered_domain(host_of(request.url)) in domains:
            return
        self._note_named(request, publisher_id)
        self._stats.inc_value("offsite/filtered")
        raise Offsite(f"{request.url}: not a host of {publisher_id}")

    def _note_named(self, request: Request, publisher_id: str) -> None:
        """An article's address that leads to the same path on another site: that may be the publisher's, too."""
        redirected, captured = request.meta.get("redirect_urls"), request.meta.get("captured")
        host = host_of(request.url)
        if not redirected or not isinstance(captured, Capture) or request.meta.get("purpose") != "article":
            return
        if (publisher_id, host) in self._named or not _is_same_path(redirected[-1], request.url):
            return
        self._named.add((publisher_id, host))
        detail: dict[str, object] = {"host": host, "from": redirected[-1], "url": request.url}
        event = Event(NAMED, datetime.now(UTC), publisher_id, record_id=captured.record_id, detail=detail)
        collection_of(self._settings).warc.event(event)


def _is_same_path(url: str, other: str) -> bool:
    one, two = urlsplit(url), urlsplit(other)
    return (one.path, one.query) == (two.path, two.query) and one.path.strip("/") != ""
