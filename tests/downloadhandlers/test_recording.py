"""A tap hands each exchange on once, whatever its connection and its sink do."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from scrapy import Request

from crawler.downloadhandlers.recording import Limits, Recording, Tap
from crawler.errors import DiskFull
from crawler.items import BrokenExchange, Capture, Exchange

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


class Sink:
    def __init__(self) -> None:
        self.taken: list[Exchange | BrokenExchange] = []

    def __call__(self, request: Request, exchange: Exchange | BrokenExchange) -> Future[Capture] | None:
        self.taken.append(exchange)
        return Future() if isinstance(exchange, Exchange) else None


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def tap(sink: Sink) -> Tap:
    return Tap(Request("http://localhost/page#part"), sink, Limits(memory=1000), verify_tls=True)


def answered(tap: Tap) -> Recording:
    recording = tap.begin("127.0.0.1")
    recording.sent(b"GET /page HTTP/1.1\r\n\r\n")
    recording.received(HEAD + b"bo")
    recording.head_ended(200, unread=2)
    return recording


def test_exchange_is_handed_on_once(tap: Tap, sink: Sink) -> None:
    recording = answered(tap)
    recording.received(b"dy")
    recording.finish()
    tap.cut("time", "late")
    (exchange,) = sink.taken
    assert isinstance(exchange, Exchange)
    assert exchange.response.read() == HEAD + b"body"
    assert exchange.truncated is None


def test_bytes_after_the_end_change_nothing(tap: Tap, sink: Sink) -> None:
    recording = answered(tap)
    tap.cut("time", "late")
    recording.received(b"dy")
    assert isinstance(sink.taken[0], Exchange)
    assert sink.taken[0].response.read() == HEAD + b"bo"


def test_request_that_never_left_is_no_exchange(tap: Tap, sink: Sink) -> None:
    tap.begin("127.0.0.1").finish(reason="not even begun")
    held = tap.begin("127.0.0.1")
    held.sent(b"GET /page HTTP/1.1\r\n\r\n")
    held.request_left = False
    held.finish(reason="certificate refused")
    assert sink.taken == []


def test_next_attempt_ends_the_one_before(tap: Tap, sink: Sink) -> None:
    tap.begin("127.0.0.1").sent(b"GET /page HTTP/1.1\r\n\r\n")
    answered(tap).finish(unread=2)
    broken, exchange = sink.taken
    assert isinstance(broken, BrokenExchange)
    assert isinstance(exchange, Exchange)
    assert (broken.reason, exchange.attempt) == ("no response", 2)


def test_failure_of_the_sink_reaches_whoever_awaits_the_capture() -> None:
    def full(request: Request, exchange: Exchange | BrokenExchange) -> None:
        raise DiskFull("no room")

    tap = Tap(Request("http://localhost/page"), full, Limits(memory=1000), verify_tls=True)
    answered(tap).finish()
    assert tap.capture is not None
    with pytest.raises(DiskFull):
        tap.capture.result(0)
