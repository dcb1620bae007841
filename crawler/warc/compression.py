"""One gzip member per record, by the fastest zlib that is installed; what came compressed is not squeezed again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from crawler.warc.messages import Head

_CODED = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"})
_DENSE = frozenset({"application/zip", "application/gzip", "application/pdf", "font/woff", "font/woff2"})
_DENSE_KINDS = ("image/", "video/", "audio/")
_LOOSE_IMAGES = frozenset({"image/svg+xml", "image/bmp"})

# RFC 1952: deflate, no flags, no time (so that equal records give equal members), unknown system.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# RFC 1951 §3.2.4: a stored block at a byte boundary, and an empty one that is the last.
_STORED = struct.Struct("<BHH")
_STORED_LIMIT = 0xFFFF
_LAST_BLOCK = b"\x01\x00\x00\xff\xff"


def _fastest() -> tuple[Any, int]:
    """The module and the level that cost least for about the same size (tests/benchmarks/writer.py measures them).

    zlib on 654 news pages, MB/s and ratio of level 4: 69, 4.90; 6: 40, 5.15; isal of level 2: 432, 4.48.
    """
    for name, level in (("isal.isal_zlib", 2), ("zlib_ng.zlib_ng", 6)):
        try:
            return import_module(name), level
        except ImportError:
            continue
    return zlib, 4


_ZLIB, _LEVEL = _fastest()


def is_dense(head: Head) -> bool:
    """Whether a message's body is compressed already."""
    if _CODED.intersection(head.tokens("content-encoding")):
        return True
    mime = head.mime() or ""
    return mime in _DENSE or (mime.startswith(_DENSE_KINDS) and mime not in _LOOSE_IMAGES)


def squeezed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A gzip member of all the pieces."""
    deflater = _ZLIB.compressobj(_LEVEL, zlib.DEFLATED, 31)
    for piece in pieces:
        yield deflater.compress(piece)
    yield deflater.flush()


def stored(head: bytes, body: Iterable[bytes]) -> Iterator[bytes]:
    """A gzip member with the head squeezed and the body laid in as it is: a tenth of the cost for dense bodies."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    yield _GZIP_HEADER + deflater.compress(head) + deflater.flush(zlib.Z_SYNC_FLUSH)
    crc, length = zlib.crc32(head), len(head)
    for piece in body:
        crc, length = zlib.crc32(piece, crc), length + len(piece)
        yield from _stored_blocks(piece)
    yield _LAST_BLOCK + struct.pack("<II", crc, length & 0xFFFFFFFF)


def _stored_blocks(piece: bytes) -> Iterator[bytes]:
    view = memoryview(piece)
    for start in range(0, len(view), _STORED_LIMIT):
        data = view[start : start + _STORED_LIMIT]
        yield _STORED.pack(0, len(data), len(data) ^ 0xFFFF) + data


def member(head: bytes, body: Iterable[bytes], tail: bytes, *, dense: bool) -> Iterator[bytes]:
    """A gzip member of head, body and tail, in pieces."""
    return stored(head, chain(body, [tail])) if dense else squeezed(chain([head], body, [tail]))
