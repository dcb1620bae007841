"""Leaves hosts alone that say so (Retry-After), or that fail time after time."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError

from crawler.collection.session import collection_of
from crawler.errors import Postponed, StorageError, reason_of
from crawler.frontier.health import failed, is_refusal, retry_after
from crawler.frontier.protocol import HostState
from crawler.middlewares.pauses import leave_alone
from crawler.stopping import stop_crawl

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

NO_ANSWER = (DownloadConnectionRefusedError, CannotResolveHostError, DownloadTimeoutError, ConnectError)
"""What says that a host is not there."""


LOOK_SECONDS = 1.0
"""As often what other processes have learnt is looked up; they keep a group for longer after its last request."""


class HostPutOff(IgnoreRequest, Postponed):
    """A host that is left alone for now; its URLs stay queued."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class HostMiddleware:
    """Keeps what it learns in the frontier: no other crawl, now or later, goes on where this one was put off."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier = collection_of(crawler.settings).frontier
        self._longest = timedelta(seconds=crawler.settings.getfloat("PUT_OFF_MAX"))
        self._hosts: dict[str, HostState] = {}
        self._looked = float("-inf")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.downloaded, signals.response_downloaded)
        return middleware

    def process_request(self, request: Request) -> None:
        self._look()
        state, now = self._hosts.get(_host(request)), datetime.now(UTC)
        if state is None or state.put_off_until is None or state.put_off_until <= now:
            return
        self._crawler.stats.inc_value("hosts/put-off-requests")
        if not request.meta.get("probe"):  # what would be asked of it is asked of another host
            leave_alone(self._crawler, request, state.put_off_until)
        seconds = (state.put_off_until - now).total_seconds()
        raise HostPutOff(f"{request.url}: {_put_off(state)}", seconds)

    def downloaded(self, request: Request, response: Response) -> None:
        """Before the next request to the host leaves."""
        if not is_refusal(response.status):
            if _host(request) in self._hosts:
                self._note(HostState(_host(request), 0, None, None))
            return
        header = response.headers.get("Retry-After")
        until = retry_after(header.decode("latin-1") if header else None, datetime.now(UTC), self._longest)
        self._failed(request, f"HTTP {response.status}", until)

    def process_exception(self, request: Request, exception: Exception) -> None:
        # What began to answer is there, however slow it is.
        if isinstance(exception, NO_ANSWER) and "captured" not in request.meta:
            self._failed(request, reason_of(exception), None)

    def _failed(self, request: Request, reason: str, until: datetime | None) -> None:
        host = _host(request)
        # Where others of the publisher's hosts stand in for it, when it is asked again is theirs to say.
        if until is None and (request.meta.get("probe") or request.meta.get("stand_ins")):
            return
        state = self._hosts.get(host, HostState(host, 0, None, None))
        state = failed(state, reason, datetime.now(UTC), until=until)
        self._note(state)
        if state.put_off_until is None:
            return
        self._crawler.stats.inc_value("hosts/put-off")
        logger.warning("%s is left alone: %s", host, _put_off(state))
        leave_alone(self._crawler, request, state.put_off_until)

    def _look(self) -> None:
        if monotonic() - self._looked < LOOK_SECONDS:
            return
        try:
            self._hosts = {state.name: state for state in self._frontier.hosts()}
        except StorageError as error:
            stop_crawl(self._crawler, error)
        self._looked = monotonic()

    def _note(self, state: HostState) -> None:
        self._hosts[state.name] = state
        if not state.failures:
            del self._hosts[state.name]
        try:
            self._frontier.note_host(state)
        except StorageError as error:
            stop_crawl(self._crawler, error)


def _put_off(state: HostState) -> str:
    until = f"{state.put_off_until:%Y-%m-%d %H:%M:%S} UTC"
    return f"put off until {until}, after {state.failures} failures in a row (the last: {state.reason})"


def _host(request: Request) -> str:
    """With its port, where it has one of its own."""
    location: Any = urlsplit(request.url).netloc
    return str(location).rpartition("@")[2].lower()
