"""The wire tap: Scrapy's HTTP/1.1 handler with every exchange's exact bytes handed to the collection.

All use of private names of Scrapy and Twisted is in this file; ``ensure_exact`` refuses versions it was not made for.
"""

# mypy: disable-error-code="no-untyped-call"
# (Twisted's HTTP client is untyped.)

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from OpenSSL import SSL
from scrapy import Request, version_info
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted._version import __version__ as twisted_version
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.defer import CancelledError, Deferred, fail
from twisted.internet.error import ConnectionClosed, ConnectionDone
from twisted.internet.interfaces import IAddress, IHandshakeListener, ISSLTransport
from twisted.internet.ssl import CertificateOptions, platformTrust
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, RequestNotSent
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool
from twisted.web.http import _IdentityTransferDecoder
from twisted.web.iweb import IPolicyForHTTPS, IResponse
from zope.interface import implementer  # type: ignore[import-untyped]  # publishes no types

from crawler.downloadhandlers.recording import HEAD_LIMIT, Limits, Recording, Tap, sink_of
from crawler.downloadhandlers.selftest import ensure_versions, self_test
from crawler.downloadhandlers.sockets import has_unacknowledged, is_silent, socket_below
from crawler.downloadhandlers.tls import take_refused, tls_of, verifier
from crawler.items import Tls, Truncation
from crawler.normalisation.urls import host_of

logger = logging.getLogger(__name__)


REST_SECONDS = 0.02
"""Time that a connection rests between two exchanges, in which bytes that come late betray themselves as unasked."""

_STATUS_LINE = re.compile(rb"\S+ [1-9][0-9]{2}(?: |$)")

SPARE_CONNECTIONS = 8
"""Idle connections kept per host beside one for each concurrent request: some are at rest."""


class _TooLong(Exception):
    """A response beyond its limit on the wire."""


class _Unasked(Exception):
    """Bytes that cannot be the response to the request."""


class _Parser(_LenientHTTPClientParser):
    """Tells the recording where headers end."""

    MAX_LENGTH = 2 * HEAD_LIMIT  # the connection looks after the limit of the whole header
    recording: Recording

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        # Three digits (RFC 9112 §4); Twisted takes all that Python reads as a number, such as "000" and "+200".
        super().statusReceived(status)
        if not _STATUS_LINE.match(status):
            raise ParseError("no status code", status)

    def allHeadersReceived(self) -> None:  # noqa: N802
        code: int = self.response.code
        # The line receiver keeps in its buffer what follows the line it is at.
        unread = len(self._buffer)
        if 100 <= code < 200:
            self.recording.interim_ended(unread)
        else:
            self.recording.head_ended(code, unread)
        super().allHeadersReceived()


