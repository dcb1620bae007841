"""Content codings taken off again, with a bound on what comes out: gzip, deflate, br, zstd, and stacks of them."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import brotli

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

STEP = 1 << 18
"""Bytes that one decoding step may give, so that a bomb is seen before it fills the memory."""

GZIP_MAGIC = 0x1F
PART = 4096
"""Bytes that are inflated at once: zlib hands back a copy of what follows a member, which many members would repeat."""


class BadCoding(Exception):
    """The bytes are not in the coding that the header names, or not to their end."""


def decoded(pieces: Iterable[bytes], codings: Iterable[str]) -> Iterator[bytes]:
    """The bytes before the codings were applied, in pieces; ``codings`` in the order in which they were applied.

    Raises BadCoding, after what could be decoded, where a coding is broken, cut or unknown.
    """
    for coding in reversed([name for name in codings if name != "identity"]):
        if coding not in _DECODERS:
            raise BadCoding(f"unknown content coding {coding!r}")
        pieces = _DECODERS[coding](pieces)
    yield from pieces


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """All members; what follows the last and is none is passed over, as browsers do."""
    inflater, begun = zlib.decompressobj(31), False
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            if inflater.eof:
                if rest[0] != GZIP_MAGIC:
                    return
                inflater = zlib.decompressobj(31)
            begun = True
            part = rest[:PART]
            yield from _inflated_part(inflater, part)
            rest = rest[len(part) - len(inflater.unused_data) :]
    yield inflater.flush()
    if begun and not inflater.eof:
        raise BadCoding("the compressed data is cut short")


def _deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 9110 means zlib's format; some servers send the bare stream."""
    pieces = iter(pieces)
    first = b""
    while len(first) < 2 and (more := next(pieces, b"")):
        first += more
    wrapped = first[:1] and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    yield from _inflated(zlib.decompressobj(15 if wrapped else -15), chain([first], pieces))


def _inflated(inflater: zlib._Decompress, pieces: Iterable[bytes]) -> Iterator[bytes]:
    empty = True
    for piece in pieces:
        empty = empty and not piece
        yield from _inflated_part(inflater, piece)
        if inflater.eof:
            return
    yield inflater.flush()  # which may be what ends it, where the last step was full
    if not (empty or inflater.eof):
        raise BadCoding("the compressed data is cut short")


def _inflated_part(inflater: zlib._Decompress, part: bytes | memoryview) -> Iterator[bytes]:
    try:
        yield inflater.decompress(part, STEP)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, STEP)
    except zlib.error as error:
        raise BadCoding(str(error)) from error


def _brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    empty = True
    for piece in pieces:
        empty = empty and not piece
        try:
            given = decoder.process(piece, output_buffer_limit=STEP)
            # It can hold output back after it has taken all of its input.
            while given:
                yield given
                given = decoder.process(b"", output_buffer_limit=STEP)
        except brotli.error as error:
            raise BadCoding(str(error)) from error
        if decoder.is_finished():
            return
    if not empty:
        raise BadCoding("the compressed data is cut short")


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """All frames."""
    decoder, begun = zstd.ZstdDecompressor(), False
    for piece in pieces:
        data = piece
        while data or not (decoder.eof or decoder.needs_input):
            if decoder.eof:
                decoder = zstd.ZstdDecompressor()
            begun = True
            try:
                yield decoder.decompress(data, STEP)
            except zstd.ZstdError as error:
                raise BadCoding(str(error)) from error
            data = decoder.unused_data if decoder.eof else b""
    if begun and not decoder.eof:
        raise BadCoding("the compressed data is cut short")


_DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
