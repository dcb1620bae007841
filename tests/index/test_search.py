"""Articles are found by what they say, in any script; by publisher and day; best or newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import BadArgument
from crawler.index import search as module
from crawler.index.database import open_index, read_index
from crawler.index.search import Filters, latest, search
from crawler.items import Block, Image
from tests.index.pages import ARTICLE, capture, store

TEXTS = {
    "khazali": ("Sheikh al-Khazali speaks", "He spoke in Baghdad. " * 20),
    "mention": ("Other news", f"{'All quiet on the river. ' * 30}Khazali was named once."),
    "arabic": ("كِتَابٌ جديد", "صدر كتاب عن المكتبة الوطنية في بغداد."),
    "persian": ("کتاب تازه", "او می\u200cخواهد در تهران بماند؛ سال ۱۴۰۳."),
    "chinese": ("学生的生活", "我在北京大学学习。"),
    "german": ("Straße in Köln", "Die Strasse ist gesperrt."),
    "russian": ("Ёлка на площади", "Стоит до января."),
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A reader of an index in which each article is published a day after the one before."""
    path = tmp_path / "index.db"
    with closing(open_index(path)) as writing:
        for days, (key, (headline, text)) in enumerate(TEXTS.items()):
            blocks = tuple(Block("paragraph", part) for part in text.split("\n"))
            article = replace(
                ARTICLE,
                headline=headline,
                summary=None,
                blocks=blocks,
                published=datetime(2026, 1, 1, 22, tzinfo=UTC) + timedelta(days=days),
                images=(Image(f"https://www.gazette.example/{key}.jpg", f"Caption of {key}"),),
            )
            store(writing, capture(days, f"https://www.gazette.example/{key}"), article, key)
    with closing(read_index(path)) as reading:
        yield reading


def keys(hits: list[module.Hit]) -> list[str]:
    return [hit.id.removeprefix("gazette/") for hit in hits]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("KHAZALI", ["khazali", "mention"]),
        ("khazali baghdad", ["khazali"]),
        ('"khazali speaks"', ["khazali"]),
        ('"speaks khazali"', []),
        ("khaz*", ["khazali", "mention"]),
        ("khaz", []),
        ("کتاب", ["persian", "arabic"]),
        ("كتاب", ["persian", "arabic"]),
        ("میخواهد", ["persian"]),
        ("1403", ["persian"]),
        ("北京", ["chinese"]),
        ("北京大学", ["chinese"]),
        ("京北", []),
        ("koln", ["german"]),
        ("площади", ["russian"]),
        ('caption "of german"', ["german"]),
        ("AND OR NOT", []),
        ("headline:khazali", []),
    ],
)
def test_words_find_articles_in_any_script(db: sqlite3.Connection, words: str, found: list[str]) -> None:
    assert sorted(keys(search(db, words, Filters()))) == sorted(found)


def test_a_word_in_the_headline_counts_for_more(db: sqlite3.Connection) -> None:
    assert keys(search(db, "khazali", Filters())) == ["khazali", "mention"]


def test_newest_first_goes_by_day_of_publication(db: sqlite3.Connection) -> None:
    assert keys(search(db, "khazali", Filters(), order="newest")) == ["mention", "khazali"]


def test_the_snippet_is_the_original_text_with_the_hit_marked(db: sqlite3.Connection) -> None:
    (hit,) = search(db, "ميخواهد", Filters())
    assert hit.snippet is not None
    assert hit.snippet.marked() == "او [می\u200cخواهد] در تهران بماند؛ سال ۱۴۰۳."


def test_a_hit_deep_in_a_text_is_shown_with_its_surroundings(db: sqlite3.Connection) -> None:
    hit = search(db, "khazali", Filters())[1]
    assert hit.snippet is not None
    assert "[Khazali] was named once." in hit.snippet.marked()


def test_a_hit_in_a_caption_is_shown(db: sqlite3.Connection) -> None:
    (hit,) = search(db, '"caption of german"', Filters())
    assert hit.snippet is not None
    assert hit.snippet.marked() == "[Caption of german]"


def test_days_bound_what_is_found_both_included(db: sqlite3.Connection) -> None:
    bounds = Filters(since=date(2026, 1, 2), until=date(2026, 1, 3))
    assert keys(latest(db, bounds)) == ["arabic", "mention"]
    assert keys(search(db, "khazali", bounds)) == ["mention"]


def test_another_publishers_articles_are_left_out(db: sqlite3.Connection) -> None:
    assert keys(search(db, "khazali", Filters(publisher="gazette"))) == ["khazali", "mention"]
    assert search(db, "khazali", Filters(publisher="courier")) == []


def test_limit_and_offset_give_one_page_after_the_other(db: sqlite3.Connection) -> None:
    pages = [keys(latest(db, Filters(), limit=3, offset=offset)) for offset in (0, 3, 6)]
    assert [key for page in pages for key in page] == list(reversed(TEXTS))


def test_of_common_words_the_newest_are_ranked(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RANKED", 1)
    assert keys(search(db, "khazali", Filters())) == ["mention"]


@pytest.mark.parametrize("words", ["", "   ", "()", '"', "*", "–"])
def test_nothing_to_search_for_is_said(db: sqlite3.Connection, words: str) -> None:
    with pytest.raises(BadArgument, match="give letters or digits"):
        search(db, words, Filters())


def test_only_the_newest_revision_is_found(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0), replace(ARTICLE, headline="Sturm über dem Meer"))
        store(writing, capture(1), replace(ARTICLE, headline="嵐の海"))
        store(writing, capture(2), replace(ARTICLE, headline="Calm sea"))
        writing.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    with closing(read_index(tmp_path / "index.db")) as reading:
        found = {words: len(search(reading, words, Filters())) for words in ("sturm", "嵐", "calm", "harbourmaster")}
    assert found == {"sturm": 0, "嵐": 0, "calm": 1, "harbourmaster": 1}
