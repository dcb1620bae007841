"""Where headers end, and what entity-bodies are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.messages import dechunked, head_length, parse_head


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(st.lists(st.binary(min_size=1, max_size=300)), st.integers(1, 50))
def test_chunks_are_joined_wherever_the_reading_pauses(chunks: list[bytes], size: int) -> None:
    wire = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nTrailer: x\r\n\r\n"
    assert b"".join(dechunked(pieces(wire, size))) == b"".join(chunks)


@given(st.binary(max_size=200), st.integers(1, 50))
def test_dechunking_never_fails(body: bytes, size: int) -> None:
    assert len(b"".join(dechunked(pieces(body, size)))) <= len(body)


@pytest.mark.parametrize(
    "end", [b"5\r\nwor", b"5\r\nworld", b"5\r\nworld\r", b"5\r\nworld\r\n", b"5\r\nworld\r\nffff\r\n"]
)
def test_a_cut_chunked_body_gives_what_is_there(end: bytes) -> None:
    assert b"".join(dechunked([b"6\r\nhello \r\n" + end])) in (b"hello wor", b"hello world")


def test_the_size_of_a_chunk_may_have_any_number_of_zeros() -> None:
    assert b"".join(dechunked([b"0" * 30 + b"5\r\nhello\r\n0\r\n\r\n"])) == b"hello"


def test_a_body_that_was_never_chunked_comes_as_it_is() -> None:
    for body in (b"<p>plain\r\n</p>", b"x" * 9000, b"", b"-5\r\nabc"):
        assert b"".join(dechunked(pieces(body, 7))) == body


def test_a_header_ends_at_the_first_empty_line() -> None:
    assert head_length(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\n") == 25
    assert head_length(b"HTTP/1.1 200 OK\nA: b\n\nbody") == 22
    assert head_length(b"HTTP/1.1 200") == 12


def test_fields_are_found_in_any_case_and_the_first_of_two_counts() -> None:
    head = parse_head(
        b"HTTP/1.1 200 OK\r\ncontent-TYPE: text/HTML ; charset=x\r\nContent-Type: b\r\nX: 1,\r\n 2\r\n\r\n"
    )
    assert head.get("Content-Type") == "text/HTML ; charset=x"
    assert head.mime() == "text/html"
    assert head.tokens("x") == ["1", "2"]
    assert head.status() == 200
    assert head.get("Age") is None
