"""Other programs' word on what we write: the conformance checker, warcio, FastWARC, and the standard's digests."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import is_warc_11
from warcio.archiveiterator import ArchiveIterator

from crawler.items import BrokenExchange, Capture, Event, Exchange, Hints, Notes, Tls
from crawler.warc.reader import payload, read
from crawler.warc.recovery import recover
from tests.warc.exchanges import HOST, Known, checkout, chunked, exchange, message, warcs, writing, written

CHECKER = checkout().parent / "shared" / "tools" / "warc_conform.py"

PAGE = "<p>Nachrichten aus Köln</p>".encode() * 900
HINTS = Hints("feed", "https://news.example/rss", title="a\u2028b\r\nc: d", published=datetime.now(UTC))
ASKS = (("tdm-reservation", "1"), ("tdm-policy", "https://example.org/terms"))
NOTES = Notes("article", "example", f"https://{HOST}/", 2, 1, HINTS, "https://mirror.example/ü", "7", site_asks=ASKS)


def every_kind() -> list[Exchange]:
    coded = gzip.compress(PAGE)
    head = message(b"", "Content-Type: text/html").replace(b"Content-Length: 0", b"Content-Length: 5000")
    return [
        exchange("/", message(PAGE, "Content-Type: text/html; charset=utf-8", 'ETag: "1"')),
        exchange("/gzip?q=1&q=2", message(coded, "Content-Encoding: gzip", "Content-Type: text/html")),
        exchange("/chunked", chunked([PAGE[:7], PAGE[7:]], "Content-Type: Text/HTML", trailer=b"Expires: 0\r\n")),
        exchange("/both", chunked([coded[:99], coded[99:]], "Content-Encoding: gzip")),
        exchange("/moved", message(b"", "Location: /", status="301 Moved Permanently")),
        exchange("/gone", message(b"gone", status="410 Gone"), interim=b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        exchange("/head", head, method="HEAD"),
        exchange("/cut", message(PAGE)[:-10], truncated="disconnect"),
        exchange("/cut-chunk", chunked([PAGE])[:-40], truncated="length"),
        exchange("/1.0", b"HTTP/1.0 200 OK\r\n\r\nuntil close"),
        exchange("/tls", message(PAGE), tls=Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "ab" * 32, True)),
        exchange("/film", message(os.urandom(6 << 20), "Content-Type: video/mp4"), spooled=True),
        exchange("/caf%C3%A9%7C", message(b"", status="204 No Content"), ip="::1"),
    ]


def write_every_kind(folder: Path) -> list[Capture]:
    known = Known()
    with writing(folder, originals=known, max_bytes=1_000_000, prefix="ofrecord test") as writer:
        captures = [writer.record(exchange, NOTES).result(10) for exchange in every_kind()]
        not_modified = exchange("/", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n', conditional=True)
        captures.append(writer.record(not_modified, Notes()).result(10))
        writer.event(Event("silently edited", datetime.now(UTC), detail={"a": "ü"})).result(10)
        broken = BrokenExchange(f"https://{HOST}/", "GET", datetime.now(UTC), b"GET / HTTP/1.1\r\n\r\n", b"", "closed")
        writer.broken(broken).result(10)
    return captures


def conforms(*files: Path) -> None:
    command = [
        sys.executable,
        str(CHECKER),
        "--strict",
        "--closed",
        "-q",
        "--payload-basis",
        "entity",
        *map(str, files),
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(not CHECKER.exists(), reason=f"{CHECKER} is not there")
def test_the_conformance_checker_finds_nothing(tmp_path: Path) -> None:
    write_every_kind(tmp_path)
    assert len(warcs(tmp_path)) > 1
    conforms(*warcs(tmp_path))


@pytest.mark.skipif(not CHECKER.exists(), reason=f"{CHECKER} is not there")
def test_the_conformance_checker_finds_nothing_after_a_recovery(tmp_path: Path) -> None:
    written(tmp_path, exchange("/", message(PAGE)), exchange("/b", message(PAGE)))
    (path,) = warcs(tmp_path)
    torn = path.rename(path.with_name(path.name + ".open"))
    torn.write_bytes(torn.read_bytes()[:-10])
    recover(tmp_path, lambda capture: None)
    conforms(*warcs(tmp_path))


def test_warcio_reads_every_capture(tmp_path: Path) -> None:
    captures = {capture.record_id: capture for capture in write_every_kind(tmp_path)}
    for path in warcs(tmp_path):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                capture = captures.pop(record.rec_headers["WARC-Record-ID"].strip("<>"), None)
                if capture is None or capture.kind == "revisit":
                    continue
                assert record.http_headers.get_statuscode() == str(capture.status)
                # warcio takes a chunked body's trailer for a part of the body.
                body = payload(read(tmp_path, capture.warc, capture.offset))
                assert record.content_stream().read()[: len(body)] == body
    assert not captures


def test_fastwarc_verifies_every_digest(tmp_path: Path) -> None:
    captures = write_every_kind(tmp_path)
    verified = []
    for path in warcs(tmp_path):
        for record in FastIterator(BytesIO(path.read_bytes()), func_filter=is_warc_11, parse_http=False):
            assert record.verify_block_digest()
            verified.append(record.record_id or "")
    assert {capture.record_id for capture in captures} <= {name.strip("<>") for name in verified}
