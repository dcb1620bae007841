"""The ledger of all edits and changes of state, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.index.database import open_index, read_index
from crawler.index.history import LedgerFilters, LedgerPlace, ledger, ledger_before, ledger_page
from crawler.index.ledger import add_event
from crawler.items import Event
from tests.index.pages import START, capture, store

WEIGHTS = {"gone": 90, "edited": 70, "silently-edited": 15, "restored": 0}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Of one article twenty events, five a moment; beside them what is none of the ledger's, and of no article."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture())
        for number in range(20):
            kind = [*WEIGHTS, "edited"][number % 5]
            kinds = ["number"] if number % 5 == 1 else ["reworded"]
            detail: dict[str, object] = {"weight": WEIGHTS[kind], "kinds": kinds, "number": number}
            at = START + timedelta(days=number // 5)
            add_event(writing, Event(kind, at, "gazette", "gazette/harbour", capture().record_id, detail))
        add_event(writing, Event("host-down", START, "gazette", detail={"host": "a.example"}))
        add_event(writing, Event("gone", START, "gazette", "gazette/other", detail={"weight": 90}))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def pages(db: sqlite3.Connection, filters: LedgerFilters, limit: int) -> Iterator[list[object]]:
    after: LedgerPlace | None = None
    while page := ledger_page(db, filters, after=after, limit=limit):
        yield [entry.detail["number"] for _, entry in page]
        after = page[-1][0]


def test_pages_together_have_every_entry_once_newest_first(db: sqlite3.Connection) -> None:
    found = list(pages(db, LedgerFilters(), 3))
    assert [len(page) for page in found] == [3] * 6 + [2]
    assert [number for page in found for number in page] == list(range(19, -1, -1))


def test_an_entry_says_what_it_is_about(db: sqlite3.Connection) -> None:
    ((_, entry),) = ledger_page(db, LedgerFilters(kinds=("gone",)), limit=1)
    assert (entry.kind, entry.weight, entry.article_id) == ("gone", 90, "gazette/harbour")
    assert (entry.headline, entry.publisher, entry.record_id) == (
        *("Harbour wall breached", "The Gazette"),
        capture().record_id,
    )


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (LedgerFilters(kinds=("gone",)), [15, 10, 5, 0]),
        (LedgerFilters(kinds=("number",)), [16, 11, 6, 1]),
        (LedgerFilters(kinds=("number", "restored")), [18, 16, 13, 11, 8, 6, 3, 1]),
        (LedgerFilters(since=date(2026, 1, 8)), [19, 18, 17, 16, 15]),
        (LedgerFilters(until=date(2026, 1, 5)), [4, 3, 2, 1, 0]),
        (LedgerFilters(publisher="gazette", kinds=("gone",), since=date(2026, 1, 7)), [15, 10]),
        (LedgerFilters(since=date(2026, 1, 8), until=date.max), [19, 18, 17, 16, 15]),
        (LedgerFilters(publisher="other"), []),
    ],
)
def test_filters_hold_on_every_page(db: sqlite3.Connection, filters: LedgerFilters, numbers: list[int]) -> None:
    assert [number for page in pages(db, filters, 2) for number in page] == numbers


def test_from_any_page_the_one_before_it_is_found(db: sqlite3.Connection) -> None:
    found = ledger_page(db, LedgerFilters(), limit=50)
    for at in range(3, 20):
        assert ledger_before(db, LedgerFilters(), found[at][0], limit=3) == found[at - 3 : at]
    assert ledger_before(db, LedgerFilters(), found[0][0], limit=3) == []


def test_newest_first_is_the_same_in_pages_and_at_once(db: sqlite3.Connection) -> None:
    paged = [entry for _, entry in ledger_page(db, LedgerFilters(), limit=50)]
    assert ledger(db, LedgerFilters(), order="newest", limit=50) == paged


def test_the_heaviest_come_first_the_newest_of_them_before_the_others(db: sqlite3.Connection) -> None:
    found = ledger(db, LedgerFilters(), order="heaviest", limit=50)
    assert [entry.detail["number"] for entry in found][:6] == [15, 10, 5, 0, 19, 16]
    assert [entry.weight for entry in found] == sorted((entry.weight for entry in found), reverse=True)
