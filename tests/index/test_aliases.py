"""Ids of articles that were merged: one that stays, in whatever order the events came."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.index.aliases import MERGED, current_id, former_ids, merge_ids
from crawler.index.ledger import add_event
from crawler.index.schema import MIGRATIONS
from crawler.items import Event

NAMES = st.sampled_from([f"gazette/{letter}" for letter in "abcde"])
EDGES = st.lists(st.tuples(NAMES, NAMES), max_size=8, unique=True)


def merged(one: str, into: str, minutes: int = 0) -> Event:
    at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)
    return Event(MERGED, at, "gazette", into, detail={"merged": one})


def table(edges: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    db = sqlite3.connect(":memory:")
    for migration in MIGRATIONS:
        db.executescript(migration)
    for edge in edges:
        merge_ids(db, merged(*edge))
    rows = db.execute("SELECT * FROM article_ids ORDER BY 1, 2").fetchall()
    db.close()
    return rows


def test_an_id_leads_to_the_article_through_every_merger(db: sqlite3.Connection) -> None:
    for number, (one, into) in enumerate((("g/b", "g/a"), ("g/d", "g/c"), ("g/a", "g/c"))):
        add_event(db, merged(one, into, number))
    assert {current_id(db, f"g/{letter}") for letter in "abcd"} == {"g/c"}
    assert former_ids(db, "g/c") == ["g/a", "g/b", "g/d"]
    assert current_id(db, "g/e") == "g/e"


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_event_again_changes_nothing(db: sqlite3.Connection, times: int) -> None:
    for _ in range(times):
        add_event(db, merged("g/b", "g/a"))
    assert db.execute("SELECT * FROM article_ids").fetchall() == [("g/b", "g/a", "g/a")]
    assert db.execute("SELECT count(*) FROM events").fetchone() == (1,)


@given(EDGES, st.randoms())
def test_mergers_give_the_same_ids_in_every_order(edges: list[tuple[str, str]], chance: object) -> None:
    """Even where they contradict each other."""
    shuffled = list(edges)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert table(shuffled) == table(edges)


@given(EDGES)
def test_all_that_were_ever_merged_have_one_id_together(edges: list[tuple[str, str]]) -> None:
    now = {each: article for *pair, article in table(edges) for each in pair}
    for one, into in edges:
        assert now.get(one, one) == now.get(into, into)
