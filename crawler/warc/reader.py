"""WARC files read back: one record by its offset, or all of them in order."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from crawler.errors import BadRecord
from crawler.warc.codings import BadCoding, decoded
from crawler.warc.messages import Head, entity, head_length, parse_head
from crawler.warc.names import OPEN, warc_name, warc_path

PAYLOAD_LIMIT = 64 << 20
"""Bytes of a payload, content codings removed, that are read at most."""

READ_BYTES = 1 << 16
"""Bytes read from a file at a time: a page and its fields, mostly."""

_GZIP = b"\x1f\x8b\x08"
"""What a member begins with (RFC 1952 §2.3.1)."""

_HTTP_TYPES = ("request", "response", "revisit")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is in a file."""

    warc: str
    """File name, without ".open"."""
    offset: int
    """Of its gzip member, in bytes."""
    length: int
    """Of the compressed member, in bytes."""
    headers: tuple[tuple[str, str], ...]
    block_start: int
    """Of the block in the member's content, in bytes."""
    block: bytes

    def header(self, name: str) -> str | None:
        """The first WARC header of this name, in any case."""
        wanted = name.lower()
        return next((value for field, value in self.headers if field.lower() == wanted), None)

    def uri(self, name: str) -> str | None:
        """A header that holds a URI, without angle brackets."""
        value = self.header(name)
        return value.strip("<>") if value else None

    @property
    def type(self) -> str:
        return self.header("WARC-Type") or ""

    @property
    def record_id(self) -> str:
        return self.uri("WARC-Record-ID") or ""

    @property
    def url(self) -> str:
        return self.uri("WARC-Target-URI") or ""

    @property
    def date(self) -> str:
        return self.header("WARC-Date") or ""

    def http(self) -> Head:
        """The header of the HTTP message in the block; an empty one where there is none."""
        is_http = (self.header("Content-Type") or "application/http").startswith("application/http")
        return parse_head(self.block[: head_length(self.block)] if is_http and self.type in _HTTP_TYPES else b"")

    def http_header(self, name: str) -> str | None:
        """The first field of this name in the HTTP message."""
        return self.http().get(name)

    def body(self) -> bytes:
        """What follows the HTTP header, as on the wire; the whole block where there is no HTTP message."""
        return self.block[head_length(self.block) :] if self.http().start_line else self.block


@dataclass(frozen=True, slots=True)
class Payload:
    """An entity-body with its content codings removed."""

    data: bytes
    problem: str | None = None
    """Why this is not all of it, or not decoded."""


def file_sha256(path: Path) -> str:
    """Of a whole file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path, filename: str, offset: int) -> Record:
    """The record at an offset of a collection's file, sealed or not. Raises BadRecord."""
    return read_file(warc_path(folder, filename), offset)


