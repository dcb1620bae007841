"""The bytes of wire exchanges while they are under way, and how they become Exchanges."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from time import monotonic
from typing import BinaryIO, cast
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.errors import CaptureMismatch, Postponed
from crawler.items import BrokenExchange, Capture, Exchange, Tls, Truncation

ExchangeSink = Callable[[Request, Exchange | BrokenExchange], Future[Capture] | None]
"""Takes each exchange as it ends; the future tells where it is on record."""

HEAD_LIMIT = 256 * 1024
"""Bytes of header, 1xx responses included, after which a response is given up: as browsers do."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may take."""

    memory: int
    """Bytes of a response beyond which it is spooled to disk."""
    wire: float = float("inf")
    """Bytes of a response beyond which it is cut."""
    folder: str | None = None
    """Of the spools; None: the system's folder for temporary files."""


class Recording:
    """One exchange: the request as sent, the response as received, and where its parts begin."""

    def __init__(self, tap: Tap, attempt: int, ip: str | None) -> None:
        self.tap = tap
        self.tls: Tls | None = None
        self.request_left = True
        """False while a TLS handshake still holds the request back."""
        self.length = 0
        """Bytes received; those of 1xx responses are taken off once the final header is complete."""
        self.limit: float = HEAD_LIMIT
        """Length beyond which the connection is to be given up."""
        self._attempt = attempt
        self._ip = ip
        self._captured_at = datetime.now(UTC)
        self._began = monotonic()
        self._request: list[bytes] = []
        self._final_at = 0
        self._interim = b""
        self._status = 0  # until the final header is complete
        self._head_length = 0
        self._parts: list[bytes] = []
        self._file: BinaryIO | None = None
        self._finished = False

    def sent(self, data: bytes) -> None:
        self._request.append(data)

    def received(self, data: bytes) -> None:
        """Keeps what came; raises OSError when it cannot be spooled."""
        if self._finished:
            return
        self.length += len(data)
        if self._file is not None:
            self._file.write(data)
            return
        self._parts.append(data)
        if self._status and self.length > self.tap.limits.memory:
            self._spool()

    def interim_ended(self, unread: int) -> None:
        """A 1xx response ends ``unread`` bytes before the last byte received."""
        self._final_at = self.length - unread

    def head_ended(self, status: int, unread: int) -> None:
        """The final response's header ends ``unread`` bytes before the last byte received."""
        if self._final_at:
            data = b"".join(self._parts)
            self._interim, self._parts = data[: self._final_at], [data[self._final_at :]]
            self.length -= self._final_at
        self._status = status
        self._head_length = self.length - unread
        self.limit = self.tap.limits.wire

    def finish(self, truncated: Truncation | None = None, *, unread: int = 0, reason: str = "") -> None:
        """Hands the exchange on, once; the last ``unread`` bytes are no part of it."""
        if self._finished:
            return
        self._finished = True
        if self._status:
            self.tap.hand_on(self._exchange(truncated, self.length - unread))
        elif self._request and self.request_left:
            self.tap.hand_on(self._broken(reason))
        self._parts = []

    def fail(self, reason: str) -> None:
        """Ends an exchange whose bytes could not be kept."""
        self._status, self._parts = 0, []
        self.finish(reason=reason)

    def _spool(self) -> None:
        self._file = tempfile.TemporaryFile(dir=self.tap.limits.folder)  # noqa: SIM115  # whoever gets it closes it
        self._file.writelines(self._parts)
        self._parts = []

    def _response(self, length: int) -> BinaryIO:
        if self._file is not None:
            self._file.truncate(length)
            self._file.seek(0)
            return self._file
        # A response that came in one part is neither joined nor copied.
        data = b"".join(self._parts)
        return BytesIO(data if length == len(data) else data[:length])

    def _exchange(self, truncated: Truncation | None, length: int) -> Exchange:
        return Exchange(
            url=self.tap.url,
            method=self.tap.method,
            captured_at=self._captured_at,
            fetch_ms=round((monotonic() - self._began) * 1000),
            request=b"".join(self._request),
            response=self._response(length),
            response_length=length,
            head_length=self._head_length,
            status=self._status,
            interim=self._interim,
            truncated=truncated,
            ip=self._ip,
            tls=self.tls if self.tap.url.startswith("https:") else None,
            via_proxy=self.tap.via_proxy,
            attempt=self._attempt,
        )

    def _broken(self, reason: str) -> BrokenExchange:
        return BrokenExchange(
            url=self.tap.url,
            method=self.tap.method,
            captured_at=self._captured_at,
            request=b"".join(self._request),
            received=b"".join(self._parts),
            reason=reason or "the download was given up",
            ip=self._ip,
        )


class Tap:
    """Follows one download over all its wire exchanges, retries on other connections included."""

    def __init__(
        self,
        request: Request,
        sink: ExchangeSink,
        limits: Limits,
        *,
        verify_tls: bool,
    ) -> None:
        self.url: str = urldefrag(request.url)[0]
        self.method: str = request.method
        self.via_proxy = bool(request.meta.get("proxy"))
        self.verify_tls = verify_tls
        self.limits = limits
        self.capture: Future[Capture] | None = None
        """Of the last exchange: the one that made the response."""
        self._request = request
        self._sink = sink
        self._recording: Recording | None = None
        self._attempts = 0

    def refusal(self) -> Postponed | None:
        """Right before the request leaves: why it may not any more. A sink may have a say (``permit``)."""
        permit: Callable[[Request], None] | None = getattr(self._sink, "permit", None)
        try:
            if permit is not None:
                permit(self._request)
        except Postponed as error:
            return error
        return None

    def answered(self) -> None:
        """The first bytes of an answer have come. A sink may want to know (``answered``)."""
        answered: Callable[[Request], None] | None = getattr(self._sink, "answered", None)
        if answered is not None:
            answered(self._request)

    def begin(self, peer_ip: str | None) -> Recording:
        """A new exchange; the one before has ended, whether or not its connection noticed."""
        self.cut("unspecified", "no response")
        self._attempts += 1
        self._recording = Recording(self, self._attempts, None if self.via_proxy else peer_ip)
        return self._recording

    def cut(self, truncated: Truncation, reason: str) -> None:
        """Ends the exchange that is still under way, if any, with what has come so far."""
        if self._recording is not None:
            self._recording.finish(truncated, reason=reason)

    def hand_on(self, exchange: Exchange | BrokenExchange) -> None:
        try:
            self.capture = self._sink(self._request, exchange)
        except Exception as error:
            # Whoever awaits the capture learns it; the connection is not to blame.
            logger.exception("exchange not taken: %s", exchange.url)
            self.capture = Future()
            self.capture.set_exception(error)


def sink_of(crawler: Crawler) -> ExchangeSink:
    """What EXCHANGE_SINK names: a callable, or a class with ``from_crawler`` whose instances are callable."""
    named = crawler.settings.get("EXCHANGE_SINK")
    if not named:
        raise CaptureMismatch("EXCHANGE_SINK is not set: nothing would record the exchanges")
    sink = load_object(named)
    return cast("ExchangeSink", build_from_crawler(sink, crawler) if isinstance(sink, type) else sink)
