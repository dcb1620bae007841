"""The address guard: no loopback, private or link-local address is fetched, whatever a page or a DNS answer says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.error import DNSLookupError

from crawler.normalisation.addresses import Exceptions, exceptions, is_private_host, literal_address
from crawler.normalisation.urls import DEFAULT_PORTS

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

ADVICE = "set ALLOW_PRIVATE_ADDRESSES to fetch from private networks"


class PrivateAddress(IgnoreRequest):
    """A URL that leads into a private network."""


class PrivateName(DNSLookupError):
    """A name that leads there."""


class AddressMiddleware:
    """Refuses URLs with literal addresses, redirects and requests through a proxy included."""

    def __init__(self, crawler: Crawler) -> None:
        self._allowed = exceptions(crawler.settings["ALLOW_PRIVATE_ADDRESSES"])
        if self._allowed.all:
            raise NotConfigured
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        # What other names mean is seen when they are resolved.
        address = literal_address(host) or "127.0.0.1"
        if is_private_host(host) and not self._allowed.allow(address, port_of(request.url)):
            self._refuse(request, "is in a private network")

    def _refuse(self, request: Request, why: str) -> None:
        self._stats.inc_value("ofrecord/private-address")
        raise PrivateAddress(f"{request.url} {why}; {ADVICE}")


class ResolvedAddressMiddleware(AddressMiddleware):
    """Refuses names that resolve into a private network. To come after Scrapy's proxy middleware: what a proxy
    resolves is the proxy's to guard.
    """

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # Scrapy takes both
        host = urlsplit(request.url).hostname or ""
        if request.meta.get("proxy") or is_address(host):
            return
        from twisted.internet import reactor

        try:
            address = await maybe_deferred_to_future(cast("ReactorBase", reactor).resolve(host))
        except PrivateName as error:
            self._refuse(request, f"is refused: {error}")
        except Exception:
            return  # the download will say it
        if not self._allowed.allow(address, port_of(request.url)):
            self._refuse(request, f"resolves to {address}, in a private network")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which also looks at the answer. What a proxy resolves is the proxy's to guard."""

    allowed = Exceptions()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = exceptions(crawler.settings["ALLOW_PRIVATE_ADDRESSES"])
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        answer = super().getHostByName(name, timeout)
        # A literal address here is a proxy's, or one that the middleware let pass.
        if is_address(name):
            return answer
        return answer.addCallback(self._guarded, name)

    def _guarded(self, address: Any, name: str) -> Any:
        if not self.allowed.allow(address, None):
            raise PrivateName(f"{name} resolves to {address}, in a private network; {ADVICE}")
        return address


def is_address(host: str) -> bool:
    """Whether a host is named by its address."""
    return isIPAddress(host) or isIPv6Address(host)


def port_of(url: str) -> int:
    """Where a URL is fetched from."""
    parts = urlsplit(url)
    return parts.port or DEFAULT_PORTS.get(parts.scheme, 80)