class _Tee:
    """A transport that also tells the recording what is written to it."""

    def __init__(self, transport: Any, recording: Recording) -> None:
        self._transport = transport
        self._recording = recording
        self.registerProducer = transport.registerProducer
        self.unregisterProducer = transport.unregisterProducer

    def write(self, data: bytes) -> None:
        self._recording.sent(data)
        self._transport.write(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:  # noqa: N802
        self.write(b"".join(parts))


class _TappedRequest(TxRequest):
    """A request of Twisted's that knows whose download it belongs to, on whichever connection it goes out."""

    tap: Tap
    recording: Recording

    def writeTo(self, transport: Any) -> Deferred[None]:  # noqa: N802
        return cast("Deferred[None]", super().writeTo(_Tee(transport, self.recording)))


@implementer(IHandshakeListener)
class _Connection(_LenientHTTP11ClientProtocol):
    """One connection, used by one exchange after another; never again after bytes that nobody asked for."""

    transport: Any
    _parser: Any = None
    _currentRequest: Any = None  # noqa: N815
    _recording: Recording | None = None
    _tls: Tls | None = None
    rests_until: float | None = None  # reactor's seconds; None: not used yet

    def request(self, request: Any) -> Deferred[IResponse]:
        if self._state != "QUIESCENT":
            return fail(RequestNotSent())
        if refusal := request.tap.refusal():
            self.discard()
            return fail(refusal)
        recording = request.tap.begin(getattr(self.transport.getPeer(), "host", None))
        if ISSLTransport.providedBy(self.transport):
            recording.tls, recording.request_left = self._tls, self._tls is not None
        self._recording = request.recording = recording
        response = super().request(request)
        # As Scrapy does: the parser's class is written out in Twisted's request().
        self._parser.__class__ = _Parser
        self._parser.recording = recording
        return response

    def handshakeCompleted(self) -> None:  # noqa: N802
        recording = self._recording
        if recording is None:
            return
        if refusal := recording.tap.refusal():  # the request has waited for this moment
            self._giveUp(Failure(refusal))
            return
        self._tls = tls_of(self.transport.getHandle(), verified=recording.tap.verify_tls)
        recording.tls, recording.request_left = self._tls, True

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        recording = self._recording
        if recording is None or self._parser is None:
            self.discard()
            return
        if not recording.length and self._cannot_be_answered():
            self._giveUp(Failure(_Unasked("bytes came before the request had arrived")))
            return
        if not recording.length:
            recording.tap.answered()
        try:
            recording.received(data)
        except OSError as error:
            recording.fail(f"not spooled: {error}")
            self._giveUp(Failure())
            return
        super().dataReceived(data)
        if recording.length > recording.limit and self._recording is recording:
            self._giveUp(Failure(_TooLong(f"over {recording.limit} bytes")))

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        recording, self._recording = self._recording, None
        if recording is not None:
            self._currentRequest.persistent = self._currentRequest.persistent and not rest and self._persists()
            recording.finish(unread=len(rest))
        super()._finishResponse(rest)

    def _disconnectParser(self, reason: Failure) -> None:  # noqa: N802
        recording, self._recording = self._recording, None
        if recording is not None and not reason.check(CancelledError):
            recording.finish(self._truncation(reason), reason=reason.getErrorMessage())
        super()._disconnectParser(reason)

    def _truncation(self, reason: Failure) -> Truncation | None:
        """How the end of the connection cut the response; None where the end of both is the same."""
        if reason.check(_TooLong):
            return "length"
        if not reason.check(ConnectionClosed, SSL.Error):
            return "unspecified"
        decoder = self._parser.bodyDecoder
        until_close = isinstance(decoder, _IdentityTransferDecoder) and decoder.contentLength is None
        # RFC 9112 §8, §9.8: a reset, or TLS without its closing message, leaves a body that ends with it incomplete.
        return None if until_close and reason.check(ConnectionDone) else "disconnect"

    def _persists(self) -> bool:
        """Whether the peer keeps the connection (RFC 9112 §9.3); Twisted asks only for a literal "close"."""
        options = b",".join(self._parser.connHeaders.getRawHeaders(b"connection", ())).lower()
        if b"close" in options:
            return False
        return self._parser.response.version[1:] >= (1, 1) or b"keep-alive" in options

    def _cannot_be_answered(self) -> bool:
        """Whether the request is still on its way, on a connection used before: what comes now was on its way too.

        A request with a body may be refused before all of it has arrived.
        """
        if self.rests_until is None or self._currentRequest.bodyProducer is not None:
            return False
        below = socket_below(self.transport)
        return below is not None and has_unacknowledged(below)

    def is_silent(self) -> bool:
        """Whether nothing waits to be read: neither unasked bytes nor the end of the connection."""
        below = socket_below(self.transport)
        return below is None or is_silent(below)

    def discard(self) -> None:
        """Drops the connection; the pool reuses only those that are quiescent."""
        if self._state == "QUIESCENT":
            self._state = "ABORTING"
        self.transport.abortConnection()


class _ConnectionFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Connection:  # noqa: N802
        return _Connection(self._quiescentCallback)


class _Pool(HTTPConnectionPool):
    """Connections that wait for their next exchange, all of them silent when they get it."""

    _factory = _ConnectionFactory

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:  # noqa: N802
        for connection in self._connections.get(key, ()):
            if self._reactor.seconds() < connection.rests_until:
                # They stand in the order in which they came: the others have not rested either.
                return cast("Deferred[Any]", self._newConnection(key, endpoint))
            if connection.is_silent():
                break
            connection.discard()
        return cast("Deferred[Any]", super().getConnection(key, endpoint))

    def _putConnection(self, key: Any, connection: _Connection) -> None:  # noqa: N802
        connection.rests_until = self._reactor.seconds() + REST_SECONDS
        super()._putConnection(key, connection)


class _TappedPool:
    """The pool as one download sees it: what it sends is tapped, and TLS policies do not mix."""

    persistent = True

    def __init__(self, pool: HTTPConnectionPool, tap: Tap) -> None:
        self._pool = pool
        self._tap = tap

    def getConnection(self, key: tuple[Any, ...], endpoint: Any) -> Deferred[Any]:  # noqa: N802
        return self._pool.getConnection((*key, self._tap.verify_tls), endpoint).addCallback(
            _TappedConnection, self._tap
        )


class _TappedConnection:
    """A connection of the pool for one request; Twisted may send it again over another."""

    def __init__(self, connection: Any, tap: Tap) -> None:
        self._connection = connection
        self._tap = tap

    def request(self, request: Any) -> Deferred[IResponse]:
        request.__class__ = _TappedRequest
        request.tap = self._tap
        return cast("Deferred[IResponse]", self._connection.request(request))


class _StrictTlsOptions(ClientTLSOptions):
    """Verifies chain and host name, and refuses whatever cannot be verified."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        callback = verifier(
            self._hostnameASCII,
            is_name=self._hostnameIsDnsName,
            refuse=lambda: tlsProtocol.failVerification(Failure()),
        )
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, callback)
        return connection


@implementer(IPolicyForHTTPS)
class _TlsPolicy:
    """One TLS context for all connections (building it takes milliseconds); host name and SNI are each connection's."""

    def __init__(self, factory: _ScrapyClientContextFactory, *, verify: bool) -> None:
        self._options_class: type[ClientTLSOptions] = _StrictTlsOptions if verify else _ScrapyClientTLSOptions26
        self._context = (
            # As Twisted's optionsForClientTLS has it.
            CertificateOptions(trustRoot=platformTrust(), **factory._get_cert_options_kwargs())
            if verify
            else factory._get_cert_options()
        )

    def creatorForNetloc(self, hostname: bytes, port: int) -> ClientTLSOptions:  # noqa: N802
        return self._options_class(self._context._makeTLSConnection, hostname.decode("ascii"))


class WireDownloadHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1; every exchange goes to the sink that EXCHANGE_SINK names.

    The last exchange's future is in ``request.meta["capture"]`` when the download has ended, well or badly.
    ``request.meta["verify_tls"] = False`` leaves the server's certificate unverified, for that request only.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        ensure_exact()
        self._sink = sink_of(crawler)
        self._pool = _Pool(self._pool._reactor)
        self._pool.maxPersistentPerHost = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") + SPARE_CONNECTIONS
        self._verify = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._spool_bytes = crawler.settings.getint("CAPTURE_SPOOL_BYTES", 1 << 20)
        self._spool_folder: str | None = crawler.settings.get("CAPTURE_SPOOL_DIR")

    async def download_request(self, request: Request) -> Response:
        request.meta.pop("capture", None)
        tap = Tap(request, self._sink, self._limits(request), verify_tls=self._verifies(request))
        download = self._agent(tap).download_request(request)
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(download.addBoth(_ended, request, tap))

    def _agent(self, tap: Tap) -> _ScrapyAgent:
        return _ScrapyAgent(
            contextFactory=self._verified if tap.verify_tls else self._unverified,
            bindAddress=self._bind_address,
            pool=cast("HTTPConnectionPool", _TappedPool(self._pool, tap)),
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )

    def _verifies(self, request: Request) -> bool:
        return self._verify and bool(request.meta.get("verify_tls", True))

    def _limits(self, request: Request) -> Limits:
        maxsize: int = request.meta.get("download_maxsize", self._default_maxsize)
        # The body is limited by Scrapy; this bounds what chunk headers and extensions can add to it.
        wire = 2 * maxsize + HEAD_LIMIT if maxsize else float("inf")
        return Limits(self._spool_bytes, wire, self._spool_folder)

    @cached_property
    def _verified(self) -> Any:
        return _TlsPolicy(self._contextFactory, verify=True)

    @cached_property
    def _unverified(self) -> Any:
        return _TlsPolicy(self._contextFactory, verify=False)


T = TypeVar("T")


def _ended(result: T, request: Request, tap: Tap) -> T:
    """Closes what the download leaves open: at once, before its connection tells of an end in words of its own."""
    if not isinstance(result, Failure):
        tap.cut("unspecified", "stopped")
    elif result.check(DownloadTimeoutError):
        tap.cut("time", result.getErrorMessage())
    else:
        over = result.check(DownloadCancelledError, CancelledError)
        tap.cut("length" if over else "unspecified", result.getErrorMessage())
    if tap.capture is not None:
        request.meta["capture"] = tap.capture
    if isinstance(result, Failure) and (refused := take_refused(host_of(request.url))):
        request.meta["refused_certificate"] = refused
    return result


@cache
def ensure_exact() -> None:
    """Raises CaptureMismatch where exact bytes cannot be promised: other versions, or a self-test that fails."""
    ensure_versions(version_info, (twisted_version.major, twisted_version.minor))
    clock = Clock()
    pool = _Pool(clock)
    self_test(lambda tap: _TappedPool(pool, tap), clock)
