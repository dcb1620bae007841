"""The address guard: no loopback, private or link-local address is fetched, whatever a page or a DNS answer says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.error import DNSLookupError

from crawler.normalisation.addresses import is_private_host, is_public

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

ADVICE = "set ALLOW_PRIVATE_ADDRESSES to fetch from private networks"


class PrivateAddress(IgnoreRequest):
    """A URL that leads into a private network."""


class AddressMiddleware:
    """Refuses URLs with literal addresses, redirects and requests through a proxy included."""

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.getbool("ALLOW_PRIVATE_ADDRESSES"):
            raise NotConfigured
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if is_private_host(urlsplit(request.url).hostname or ""):
            self._stats.inc_value("ofrecord/private-address")
            raise PrivateAddress(f"{request.url} is in a private network; {ADVICE}")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which also looks at the answer. What a proxy resolves is the proxy's to guard."""

    allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("ALLOW_PRIVATE_ADDRESSES")
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        answer = super().getHostByName(name, timeout)
        # A literal address here is a proxy's, or one that the middleware let pass.
        if self.allow_private or isIPAddress(name) or isIPv6Address(name):
            return answer
        return answer.addCallback(self._guarded, name)

    @staticmethod
    def _guarded(address: Any, name: str) -> Any:
        if not is_public(address):
            raise DNSLookupError(f"{name} resolves to {address}, in a private network; {ADVICE}")
        return address