def read_file(path: Path, offset: int) -> Record:
    """The record at an offset of a file, under whichever of its two names it is found. Raises BadRecord."""
    with _opened(path) as file:
        file.seek(offset)
        record = next(_records(file, path, offset), None)
    if record is None:
        raise BadRecord(f"{path}:{offset}: no record begins here")
    return record


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """All records from an offset on. Raises BadRecord at the first that is not whole."""
    with _opened(path) as file:
        file.seek(start)
        yield from _records(file, path, start)


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that cannot be read as a record."""

    offset: int
    reason: str


def everything(path: Path, start: int = 0) -> Iterator[Record | Damage]:
    """All records of a file from an offset on, and between them what is damaged: reading goes on with the next that
    begins like one."""
    with _opened(path) as file, suppress(ValueError):  # mmap takes no empty file
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
        offset = start
        while 0 <= offset < len(data):
            try:
                file.seek(offset)
                for record in _records(file, path, offset):
                    yield record
                    offset = record.offset + record.length
                return
            except BadRecord as error:
                yield Damage(offset, str(error).partition(f":{offset}: ")[2] or str(error))
                offset = _next_record(data, offset + 1)


def next_record(path: Path, start: int) -> int | None:
    """The first place from an offset on where a file has what begins like a record: also inside of another."""
    with _opened(path) as file, suppress(ValueError):
        found = _next_record(mmap(file.fileno(), 0, access=ACCESS_READ), start)
        return found if found >= 0 else None
    return None


def readable(path: Path, start: int = 0) -> Iterator[Record]:
    """The records from an offset on, up to the first that is damaged or torn."""
    with suppress(BadRecord):
        yield from records(path, start)


def begun_address(path: Path, offset: int) -> str:
    """The target URI of a record that is cut short; empty where it is cut before that, or cannot be read."""
    begun = b""
    with _opened(path) as file, suppress(zlib.error):
        file.seek(offset)
        begun = zlib.decompressobj(31).decompress(file.read(READ_BYTES), READ_BYTES)
    found = re.search(rb"\r\nWARC-Target-URI:[ \t]*<?([^>\r\n]+)>?\r\n", begun, re.IGNORECASE)
    return found[1].decode("utf-8", "replace") if found else ""


def _next_record(data: mmap, start: int) -> int:
    """Where the next member begins that holds a WARC record; -1: nowhere."""
    while (start := data.find(_GZIP, start)) >= 0:
        with suppress(zlib.error):
            if zlib.decompressobj(31).decompress(data[start : start + 4096], 16).startswith(b"WARC/"):
                return start
        start += 1
    return -1


def entity_of(record: Record) -> bytes:
    """The entity-body: chunking removed, content coding kept."""
    return b"".join(entity(record.http(), [record.body()]))


def payload(record: Record, limit: int = PAYLOAD_LIMIT) -> bytes:
    """The entity-body, content codings removed; cut at ``limit`` bytes. See ``decode`` for what went wrong."""
    return decode(record, limit).data


def decode(record: Record, limit: int = PAYLOAD_LIMIT) -> Payload:
    """The entity-body, content codings removed.

    Of a cut or broken one, what can be decoded; one that is not in the coding its header names, as it is.
    """
    head = record.http()
    body = entity_of(record)
    codings = head.tokens("content-encoding")
    codings += [coding for coding in head.tokens("transfer-encoding") if coding != "chunked"]
    data, problem = _bounded(decoded([body], codings), limit)
    return Payload(data, problem) if data or not problem else Payload(body[:limit], problem)


def _bounded(pieces: Iterable[bytes], limit: int) -> tuple[bytes, str | None]:
    data = bytearray()
    try:
        for piece in pieces:
            data += piece
            if len(data) > limit:
                return bytes(data[:limit]), f"longer than {limit} bytes"
    except BadCoding as error:
        return bytes(data), str(error)
    return bytes(data), None


def _opened(path: Path) -> BinaryIO:
    """The file, also when it is sealed at this moment."""
    sealed = path.with_name(warc_name(path))
    for name in (path, sealed, sealed.with_name(sealed.name + OPEN), sealed):
        try:
            return name.open("rb")
        except FileNotFoundError:
            continue
    raise BadRecord(f"{path} is not there; it may have been moved or removed")


def _records(file: BinaryIO, path: Path, offset: int) -> Iterator[Record]:
    chunks = _Chunks(file)
    while True:
        data, length = _member(chunks, f"{path}:{offset}")
        if not length:
            return
        yield _parsed(data, path, offset, length)
        offset += length


class _Chunks:
    """A file's bytes, with those given back that belong to the next member."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._back = b""

    def next(self) -> bytes:
        data, self._back = self._back or self._file.read(READ_BYTES), b""
        return data

    def give_back(self, data: bytes) -> None:
        self._back = data


def _member(chunks: _Chunks, where: str) -> tuple[bytes, int]:
    """A gzip member's content, and its length in the file; (b"", 0) at the end of the file."""
    inflater, parts, length = zlib.decompressobj(31), [], 0
    while not inflater.eof:
        chunk = chunks.next()
        if not chunk and not length:
            return b"", 0
        if not chunk:
            raise BadRecord(f"{where}: the record is cut short")
        length += len(chunk)
        try:
            parts.append(inflater.decompress(chunk))
        except zlib.error as error:
            raise BadRecord(f"{where}: {error}") from error
    chunks.give_back(inflater.unused_data)
    return b"".join(parts), length - len(inflater.unused_data)


def _parsed(data: bytes, path: Path, offset: int, length: int) -> Record:
    where = f"{path}:{offset}"
    end = data.find(b"\r\n\r\n")
    if not data.startswith(b"WARC/") or end < 0:
        raise BadRecord(f"{where}: no WARC record")
    lines = data[:end].decode("utf-8", "replace").split("\r\n")[1:]
    headers = tuple(
        (name.strip(), value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon
    )
    size = next((value for name, value in headers if name.lower() == "content-length"), "")
    start = end + 4
    if not size.isdecimal() or data[start + int(size) :] != b"\r\n\r\n":
        raise BadRecord(f"{where}: the block does not have the length that its header names")
    return Record(warc_name(path), offset, length, headers, start, data[start : start + int(size)])
