"""A capture with all that a reader of the archived page is told, and all captures of an address."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.index.captures import add_capture, set_policy
from crawler.index.database import open_index, read_index
from crawler.index.moments import stamp
from crawler.index.snapshots import (
    CaptureFacts,
    capture_of_record,
    capture_with_id,
    neighbours,
    policy_of,
    requisite_near,
)
from crawler.items import Capture, Evidence, Notes, Place, Tls
from tests.index.pages import URL, capture, saying, store

TLS = Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "ab" * 32, verified=True)
FIRST = capture(0, tls=TLS, ip="192.0.2.7", asks=(("x-robots-tag", "noarchive"),), notes=Notes("article", "gazette"))
AGAIN = capture(60, kind="revisit", refers_to=FIRST.record_id, offset=9000)
CHANGED = capture(120, offset=12000)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """One page captured three times: new, the same, changed."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, FIRST)
        set_policy(writing, FIRST, [Evidence("robots", "noai", "meta", "robots", chosen=True)])
        store(writing, AGAIN)
        store(writing, CHANGED, saying("Harbour wall mended"))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def facts(db: sqlite3.Connection, of: Capture) -> CaptureFacts:
    found = capture_of_record(db, of.record_id)
    assert found is not None
    return found


def test_a_capture_comes_with_its_place_its_server_and_what_was_asked(db: sqlite3.Connection) -> None:
    found = facts(db, FIRST)
    assert (found.url, found.host, found.status, found.tls, found.ip) == (
        *(URL, "www.gazette.example", 200),
        *(TLS, "192.0.2.7"),
    )
    assert found.payload == Place(FIRST.warc, FIRST.offset)
    assert (found.policy.x_robots_tag, found.policy.meta_robots) == ("noarchive", "noai")
    assert found.policy.terms is not None
    assert set(found.policy.terms) == {"noai", "noarchive"}


def test_a_capture_is_found_by_its_number_too(db: sqlite3.Connection) -> None:
    found = facts(db, CHANGED)
    assert capture_with_id(db, found.id) == found


def test_what_is_not_on_record_is_none(db: sqlite3.Connection) -> None:
    assert capture_of_record(db, "urn:uuid:none") is None
    assert capture_with_id(db, 99) is None


def test_the_payload_of_a_revisit_is_where_it_was_first(db: sqlite3.Connection) -> None:
    found = facts(db, AGAIN)
    assert (found.offset, found.payload) == (9000, Place(FIRST.warc, FIRST.offset))


def test_a_capture_says_which_revision_it_shows(db: sqlite3.Connection) -> None:
    assert [facts(db, each).revision for each in (FIRST, AGAIN, CHANGED)] == [1, 1, 2]


def test_a_capture_knows_what_comes_before_and_after(db: sqlite3.Connection) -> None:
    middle = neighbours(db, facts(db, AGAIN))
    assert (middle.number, middle.count) == (2, 3)
    assert (middle.previous, middle.next) == (FIRST.record_id, CHANGED.record_id)
    assert neighbours(db, facts(db, CHANGED)).next is None


def test_policy_is_that_of_the_last_capture_that_was_read_for_it(db: sqlite3.Connection) -> None:
    policy = policy_of(db, "gazette/harbour")
    assert policy is not None
    assert policy.meta_robots == "noai"
    assert policy_of(db, "gazette/none") is None


def test_of_an_image_the_capture_is_shown_that_is_nearest_to_its_page(tmp_path: Path) -> None:
    images = [capture(minutes, url="https://cdn.example/a.png", mime="image/png") for minutes in (0, 60, 120)]
    page = capture(61, url="https://cdn.example/a", mime="text/html")
    drawing = capture(61, url="https://cdn.example/a.svg", mime="image/svg+xml")
    with closing(open_index(tmp_path / "index.db")) as db:
        for each in (*images, page, drawing):
            add_capture(db, each, None)
        near = [requisite_near(db, images[0].url, stamp(each.captured_at)) for each in (images[0], page, images[2])]
        assert near == [each.record_id for each in images]
        assert requisite_near(db, page.url, stamp(page.captured_at)) is None
        assert requisite_near(db, drawing.url, stamp(page.captured_at)) is None
