"""What an index holds of learnt boilerplate follows from the captures and the events, whenever each event came."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.changes.content import content_sha256
from crawler.extraction.recurring import without_learnt
from crawler.index.articles import Seen, store_article
from crawler.index.captures import add_capture
from crawler.index.database import open_index
from crawler.index.learnt import LEARNT, learnt_among, learnt_of, newest_articles
from crawler.index.ledger import add_event, put_publisher
from crawler.items import Article, Block, Event
from tests.index.pages import ARTICLE, GAZETTE, START, capture

WORDS = [f"paragraph {letter}" for letter in "abcdef"]
TABLES = ("articles", "revisions", "boilerplate", "learnt_boilerplate", "articles_folded", "captures")

blocks = st.lists(
    st.builds(Block, st.sampled_from(["paragraph", "subhead", "list_item", "table"]), st.sampled_from(WORDS)),
    min_size=1,
    max_size=9,
).map(tuple)
pages = st.lists(st.tuples(st.integers(0, 3), blocks), min_size=1, max_size=8)
lessons = st.lists(st.tuples(st.integers(0, 8), st.lists(st.sampled_from(WORDS), min_size=1, unique=True)), max_size=4)


def lesson(number: int, texts: list[str]) -> Event:
    detail: dict[str, object] = {"paragraphs": texts, "articles": 9}
    return Event(LEARNT, START + timedelta(hours=number), "gazette", detail=detail)


def see(db: sqlite3.Connection, minute: int, key: int, whole: tuple[Block, ...]) -> str:
    """Stores a page as a collection does; what became of it."""
    article = replace(ARTICLE, blocks=whole, boilerplate=())
    of = capture(minute)
    add_capture(db, of, "pending")
    put_publisher(db, GAZETTE)
    digest = content_sha256(article)
    now: Article = without_learnt(article, learnt_among(db, "gazette", article.whole_blocks))
    return store_article(db, Seen(of, now, "gazette", str(key), digest, "ofrecord 1")).outcome


def filled(seen: list[tuple[int, tuple[Block, ...]]], taught: list[tuple[int, Event]]) -> dict[str, Any]:
    """The index of these pages, each event taken in before the page of its number."""
    with TemporaryDirectory() as folder, closing(open_index(Path(folder) / "index.db")) as db:
        outcomes = []
        for minute, (key, whole) in enumerate(seen):
            for event in [event for before, event in taught if before == minute]:
                add_event(db, event)
            outcomes.append(see(db, minute, key, whole))
        for event in [event for before, event in taught if before >= len(seen)]:
            add_event(db, event)
        found: dict[str, Any] = {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        query = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid"
        found |= {word: db.execute(query, (f'"{word}"',)).fetchall() for word in WORDS}
        found["events"] = sorted(db.execute("SELECT at, kind, publisher_id, detail FROM events"))
        assert db.execute("SELECT count(*) FROM events WHERE kind <> ?", (LEARNT,)).fetchone() == (0,)
        return found | {"outcomes": outcomes}


@settings(max_examples=60, deadline=None)
@given(pages, lessons)
def test_when_something_was_learnt_makes_no_difference(
    seen: list[tuple[int, tuple[Block, ...]]], taught: list[tuple[int, list[str]]]
) -> None:
    events = [(before, lesson(number, texts)) for number, (before, texts) in enumerate(taught)]
    live = filled(seen, events)
    assert live == filled(seen, [(0, event) for _, event in events])
    assert live == filled(seen, [(9, event) for _, event in reversed(events)])
    untaught = filled(seen, [])
    assert live["outcomes"] == untaught["outcomes"]  # no revision more or fewer
    changed = [{row[0]: row[21] for row in each["revisions"]} for each in (live, untaught)]
    assert changed[0] == changed[1]


def test_what_is_known_of_a_publisher_counts_its_generations(db: sqlite3.Connection) -> None:
    assert learnt_of(db, "gazette").generation == 0
    for number, text in enumerate(["paragraph a", "paragraph b", "paragraph a"]):
        add_event(db, lesson(number, [text]))
        add_event(db, lesson(number, [text]))
    known = learnt_of(db, "gazette")
    assert known.texts == frozenset(("paragraph a", "paragraph b"))
    assert known.generation == 2
    assert learnt_of(db, "herald").texts == frozenset()


def test_the_blocks_that_are_learnt_from_are_whole(db: sqlite3.Connection) -> None:
    whole = tuple(Block("paragraph", text) for text in WORDS)
    see(db, 0, 1, whole)
    add_event(db, lesson(0, [WORDS[0], WORDS[-1]]))
    ((text,),) = db.execute("SELECT text FROM revisions").fetchall()
    assert text == "\n\n".join(WORDS[1:-1])
    assert newest_articles(db, "gazette", 9) == [whole]
