"""What the end of a request says against the host that was asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future

from crawler.discovery.sources import hosts_of
from crawler.errors import Postponed, StorageError, fault_of, reason_of
from crawler.frontier.mirrors import HostFault
from crawler.items import Capture
from crawler.middlewares.addresses import PrivateAddress
from crawler.middlewares.hosts import HostPutOff
from crawler.middlewares.robots import RobotsForbids, RobotsUnknown
from crawler.normalisation.urls import host_of, same_site

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase


def is_left_alone(request: Request, exception: Exception) -> bool:
    """Whether a host that is down is not to be asked yet whether it is back, or one that stands in is not to be at all:
    which is no fault of either.
    """
    if isinstance(exception, HostPutOff):
        return bool(request.meta.get("probe"))
    return isinstance(exception, RobotsForbids) and "asked_at" in request.meta


def is_fault(request: Request, exception: Exception) -> bool:
    """Whether it is the host's: what began to answer is there, and what we refuse ourselves says nothing of it."""
    if isinstance(exception, RobotsUnknown | PrivateAddress):
        return True
    return not isinstance(exception, IgnoreRequest | Postponed | StorageError) and "captured" not in request.meta


async def fault_of_error(request: Request, error: Exception) -> HostFault:
    """Why there is no answer, with what is known: the address that was dialled, a certificate that was refused."""
    now = datetime.now(UTC)
    if isinstance(error, RobotsUnknown):
        return HostFault("robots", now, request.url, error.why)
    facts = {"fault": fault_of(error), **request.meta.get("refused_certificate", {})}
    if not request.meta.get("proxy"):
        facts["dns"] = await _address(host_of(request.url))
    return HostFault("network", now, request.url, reason_of(error), facts=facts)


async def _address(host: str) -> str:
    """What the name resolved to for the request that failed."""
    from twisted.internet import reactor

    try:
        address = await maybe_deferred_to_future(cast("ReactorBase", reactor).resolve(host))
    except Exception as error:
        return f"no address ({reason_of(error)})"
    return str(address)


def leads_away(request: Request, response: Response, captured: Capture, now: datetime) -> HostFault | None:
    """A redirect from the publisher's hosts to a foreign one, or from a stand-in to the host that it stands in for."""
    location = response.headers.get("Location")
    if location is None or not 300 <= response.status < 400 or request.meta.get("allow_offsite"):
        return None
    target, first = urljoin(request.url, location.decode("latin-1")), request.meta.get("mirror_of")
    is_own = any(same_site(target, f"https://{host}/") for host in hosts_of(request.meta["publisher_id"]))
    if is_own and (first is None or host_of(target) != host_of(first)):
        return None
    reason, facts = f"redirects to {target}", {"status": response.status}
    return HostFault("redirect", now, request.url, reason, record_id=captured.record_id, facts=facts)


def headers_of(response: Response) -> list[tuple[str, str]]:
    """All of them, one pair a line."""
    found = response.headers.items()
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in found for value in values]
