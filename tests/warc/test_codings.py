"""Content codings, whole, cut, stacked, broken and explosive."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

import brotli
import pytest

from crawler.warc.codings import STEP, BadCoding, decoded

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw-deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=3)),
    "zstd": ("zstd", zstd.compress),
}
PAGE = b"".join(b"<p>%d green bottles</p>" % number for number in range(50_000))


@pytest.fixture(params=CODERS)
def coder(request: pytest.FixtureRequest) -> tuple[str, Callable[[bytes], bytes]]:
    return CODERS[request.param]


def collect(data: bytes, *codings: str, size: int = 1000) -> tuple[bytes, bool]:
    """What comes out, and whether it is all."""
    out = bytearray()
    try:
        for piece in decoded((data[start : start + size] for start in range(0, len(data), size)), codings):
            out += piece
    except BadCoding:
        return bytes(out), False
    return bytes(out), True


@pytest.mark.parametrize("name", ["gzip", "zlib", "raw-deflate"])
@pytest.mark.parametrize("more", range(-40, 41, 8))
def test_what_just_fills_a_step_is_not_taken_for_cut(name: str, more: int) -> None:
    coding, code = CODERS[name]
    data = bytes(STEP + more)
    assert collect(code(data), coding, size=10**9) == (data, True)


def test_very_many_gzip_members_cost_no_more_than_their_bytes() -> None:
    member = gzip.compress(b"", mtime=0)
    data = member * 100_000 + gzip.compress(b"end") + b"what follows"
    assert collect(data, "gzip", size=1 << 20) == (b"end", True)  # or takes minutes


@pytest.mark.parametrize("size", [1, 1000, 10**9])
def test_what_was_coded_comes_back(coder: tuple[str, Callable[[bytes], bytes]], size: int) -> None:
    name, code = coder
    page = PAGE[: 5000 if size == 1 else len(PAGE)]
    assert collect(code(page), name, size=size) == (page, True)


def test_what_is_cut_gives_its_beginning(coder: tuple[str, Callable[[bytes], bytes]]) -> None:
    name, code = coder
    coded = code(PAGE)
    data, whole = collect(coded[: len(coded) // 2], name)
    assert not whole
    assert PAGE.startswith(data)


def test_what_is_broken_gives_its_beginning_or_nothing(coder: tuple[str, Callable[[bytes], bytes]]) -> None:
    name, code = coder
    coded = bytearray(code(PAGE))
    coded[len(coded) // 2 : len(coded) // 2 + 200] = bytes(200)
    collect(bytes(coded), name)


def test_nothing_is_nothing_in_every_coding(coder: tuple[str, Callable[[bytes], bytes]]) -> None:
    assert collect(b"", coder[0]) == (b"", True)


def test_a_bomb_comes_in_small_pieces(coder: tuple[str, Callable[[bytes], bytes]]) -> None:
    name, code = coder
    bomb = code(bytes(40 << 20))
    tracemalloc.start()
    taken = sum(len(piece) for piece in islice(decoded([bomb], [name]), 4))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken <= 4 << 20
    assert peak < 16 << 20


def test_codings_are_taken_off_in_reverse_order() -> None:
    assert collect(brotli.compress(gzip.compress(PAGE)), "gzip", "identity", "br") == (PAGE, True)


def test_gzip_members_and_zstd_frames_are_joined() -> None:
    assert collect(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip") == (b"one two", True)
    assert collect(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd") == (b"one two", True)


def test_what_follows_a_gzip_member_is_passed_over() -> None:
    assert collect(gzip.compress(b"page") + b"\r\n", "gzip") == (b"page", True)


def test_an_unknown_coding_is_refused() -> None:
    assert collect(b"x", "rot13") == (b"", False)
