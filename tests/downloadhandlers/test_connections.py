"""Which connections are used again, and what happens to those that fail."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from crawler.downloadhandlers.sockets import has_unacknowledged, is_silent
from tests.downloadhandlers.crawling import Fetch, Seen, crawl
from tests.site.server import Site

KEPT = ["/page", "/chunked", "/empty", "/no-content", "/not-modified", "/http-1.0-keep-alive", "/early-hints"]
LEFT = [
    "/close",
    "/http-1.0-with-length",
    "/unasked-at-once",
    "/unasked-after-chunks",
    "/unasked-when-idle",
    "/unasked-body-of-304",
    "/closed-when-idle",
]


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    """One request after the other, each after the last one's connection has rested."""
    fetches = [Fetch(url) for path in (*KEPT, *LEFT) for url in pair(site, path)]
    fetches += [Fetch(url, meta={"verify_tls": name.startswith("yes")}) for name, url in policies(site).items()]
    fetches += [Fetch(site.url("/page?before")), Fetch(site.url("/closed-once"))]
    settings = {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_DELAY": 0.15, "RANDOMIZE_DOWNLOAD_DELAY": False}
    return crawl(fetches, settings=settings, ca_file=site.ca_file)


def pair(site: Site, path: str) -> tuple[str, str]:
    """A path, and the page that is asked for after it."""
    return site.url(path, "https"), site.url(f"/page?after{path}", "https")


def policies(site: Site) -> dict[str, str]:
    return {name: site.url(f"/page?{name}", "https") for name in ("yes", "no", "yes-again", "no-again")}


@pytest.fixture
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
        with ours, theirs:
            yield ours, theirs


def connections(site: Site, *urls: str) -> list[int]:
    return [entry.connection for url in urls for entry in site.logged(url)]


@pytest.mark.parametrize("path", KEPT)
def test_connection_is_used_again_after(site: Site, seen: Seen, path: str) -> None:
    first, second = connections(site, *pair(site, path))
    assert first == second


@pytest.mark.parametrize("path", LEFT)
def test_connection_is_not_used_again_after(site: Site, seen: Seen, path: str) -> None:
    first, second = connections(site, *pair(site, path))
    assert first != second


@pytest.mark.parametrize("path", LEFT)
def test_exchange_after_a_connection_was_left_is_exact(site: Site, seen: Seen, path: str) -> None:
    _, after = pair(site, path)
    assert seen.exchange(after)["response"] == site.logged(after)[0].response
    assert seen.broken_of(after) == []


def test_request_that_is_sent_again_is_two_exchanges(site: Site, seen: Seen) -> None:
    url = site.url("/closed-once")
    unanswered, answered = site.logged(url)
    assert [(broken["request"], broken["received"]) for broken in seen.broken] == [(unanswered.request, b"")]
    exchange = seen.exchange(url)
    assert (exchange["attempt"], exchange["request"], exchange["response"]) == (2, answered.request, answered.response)
    assert seen.ends[url]["capture"]


def test_connections_with_and_without_verification_are_never_shared(site: Site, seen: Seen) -> None:
    urls = policies(site).values()
    yes, no, yes_again, no_again = connections(site, *urls)
    assert yes == yes_again
    assert no == no_again
    assert yes != no
    assert [seen.exchange(url)["tls"]["verified"] for url in urls] == [True, False, True, False]


def test_socket_is_silent_until_something_comes(connected: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = connected
    assert is_silent(ours)
    theirs.sendall(b"unasked")
    assert not is_silent(ours)
    assert ours.recv(100) == b"unasked"
    theirs.close()
    assert not is_silent(ours)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_bytes_that_the_other_side_has_no_room_for_are_unacknowledged(
    connected: tuple[socket.socket, socket.socket],
) -> None:
    ours, _ = connected
    assert not has_unacknowledged(ours)
    ours.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            ours.send(bytes(1 << 20))
    assert has_unacknowledged(ours)
