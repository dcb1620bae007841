"""Members that any gzip reader reads."""

from __future__ import annotations

import gzip
import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.compression import is_dense, member
from crawler.warc.messages import parse_head


@given(st.binary(max_size=500), st.lists(st.binary(max_size=500), max_size=5), st.booleans())
def test_a_member_holds_what_was_put_in(head: bytes, body: list[bytes], dense: bool) -> None:
    packed = b"".join(member(head, body, b"\r\n\r\n", dense=dense))
    inflater = zlib.decompressobj(31)
    assert inflater.decompress(packed) == head + b"".join(body) + b"\r\n\r\n"
    assert inflater.eof
    assert not inflater.unused_data


def test_a_dense_body_is_laid_in_as_it_is() -> None:
    body = os.urandom(200_000)
    packed = b"".join(member(b"head", [body], b"tail", dense=True))
    assert gzip.decompress(packed) == b"head" + body + b"tail"
    assert body[:60_000] in packed


@pytest.mark.parametrize(
    ("header", "dense"),
    [
        ("Content-Encoding: gzip", True),
        ("Content-Encoding: identity", False),
        ("Content-Type: image/jpeg", True),
        ("Content-Type: image/svg+xml", False),
        ("Content-Type: text/html", False),
        ("Content-Type: application/pdf;x=y", True),
    ],
)
def test_headers_tell_what_is_compressed_already(header: str, dense: bool) -> None:
    assert is_dense(parse_head(b"HTTP/1.1 200 OK\r\n" + header.encode() + b"\r\n\r\n")) is dense
