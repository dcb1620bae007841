"""What a route may answer with: bytes, and things that go wrong between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


class Interim(bytes):
    """A 1xx response."""


class Unasked(bytes):
    """Bytes after the end of a response, which belong to no exchange."""


@dataclass(frozen=True)
class Pause:
    """Nothing for a while."""

    seconds: float


class Close:
    """The end of the connection, in order."""


class Reset:
    """The end of the connection, by a TCP reset."""


class Vanish:
    """The end of the connection without TLS's closing message."""


Part = bytes | Pause | type[Close] | type[Reset] | type[Vanish]


@dataclass(frozen=True)
class Request:
    """A request as the site received it."""

    method: str
    target: str
    """Path and query, also when it came to the proxy as an absolute address."""
    headers: tuple[tuple[str, str], ...]
    """As sent, names in lower case."""
    body: bytes
    nth: int
    """How many times its address has been asked for, from 1."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        return next((value for field, value in self.headers if field == name), None)


Route = Callable[[Request], Iterable[Part]]


def page(body: bytes = b"<p>Hello</p>", *headers: str, status: str = "200 OK") -> bytes:
    """A whole response with Content-Length; headers such as "ETag: x"."""
    return head(f"Content-Length: {len(body)}", *headers, status=status) + body


def always(*parts: Part) -> Route:
    """A route that answers every request with the same."""
    return lambda request: parts


def head(*headers: str, status: str = "200 OK", version: str = "1.1") -> bytes:
    """A response's header with its blank line."""
    typed = any(header.lower().startswith("content-type") for header in headers)
    lines = [f"HTTP/{version} {status}", *([] if typed else ["Content-Type: text/html; charset=utf-8"]), *headers]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def chunk(data: bytes, extension: str = "") -> bytes:
    return f"{len(data):x}{extension}\r\n".encode() + data + b"\r\n"
