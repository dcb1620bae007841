"""What must hold before a crawl may begin: versions the tap was made for, and exact bytes of exchanges in memory."""

# mypy: disable-error-code="no-untyped-call"
# (Twisted's HTTP client is untyped.)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IPushProducer, IStreamClientEndpoint
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.web.client import Agent
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IResponse
from zope.interface import implementer  # type: ignore[import-untyped]  # publishes no types

from crawler.downloadhandlers.recording import Limits, Tap
from crawler.errors import CaptureMismatch
from crawler.items import BrokenExchange, Exchange

SCRAPY = ((2, 19), (2, 20))
TWISTED = ((26, 4), (27, 0))
"""Versions the tap was made for: from, and below."""

PIECE = 7
"""Bytes of a response that come at a time: few enough to cut every line."""


@dataclass(frozen=True)
class _Case:
    path: str
    response: bytes
    interim: bytes = b""
    unasked: bytes = b""
    reused: bool = False
    """Whether the exchange must go over the connection of the one before."""


CASES = (
    _Case(
        "/chunked",
        b"HTTP/1.1 200 OK\r\nTRANSFER-encoding: chunked\r\nX-A: 1\r\nx-a:2\r\nno colon\r\n\r\n"
        b"5;ext=1\r\nhello\r\n0\r\nTrailer: t\r\n\r\n",
        interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
    ),
    _Case("/length", b"HTTP/1.1 200 OK\nContent-Length: 5\n\n\x1f\x8b\x00\xff\n", reused=True),
    _Case(
        "/unasked",
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        unasked=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        reused=True,
    ),
    _Case("/after", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
)


@implementer(IPushProducer)
class _Transport:
    """Just enough of a connection."""

    def __init__(self) -> None:
        self.sent = b""
        self.open = True

    def write(self, data: bytes) -> None:
        self.sent += data

    def writeSequence(self, parts: Any) -> None:  # noqa: N802
        self.write(b"".join(parts))

    def loseConnection(self) -> None:  # noqa: N802
        self.open = False

    abortConnection = stopProducing = loseConnection  # noqa: N815

    def getPeer(self) -> None:  # noqa: N802
        return None

    def pauseProducing(self) -> None:  # noqa: N802
        pass

    resumeProducing = pauseProducing  # noqa: N815
    registerProducer = unregisterProducer = None  # noqa: N815


@implementer(IStreamClientEndpoint, IAgentEndpointFactory)
class _Endpoint:
    """Connects to nowhere, and remembers the connections."""

    def __init__(self) -> None:
        self.connections: list[Protocol] = []

    def connect(self, factory: Any) -> Deferred[Protocol]:
        protocol: Protocol = factory.buildProtocol(None)
        self.connections.append(protocol)
        protocol.makeConnection(_Transport())
        return succeed(protocol)

    def endpointForURI(self, uri: object) -> _Endpoint:  # noqa: N802
        return self


class _Body(Protocol):
    """Reads a body, so that the connection goes on."""


def ensure_versions(scrapy: tuple[int | str, ...], twisted: tuple[int | str, ...]) -> None:
    """Raises CaptureMismatch for versions of Scrapy and Twisted that the tap was not made for."""
    for name, found, (low, high) in (("Scrapy", scrapy, SCRAPY), ("Twisted", twisted, TWISTED)):
        if not low <= found < high:
            wanted = f">={_dotted(low)},<{_dotted(high)}"
            raise CaptureMismatch(f"{name} {_dotted(found)} is installed; the wire tap needs {wanted}")


def _dotted(version: tuple[int | str, ...]) -> str:
    return ".".join(map(str, version))


def self_test(pool_of: Callable[[Tap], Any], clock: Clock, *, piece: int = PIECE) -> None:
    """Raises CaptureMismatch unless what the tap hands on is what went through; some milliseconds, no sockets.

    ``pool_of`` gives the pool of connections as one download sees it; the pool lives by ``clock``.
    Responses come ``piece`` bytes at a time.
    """
    try:
        _perform_all(pool_of, clock, piece)
    except (AttributeError, LookupError, TypeError, RuntimeError) as error:
        raise CaptureMismatch(f"self-test: a private name of Scrapy or Twisted is not what it was: {error}") from error


def _perform_all(pool_of: Callable[[Tap], Any], clock: Clock, piece: int) -> None:
    endpoint = _Endpoint()
    for case in CASES:
        known = len(endpoint.connections)
        clock.advance(1)  # connections may rest between exchanges
        sent, exchanges = _performed(case, endpoint, pool_of, piece)
        reused = len(endpoint.connections) == known
        if reused != case.reused:
            raise CaptureMismatch(f"self-test {case.path}: connection reused: {reused}, expected {case.reused}")
        _compare(case, sent, exchanges)


def _performed(
    case: _Case, endpoint: _Endpoint, pool_of: Callable[[Tap], Any], piece: int
) -> tuple[bytes, list[Exchange | BrokenExchange]]:
    """What the connection got to send, and what the tap handed on."""
    exchanges: list[Exchange | BrokenExchange] = []

    def sink(_: Request, exchange: Exchange | BrokenExchange) -> None:
        exchanges.append(exchange)

    tap = Tap(Request(f"http://localhost{case.path}"), sink, Limits(memory=1 << 20), verify_tls=True)
    agent = Agent.usingEndpointFactory(Clock(), endpoint, pool_of(tap))
    deferred: Deferred[IResponse] = agent.request(b"GET", tap.url.encode(), Headers({}), None)
    deferred.addCallbacks(_read, lambda failure: None)
    sent = _answer(endpoint.connections[-1], case, piece)
    return sent, exchanges


def _answer(connection: Any, case: _Case, piece: int) -> bytes:
    """Feeds the response in pieces, and returns the request that was sent before it."""
    sent: bytes = connection.transport.sent
    connection.transport.sent = b""
    wire = case.interim + case.response
    last = max(len(wire) - piece, 0)
    for start in range(0, last, piece):
        connection.dataReceived(wire[start : min(start + piece, last)])
    connection.dataReceived(wire[last:] + case.unasked)
    return sent


def _read(response: Any) -> None:
    if response.length:
        response.deliverBody(_Body())


def _compare(case: _Case, sent: bytes, exchanges: list[Exchange | BrokenExchange]) -> None:
    if len(exchanges) != 1 or not isinstance(exchanges[0], Exchange):
        raise CaptureMismatch(f"self-test {case.path}: the tap saw {len(exchanges)} exchanges, expected one")
    seen = exchanges[0]
    head = case.response.partition(b"\r\n\r\n" if b"\r\n\r\n" in case.response else b"\n\n")
    expected = {
        "request": sent,
        "interim": case.interim,
        "response": case.response,
        "head": len(head[0] + head[1]),
        "truncated": None,
    }
    got = {
        "request": seen.request,
        "interim": seen.interim,
        "response": seen.response.read(),
        "head": seen.head_length,
        "truncated": seen.truncated,
    }
    for part, value in expected.items():
        if got[part] != value:
            raise CaptureMismatch(f"self-test {case.path}: {part} is {got[part]!r}, expected {value!r}")
