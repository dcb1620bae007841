"""What a conditional request and a revisit record may refer to."""

from __future__ import annotations

import sqlite3
from hashlib import sha1
from typing import Any

import pytest

from crawler.index.captures import add_capture
from crawler.index.originals import OF_ADDRESS, OF_PAYLOAD, newest_of, originals_of, place_of
from crawler.items import Place
from crawler.warc.records import sha1_base32
from tests.index.pages import URL, capture

SAME = {"payload_digest": "sha1:SAME"}
LATER = capture(600).captured_at


def test_the_newest_capture_of_an_address_has_its_validators(db: sqlite3.Connection) -> None:
    add_capture(db, capture(0, etag='"old"'), None)
    add_capture(db, capture(60, etag='"new"', last_modified="Mon, 05 Jan 2026 10:00:00 GMT"), None)
    held = newest_of(db, URL, LATER)
    assert held is not None
    assert (held.etag, held.last_modified) == ('"new"', "Mon, 05 Jan 2026 10:00:00 GMT")
    assert held.captured_at == capture(60).captured_at


def test_the_original_of_a_payload_is_its_first_capture_on_any_host(db: sqlite3.Connection) -> None:
    mirror = "https://gazette.example.org/2026/01/05/harbour"
    add_capture(db, capture(60, **SAME), None)
    add_capture(db, capture(0, mirror, **SAME), None)
    held = originals_of(db, "sha1:SAME", LATER)[0]
    assert (held.url, held.record_id) == (mirror, capture(0, mirror).record_id)


@pytest.mark.parametrize("given", [{"kind": "revisit"}, {"truncated": "length"}, {"status": 404}])
def test_what_is_not_whole_is_no_original(db: sqlite3.Connection, given: dict[str, Any]) -> None:
    add_capture(db, capture(0, **SAME, **given), None)
    assert originals_of(db, "sha1:SAME", LATER) == []
    assert newest_of(db, URL, LATER) is None


def test_what_was_captured_later_is_no_original(db: sqlite3.Connection) -> None:
    add_capture(db, capture(60, **SAME), None)
    assert originals_of(db, "sha1:SAME", capture(0).captured_at) == []
    assert newest_of(db, URL, capture(0).captured_at) is None


def test_an_empty_page_is_no_original(db: sqlite3.Connection) -> None:
    add_capture(db, capture(0, payload_digest=sha1_base32(sha1())), None)
    assert newest_of(db, URL, LATER) is None


def test_the_place_of_a_record_is_found_by_its_id(db: sqlite3.Connection) -> None:
    held = capture(0)
    add_capture(db, held, None)
    assert place_of(db, held.record_id) == Place(held.warc, held.offset)
    assert place_of(db, "urn:uuid:none") is None


def test_what_was_never_fetched_has_none(db: sqlite3.Connection) -> None:
    assert newest_of(db, URL, LATER) is None
    assert originals_of(db, "sha1:SAME", LATER) == []


def test_both_are_found_without_reading_the_whole_table(db: sqlite3.Connection) -> None:
    for query in (OF_ADDRESS, OF_PAYLOAD):
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", ("x",) * query.count("?")))
        assert "SEARCH captures USING INDEX" in plan
