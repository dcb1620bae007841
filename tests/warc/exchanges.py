"""Exchanges built from the bytes that a test writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from crawler.items import Capture, Exchange, Notes
from crawler.warc.groups import Original
from crawler.warc.names import archive_folder
from crawler.warc.writer import WarcWriter

HOST = "news.example"
INFO = {
    "software": "ofrecord tests",
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "robots": "obey",
    "operator": "Redaktion für Netzkultur",
    "description": "what the tests wrote",
    "isPartOf": "tests",
    "hostname": "localhost",
    "http-header-user-agent": "ofrecord",
}


def message(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A response whose length is stated."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(chunks: Iterable[bytes], *headers: str, trailer: bytes = b"") -> bytes:
    """A response in chunks, the last one included."""
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers, "Transfer-Encoding: chunked"]).encode("latin-1")
    framed = b"".join(b"%X;x=y\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + b"\r\n\r\n" + framed + b"0\r\n" + trailer + b"\r\n"


def exchange(path: str, response: bytes, *, spooled: bool = False, method: str = "GET", **more: Any) -> Exchange:
    """One with these bytes as its response, made now."""
    url = more.pop("url", f"https://{HOST}{path}")
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asks = 'If-None-Match: "1"\r\n' if more.pop("conditional", False) else ""
    request = f"{method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\naccept: */*\r\n{asks}\r\n".encode()
    facts: dict[str, Any] = {"request": request, "captured_at": datetime.now(UTC), "fetch_ms": 12, "ip": "127.0.0.1"}
    status_line = response.split(b"\r\n", 1)[0].split(b" ")
    return Exchange(
        url=url,
        method=method,
        response=_spool(response) if spooled else BytesIO(response),
        response_length=len(response),
        head_length=response.index(b"\r\n\r\n") + 4,
        status=int(status_line[1]),
        **(facts | more),
    )


def _spool(response: bytes) -> BinaryIO:
    file = TemporaryFile()  # noqa: SIM115  # the writer closes it
    file.write(response)
    file.seek(0)
    return file


class Known:
    """Originals as a collection has them: the last response of each URL, and the first with each payload."""

    def __init__(self, *captures: Capture) -> None:
        self._urls: dict[str, Original] = {}
        self._payloads: dict[str, Original] = {}
        for capture in captures:
            self.written(capture)

    def unmodified(self, url: str, until: datetime) -> Original | None:
        found = self._urls.get(url)
        return found if found is not None and found.captured_at <= until else None

    def identical(self, payload_digest: str, until: datetime, *, chunked: bool) -> Original | None:
        found = self._payloads.get(payload_digest)
        return found if found is not None and found.captured_at <= until else None

    def written(self, capture: Capture) -> None:
        if capture.kind == "response" and capture.status == 200 and not capture.truncated and capture.payload_digest:
            original = Original(capture.record_id, capture.url, capture.captured_at, capture.payload_digest)
            self._urls[capture.url] = original
            self._payloads.setdefault(capture.payload_digest, original)


@contextmanager
def writing(folder: Path, **options: Any) -> Iterator[WarcWriter]:
    """A writer, closed at the end."""
    writer = WarcWriter(folder, **({"info": INFO} | options))
    try:
        yield writer
    finally:
        writer.close()


def written(folder: Path, *exchanges: Exchange, notes: Notes | None = None) -> list[Capture]:
    """The captures of exchanges, in a file that is sealed."""
    with writing(folder) as writer:
        futures: list[Future[Capture]] = [writer.record(exchange, notes or Notes()) for exchange in exchanges]
        return [future.result(10) for future in futures]


def warcs(folder: Path) -> list[Path]:
    """The sealed files."""
    return sorted(archive_folder(folder).glob("*.warc.gz"))


def opened(folder: Path) -> Path:
    """The one file that is not sealed."""
    (path,) = archive_folder(folder).glob("*.open")
    return path


def checkout() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[2]
