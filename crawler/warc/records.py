"""A WARC record before it is written: its header fields, and its block in memory or in a spool."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import uuid4

from crawler.warc.compression import member

VERSION = "WARC/1.1"
PIECE = 1 << 18
"""Bytes read from a spool at a time."""

_NOT_IN_URIS = re.compile(r"""[^!#$&-;=?-Z\[\]_a-z~%]|%(?![0-9A-Fa-f]{2})""")
_NOT_IN_VALUES = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a record is."""

    record_id: str
    """urn:uuid, without angle brackets."""
    warc: str
    """File name below ``archive/``, without ".open"."""
    offset: int
    """Of the record's gzip member, in bytes."""
    length: int
    """Of the compressed member, in bytes."""


@dataclass(frozen=True, slots=True)
class Body:
    """A stretch of a spool: what follows a message's header."""

    spool: BinaryIO
    start: int
    length: int

    def pieces(self) -> Iterator[bytes]:
        """From the beginning, whenever called. Raises EOFError where the spool is shorter than it should be."""
        self.spool.seek(self.start)
        left = self.length
        while left:
            piece = self.spool.read(min(left, PIECE))
            if not piece:
                raise EOFError(f"a spool ends {left} bytes early")
            left -= len(piece)
            yield piece


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is to be written."""

    record_id: str
    fields: tuple[tuple[str, str], ...]
    """All header fields but those of the block: its length and digest."""
    head: bytes
    """The block, or of an HTTP message in a spool its header."""
    body: Body | None = None
    """What of the block follows the head."""
    dense: bool = False
    """The body is compressed already."""
    digest: str | None = None
    """Of the block; None: of ``head`` alone, computed when written."""

    def length(self) -> int:
        """Of the block, in bytes."""
        return len(self.head) + (self.body.length if self.body else 0)

    def pieces(self) -> Iterator[bytes]:
        """The record as one gzip member."""
        digest = self.digest or sha1_base32(hashlib.sha1(self.head))
        fields = (*self.fields, ("WARC-Block-Digest", digest), ("Content-Length", str(self.length())))
        lines = "".join([f"{name}: {_in_one_line(value)}\r\n" for name, value in fields])
        head = f"{VERSION}\r\n{lines}\r\n".encode() + self.head
        return member(head, self.body.pieces() if self.body else (), b"\r\n\r\n", dense=self.dense)


def new_record_id() -> str:
    """A urn:uuid, without angle brackets."""
    return f"urn:uuid:{uuid4()}"


def sha1_base32(digest: hashlib._Hash) -> str:
    """A digest as WARC headers and CDX servers write it."""
    return "sha1:" + base64.b32encode(digest.digest()).decode("ascii")


def warc_date(moment: datetime) -> str:
    """UTC, with six decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(date: str) -> datetime:
    """A WARC-Date. Raises ValueError when it is none."""
    return datetime.fromisoformat(date).astimezone(UTC)


def target_uri(url: str) -> str:
    """A URL as WARC-Target-URI holds it: RFC 3986 characters only, no fragment, no login (it never was on the wire)."""
    plain = _NOT_IN_URIS.sub(_escaped, url.partition("#")[0].strip())
    netloc = urlsplit(plain).netloc
    return plain.replace(netloc, netloc.rpartition("@")[2], 1) if "@" in netloc else plain


def _in_one_line(value: str) -> str:
    # Almost all are printable, which costs a tenth of looking for what is not.
    return value if value.isprintable() else _NOT_IN_VALUES.sub(" ", value)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))
