"""The site logs what crosses the wire, and takes routes from the test that starts it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from tests.site.parts import Close, Interim, Unasked, page
from tests.site.server import Site


def spoken(url: str, request: bytes) -> bytes:
    """All that comes back on a connection of its own until it ends."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connected:
        connected.sendall(request)
        return b"".join(iter(lambda: connected.recv(65536), b""))


def test_route_of_a_test_is_served_and_logged_in_its_parts() -> None:
    answer = (Interim(b"HTTP/1.1 103 Early Hints\r\n\r\n"), page(b"ok"), Unasked(b"more"), Close)
    with Site({"/mine": lambda request: answer}) as site:
        request = f"GET /mine HTTP/1.1\r\nHost: {urlsplit(site.url('/')).netloc}\r\n\r\n".encode()
        received = spoken(site.url("/mine"), request)
        (logged,) = site.logged(site.url("/mine"))
    assert logged.request == request
    assert received == bytes(logged.interim) + logged.response + b"more"


def test_unknown_path_is_not_found() -> None:
    with Site() as site:
        assert spoken(
            site.url("/nowhere"), b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nGET /close HTTP/1.1\r\nHost: x\r\n\r\n"
        ).startswith(b"HTTP/1.1 404 Not Found\r\n")
