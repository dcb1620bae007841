"""Keeps to the hosts of the publisher that a request is made for, redirects included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler.discovery.sources import publisher_with_mirrors
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
        self._stats = crawler.stats
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
        self._stats.inc_value("offsite/filtered")
        raise Offsite(f"{request.url}: not a host of {publisher_id}")
