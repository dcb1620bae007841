"""The site's paths, each named by what is odd about its answer.

A test that needs paths of its own gives them to ``Site``; those here are for all, and the wire tap is tried on each:
what is no whole response must be named in ``tests/downloadhandlers/test_wire.py``.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tests.site.parts import (
    Close,
    Interim,
    Part,
    Pause,
    Request,
    Reset,
    Route,
    Unasked,
    Vanish,
    chunk,
    head,
    page,
)

BODY = b"<!doctype html><title>Page</title><p>" + b"Some words of a page. " * 60
"""Over the size below which no payload is worth a revisit record."""

ROUTES: dict[str, Route] = {}


def _add(path: str, *parts: Part) -> None:
    """A path that always answers alike."""
    ROUTES[path] = lambda request: parts


def not_found(request: Request) -> Iterable[Part]:
    yield page(b"<p>Not here", status="404 Not Found")


# Whole responses.
_add("/page", page(BODY))
_add("/gone", page(b"<p>Gone", status="410 Gone"))
_add("/moved", page(b"", "Location: /page", status="301 Moved Permanently"))
_add("/moved-with-body", page(b"<p>Over there", "Location: /page", status="302 Found"))
_add("/forbidden", page(b"<p>No", status="403 Forbidden"))
_add("/too-many", page(b"", "Retry-After: 1", status="429 Too Many Requests"))
_add("/error", page(b"<p>Oops", status="500 Internal Server Error"))
_add("/unavailable", page(b"<p>Later", status="503 Service Unavailable"))
_add("/robots.txt", page(b"User-agent: *\nDisallow: /private\n", "Content-Type: text/plain"))
_add("/empty", page(b""))
_add("/no-content", head(status="204 No Content"))
_add("/not-modified", head('ETag: "a"', "Content-Length: 900", status="304 Not Modified"))
_add("/binary", page(bytes(range(256)) * 8, "Content-Type: image/png"))
_add("/in-pieces", head("Content-Length: 6"), Pause(0.02), b"abc", Pause(0.02), b"def")
_add("/header-in-pieces", b"HTTP/1.1 20", Pause(0.02), b"0 OK\r\nContent-Le", Pause(0.02), b"ngth: 2\r\n\r", b"\nok")

# Lengths and codings of transfer.
_add("/chunked", head("Transfer-Encoding: chunked"), chunk(BODY), chunk(b"more"), b"0\r\n\r\n")
_add("/chunked-in-capitals", head("TRANSFER-ENCODING: Chunked"), b"00A\r\n0123456789\r\n0\r\n\r\n")
_add(
    "/chunk-extensions",
    head("Transfer-Encoding: chunked"),
    chunk(b"a", ';x="y";z'),
    chunk(b"b", ";q"),
    b"0;end\r\n\r\n",
)
_add(
    "/trailers",
    head("Transfer-Encoding: chunked", "Trailer: Digest"),
    chunk(BODY),
    b"0\r\nDigest: abc\r\nX-More: yes\r\n\r\n",
)
_add("/one-byte-chunks", head("Transfer-Encoding: chunked"), *[chunk(b"x")] * 50, b"0\r\n\r\n")
_add("/until-close", head(), BODY, Close)
_add("/http-1.0", head(version="1.0"), BODY, Close)
_add("/http-1.0-with-length", head(f"Content-Length: {len(BODY)}", version="1.0"), BODY)
_add("/http-1.0-keep-alive", head("Content-Length: 2", "Connection: Keep-Alive", version="1.0"), b"ok")
_add("/close", page(BODY, "Connection: Close"), Close)
_add("/chunked-and-length", head("Transfer-Encoding: chunked", "Content-Length: 3"), chunk(b"abc"), b"0\r\n\r\n")
_add("/same-length-twice", head("Content-Length: 2", "Content-Length: 2"), b"ok")

# Codings of content.
_add("/gzip", page(gzip.compress(BODY, mtime=0), "Content-Encoding: gzip"))
_add(
    "/gzip-chunked",
    head("Content-Encoding: gzip", "Transfer-Encoding: chunked"),
    chunk(gzip.compress(BODY, mtime=0)),
    b"0\r\n\r\n",
)
_add("/brotli", page(brotli.compress(BODY), "Content-Encoding: br"))
_add("/zstd", page(zstd.compress(BODY), "Content-Encoding: zstd"))
_add("/broken-gzip", page(gzip.compress(BODY, mtime=0)[:-9] + b"nonsense!", "Content-Encoding: gzip"))

# Headers.
_add("/duplicate-headers", page(BODY, "X-Same: 1", "x-same: 2", "X-SAME:3", "Link: </a>", "Link: </b>"))
_add("/odd-case", b"HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:   2  \r\nx-EMPTY:\r\n\r\nok")
_add("/line-without-colon", b"HTTP/1.1 200 OK\r\nThis is no header\r\nContent-Length: 2\r\n\r\nok")
_add("/folded-header", b"HTTP/1.1 200 OK\r\nX-Long: one\r\n\ttwo\r\nContent-Length: 2\r\n\r\nok")
_add("/bare-newlines", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
_add("/no-reason", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok")
_add("/odd-reason", b"HTTP/1.1 200 Tr\xe8s bien\r\nX-Latin: \xff\xfe\r\nContent-Length: 2\r\n\r\nok")
_add("/odd-status", page(b"ok", status="799 Odd"))
_add("/long-header", page(BODY, "Content-Security-Policy: " + "x" * 40_000))
_add("/many-headers", page(BODY, *[f"X-{n}: {n}" for n in range(500)]))

# Interim responses.
_add("/early-hints", Interim(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"), Pause(0.02), page(BODY))
_add(
    "/continue-and-hints", Interim(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"), page(BODY)
)

# Responses cut off.
_add("/truncated", head("Content-Length: 5000"), BODY, Close)
_add("/truncated-chunked", head("Transfer-Encoding: chunked"), chunk(BODY), b"ff\r\nnot all", Close)
_add("/truncated-before-last-chunk", head("Transfer-Encoding: chunked"), chunk(BODY), Close)
_add("/reset", head("Content-Length: 5000"), BODY, Pause(0.2), Reset)
_add("/until-reset", head(), BODY, Pause(0.2), Reset)
_add("/vanished", head(), BODY, Pause(0.05), Vanish)
_add("/cut-in-header", b"HTTP/1.1 200 OK\r\nContent-Le", Close)
_add("/cut-after-interim", b"HTTP/1.1 103 Early Hints\r\n\r\n", Close)
_add("/no-answer", Close)
_add("/not-http", b"SSH-2.0-OpenSSH_9.9\r\n\r\n", Close)
_add("/status-000", b"HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\nok", Close)
_add("/status-signed", b"HTTP/1.1 +200 OK\r\nContent-Length: 2\r\n\r\nok", Close)
_add("/endless-header", b"HTTP/1.1 200 OK\r\n", *[b"X-Endless: " + b"x" * 1000 + b"\r\n"] * 400, Pause(30))
_add("/bad-length", head("Content-Length: many"), BODY, Close)
_add("/bad-chunk", head("Transfer-Encoding: chunked"), chunk(BODY), b"zz\r\n", Pause(0.2), Close)
_add("/unknown-transfer-coding", head("Transfer-Encoding: gzip"), gzip.compress(BODY, mtime=0), Close)

# Slow and large ones.
_add("/slow", head("Content-Length: 5000"), BODY, Pause(30))
_add("/trickle", head("Content-Length: 5000"), *(b"x", Pause(0.1)) * 50)
_add("/slow-header", b"HTTP/1.1 200 OK\r\n", Pause(30))
_add("/silent", Pause(30))
_add("/large", page(b"0123456789abcdef" * 25_000))
_add("/large-chunked", head("Transfer-Encoding: chunked"), *[chunk(b"0123456789abcdef" * 500)] * 50, b"0\r\n\r\n")
_add("/large-until-close", head(), *[b"0123456789abcdef" * 500] * 50, Close)
_add("/large-with-hints", Interim(b"HTTP/1.1 103 Early Hints\r\n\r\n"), page(b"0123456789abcdef" * 25_000))
_add("/padded-chunks", head("Transfer-Encoding: chunked"), *[chunk(b"x", ";" + "p" * 1000)] * 2000, b"0\r\n\r\n")

# Bytes that nobody asked for.
_EVIL = Unasked(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
_add("/unasked-at-once", page(BODY), _EVIL)
_add("/unasked-after-chunks", head("Transfer-Encoding: chunked"), chunk(b"a"), b"0\r\n\r\n", _EVIL)
_add("/unasked-when-idle", page(BODY), Pause(0.05), _EVIL)
_add("/unasked-body-of-304", head('ETag: "a"', status="304 Not Modified"), Unasked(b"a body that may not be"))
_add("/closed-when-idle", page(BODY), Pause(0.05), Close)


def _closed_once(request: Request) -> Iterable[Part]:
    """No answer to the first request, as from a server that closes an idle connection at that moment."""
    yield Close if request.nth == 1 else page(BODY)


ROUTES["/closed-once"] = _closed_once
