"""An article's time line as it is told, and its revisions with what each changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.collection.editing import note_edit
from crawler.index.database import open_index, read_index
from crawler.index.history import history
from crawler.index.timeline import condensed, revision_lines
from tests.index.pages import URL, capture, saying, store

MIRROR = URL.replace("www.gazette.example", "gazette.example.org")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Seen three times, then twice on a mirror, then changed, then seen again."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        for minutes, url in enumerate((URL, URL, URL, MIRROR, MIRROR)):
            store(writing, capture(minutes, url))
        stored = store(writing, capture(5), saying("Harbour wall mended"))
        note_edit(writing, stored, "gazette", capture(5).record_id)
        store(writing, capture(6), saying("Harbour wall mended"))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def test_captures_that_found_nothing_new_are_one_line_an_address(db: sqlite3.Connection) -> None:
    told = [(each.first.kind, each.times, each.first.url) for each in condensed(history(db, "gazette/harbour"))]
    assert told == [
        ("new", 1, URL),
        ("unchanged", 2, URL),
        ("unchanged", 2, MIRROR),
        ("revised", 1, URL),
        ("edited", 1, URL),
        ("unchanged", 1, URL),
    ]


def test_a_line_of_several_captures_names_the_first_and_the_last(db: sqlite3.Connection) -> None:
    stretch = condensed(history(db, "gazette/harbour"))[1]
    assert (stretch.first.record_id, stretch.last.record_id) == (capture(1).record_id, capture(2).record_id)


def test_revisions_come_with_what_they_changed_and_its_weight(db: sqlite3.Connection) -> None:
    first, second = revision_lines(db, "gazette/harbour")
    assert (first.number, first.kind, first.weight, first.kinds, first.changed) == (1, None, None, (), ())
    assert (second.number, second.kind, second.weight, second.kinds) == (2, "edited", 80, ("headline",))
    assert (second.changed, second.headline, second.record_id) == (
        ("headline",),
        "Harbour wall mended",
        capture(5).record_id,
    )


def test_an_article_that_is_not_there_has_no_revisions(db: sqlite3.Connection) -> None:
    assert revision_lines(db, "gazette/none") == []
