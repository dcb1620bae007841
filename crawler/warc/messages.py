"""HTTP messages as bytes: where the header ends, what its fields say, what the entity-body is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A header ends at the first empty line; servers that send bare line feeds are understood too.
_HEAD_END = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"0*[0-9A-Fa-f]{1,16}")

CHUNK_LINE_LIMIT = 4096
"""Bytes in which the line with a chunk's size must end."""


ASKING = (b"x-robots-tag", b"tdm-reservation", b"tdm-policy")
"""Header fields by which servers say what may be done with a page, beside a Link to its licence."""


@dataclass(frozen=True, slots=True)
class Head:
    """The header of an HTTP message."""

    start_line: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    """Names in lower case, in the order sent."""

    def get(self, name: str) -> str | None:
        """The first field of this name, which is the one that replay tools take; None when it is empty."""
        wanted = name.lower().encode()
        value = next((value for field, value in self.fields if field == wanted), b"")
        return value.decode("latin-1") or None

    def asks(self) -> tuple[tuple[str, str], ...]:
        """The fields that say what may be done with a page, in the order sent."""
        return tuple((name.decode(), value.decode("latin-1")) for name, value in self.fields if _asks(name, value))

    def tokens(self, name: str) -> list[str]:
        """The members of a list field, over all fields of this name, in lower case."""
        wanted = name.lower().encode()
        joined = b",".join(value for field, value in self.fields if field == wanted).decode("latin-1")
        return [token.strip().lower() for token in joined.split(",") if token.strip()]

    def status(self) -> int:
        """The status code; 0 when the line holds none."""
        code = self.start_line.split(b" ")[1:2]
        return int(code[0]) if code and code[0].isdigit() else 0

    def method(self) -> str:
        """The method of a request line."""
        return self.start_line.split(b" ")[0].decode("latin-1")

    def mime(self) -> str | None:
        """The media type, in lower case, without parameters."""
        return (self.get("content-type") or "").split(";")[0].strip().lower() or None


def head_length(message: bytes) -> int:
    """Bytes of the header, its blank line included; all of a message that has no blank line."""
    end = _HEAD_END.search(message)
    return end.end() if end else len(message)


def parse_head(head: bytes) -> Head:
    """The fields of a header; lines that are no fields are passed over, folded ones are joined."""
    start_line, *lines = head.replace(b"\r\n", b"\n").split(b"\n")
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields.pop()
            fields.append((name, value + b" " + line.strip()))
            continue
        name, colon, value = line.partition(b":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return Head(start_line, tuple(fields))


def _asks(name: bytes, value: bytes) -> bool:
    return bool(value) and (name in ASKING or (name == b"link" and b"license" in value.lower()))


def is_chunked(head: Head) -> bool:
    """Whether the body comes in chunks."""
    return "chunked" in head.tokens("transfer-encoding")


def entity(head: Head, body: Iterable[bytes]) -> Iterator[bytes]:
    """The entity-body, piece by piece: chunking removed, content coding kept (what payload digests cover)."""
    return dechunked(body) if is_chunked(head) else iter(body)


def dechunked(body: Iterable[bytes]) -> Iterator[bytes]:
    """The data of a chunked body. A cut one gives what is there; one that never was chunked comes as it is."""
    reader = _Reader(body)
    size = _chunk_size(reader.line())
    if size is None:
        yield from reader.rest()
    while size:
        while size and (data := reader.some(size)):
            size -= len(data)
            yield data
        if size or reader.some(2) != b"\r\n":
            return
        size = _chunk_size(reader.line())


def _chunk_size(line: bytes | None) -> int | None:
    size = (line or b"").split(b";")[0].strip()
    return int(size, 16) if _CHUNK_SIZE.fullmatch(size) else None


class _Reader:
    """Lines and bytes out of pieces of any size."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = memoryview(b"")
        self._begun = b""
        """The first line, kept for a body that turns out not to be chunked."""

    def line(self) -> bytes | None:
        """Up to the next CRLF, which is taken too; None where none is near."""
        while (end := bytes(self._held[:CHUNK_LINE_LIMIT]).find(b"\r\n")) < 0:
            if len(self._held) >= CHUNK_LINE_LIMIT or not self._fill():
                return None
        line = bytes(self._held[:end])
        self._begun = self._begun or line + b"\r\n"
        self._held = self._held[end + 2 :]
        return line

    def some(self, limit: int) -> bytes:
        """At most ``limit`` bytes; fewer only where a piece ends, none only at the end."""
        while len(self._held) < min(limit, 2) and self._fill():
            pass
        data = bytes(self._held[:limit])
        self._held = self._held[limit:]
        return data

    def rest(self) -> Iterator[bytes]:
        """All of the body, the first line that was taken from it included."""
        yield self._begun + bytes(self._held)
        yield from self._pieces

    def _fill(self) -> bool:
        more = next(self._pieces, None)
        if more is None:
            return False
        self._held = memoryview(bytes(self._held) + more) if self._held else memoryview(more)
        return True
