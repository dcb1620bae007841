"""Articles are found by what they say, in any script; by publisher and day; best or newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import BadArgument
from crawler.index import hits as module
from crawler.index.database import open_index, read_index
from crawler.index.search import Hit, search
from crawler.items import Block, Image
from crawler.queries.fields import FIELDS
from crawler.queries.parser import parse
from tests.index.pages import ARTICLE, capture, store

# As they would be in print, with other writings of the words that are searched for.
TEXTS = {
    "khazali": ("Sheikh al-Khazali speaks", "He spoke in Baghdad. " * 20),
    "mention": ("Other news", f"{'All quiet on the river. ' * 30}Khazali was named once."),
    "arabic": ("كِتَابٌ جديد", "صدر كتاب عن المكتبة الوطنية في بغداد."),
    "persian": ("کتاب تازه", "او می\u200cخواهد در تهران بماند؛ سال ۱۴۰۳."),
    "chinese": ("学生的生活", "我在北京大学学习。"),
    "german": ("Straße in Köln", "Die Strasse ist gesperrt."),
    "russian": ("Ёлка на площади", "Стоит до января."),
    "hebrew": ("דובר צה״ל הודיע", "שָׁלוֹם לכולם, אמר ראש הממשלה."),
    "turkish": ("DİYARBAKIR'DA SEL", "Isparta ve İzmir'de yağış bekleniyor."),
    "japanese": ("ガラスの東京タワー", "ﾃﾚﾋﾞは東京都で放送された。"),
}

AUTHORS = {
    "khazali": ("Ann Lee", "Kim Bo"),
    "mention": ("Lee Kim",),
    "arabic": ("أحمد عليّ",),
    "chinese": ("王小明",),
    "turkish": ("Işıl Öz",),
}
LANGUAGES = {"arabic": "ar", "persian": "fa", "chinese": "zh", "german": "de", "russian": "ru", "turkish": "tr"}
CREDITS = {"khazali": "Getty Images", "german": "dpa"}


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
                authors=AUTHORS.get(key, ()),
                section_path=("News", "Gulf Coast") if key == "mention" else ("World",),
                topics=("harbours", "tides"),
                agencies=("AFP",) if key == "russian" else (),
                language=LANGUAGES.get(key, "en"),
                access="locked" if key == "german" else "free",
                images=(Image(f"https://www.gazette.example/{key}.jpg", f"Caption of {key}", CREDITS.get(key)),),
            )
            store(writing, capture(days, f"https://www.gazette.example/{key}"), article, key)
    with closing(read_index(path)) as reading:
        yield reading


def keys(hits: list[Hit]) -> list[str]:
    return [hit.id.removeprefix("gazette/") for hit in hits]


def found(db: sqlite3.Connection, query: str, **options: Any) -> list[str]:
    return keys(search(db, parse(query), **options))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("KHAZALI", ["khazali", "mention"]),
        ("khazali baghdad", ["khazali"]),
        ("khazali AND baghdad", ["khazali"]),
        ('"khazali speaks"', ["khazali"]),
        ('"speaks khazali"', []),
        ("khaz*", ["khazali", "mention"]),
        ("khaz", []),
        ("baghdad OR river", ["khazali", "mention"]),
        ("khazali -baghdad", ["mention"]),
        ("khazali NOT (baghdad OR gauge)", ["mention"]),
        ("(baghdad OR river) khazali -headline:other", ["khazali"]),
        ("headline:khazali", ["khazali"]),
        ("text:khazali", ["mention"]),
        ("headline:(other OR speaks) khazali", ["khazali", "mention"]),
        ('caption:"of german"', ["german"]),
        ('caption "of german"', ["german"]),
    ],
)
def test_words_operators_and_fields_find_articles(db: sqlite3.Connection, query: str, expected: list[str]) -> None:
    assert sorted(found(db, query)) == sorted(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("کتاب", ["persian", "arabic"]),
        ("كتاب", ["persian", "arabic"]),
        ("الكتاب OR المكتبه", ["arabic"]),
        ("میخواهد", ["persian"]),
        ("می\u200cخواهد", ["persian"]),
        ("1403", ["persian"]),
        ("١٤٠٣", ["persian"]),
        ("שלום", ["hebrew"]),
        ('צה"ל', ["hebrew"]),
        ('"דובר צה"ל"', ["hebrew"]),
        ("елка", ["russian"]),
        ("ёлка", ["russian"]),
        ("ПЛОЩАДИ", ["russian"]),
        ("北京", ["chinese"]),
        ("北京大学", ["chinese"]),
        ("京", ["chinese", "japanese"]),
        ("京北", []),
        ("東京都", ["japanese"]),
        ("テレビ", ["japanese"]),
        ("ｶﾞﾗｽ", ["japanese"]),
        ("diyarbakır", ["turkish"]),
        ("DIYARBAKIR", ["turkish"]),
        ("ısparta izmir", ["turkish"]),
        ("yagis", ["turkish"]),
        ("koln", ["german"]),
        ("„Köln“", ["german"]),
        ("author:أحمد", ["arabic"]),
        ('author:"احمد علی"', ["arabic"]),
        ("author:小明", ["chinese"]),
        ("author:işıl", ["turkish"]),
        ("author:ISIL", ["turkish"]),
    ],
)
def test_words_are_found_in_any_script(db: sqlite3.Connection, query: str, expected: list[str]) -> None:
    assert sorted(found(db, query)) == sorted(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("author:lee", ["khazali", "mention"]),
        ('author:"ann lee"', ["khazali"]),
        ('author:"lee kim"', ["mention"]),
        ("author:an*", ["khazali"]),
        ("author:(ann OR işıl)", ["khazali", "turkish"]),
        ("author:lee NOT river", ["khazali"]),
        ("author:lee OR 北京", ["khazali", "mention", "chinese"]),
        ("author:lee OR -author:lee headline:elsewhere", ["khazali", "mention"]),
        ("section:coast", ["mention"]),
        ("section:news/gulf", ["mention"]),
        ('topic:"harbours tides"', []),
        ("topic:tides khazali", ["khazali", "mention"]),
        ("agency:afp", ["russian"]),
        ("credit:getty", ["khazali"]),
        ("credit:dpa OR credit:getty", ["german", "khazali"]),
        ("language:ar", ["arabic"]),
        ("language:arabic", ["arabic"]),
        ("publisher:gazette baghdad", ["khazali"]),
        ('publisher:"the GAZETTE" baghdad', ["khazali"]),
        ("access:locked", ["german"]),
        ("state:live access:locked form:article", ["german"]),
        ("state:gone", []),
        ("day:2026-01-02", ["mention"]),
        ("day:2026-01-02..2026-01-03", ["mention", "arabic"]),
        ("since:2026-01-08 NOT headline:ガラスの", ["hebrew", "turkish"]),
        ("until:2026-01-01", ["khazali"]),
        ("day:2025", []),
        ("host:gazette.example baghdad", ["khazali"]),
        ("host:azette.example", []),
        ("host:example baghdad", ["khazali"]),
        ("khazali -host:www.gazette.example", []),
        ("https://gazette.example/khazali?utm_source=x", ["khazali"]),
        ("url:www.gazette.example/khazali", ["khazali"]),
    ],
)
def test_fields_find_articles(db: sqlite3.Connection, query: str, expected: list[str]) -> None:
    for order in ("best", "newest"):
        assert sorted(found(db, query, order=order)) == sorted(expected)


def test_what_a_page_does_not_state_is_not_what_is_unwanted(db: sqlite3.Connection) -> None:
    assert len(found(db, "-agency:afp")) == len(TEXTS) - 1
    assert len(found(db, "NOT since:2000")) == 0


def test_a_word_in_the_headline_counts_for_more(db: sqlite3.Connection) -> None:
    assert found(db, "khazali") == ["khazali", "mention"]


def test_newest_first_goes_by_day_of_publication(db: sqlite3.Connection) -> None:
    assert found(db, "khazali", order="newest") == ["mention", "khazali"]


def test_the_snippet_is_the_original_text_with_the_hit_marked(db: sqlite3.Connection) -> None:
    (hit,) = search(db, parse("ميخواهد"))
    assert hit.snippet is not None
    assert hit.snippet.marked() == "او [می\u200cخواهد] در تهران بماند؛ سال ۱۴۰۳."


def test_a_hit_deep_in_a_text_is_shown_with_its_surroundings(db: sqlite3.Connection) -> None:
    hit = search(db, parse("khazali"))[1]
    assert hit.snippet is not None
    assert "[Khazali] was named once." in hit.snippet.marked()


def test_a_hit_in_a_caption_is_shown(db: sqlite3.Connection) -> None:
    (hit,) = search(db, parse('"caption of german"'))
    assert hit.snippet is not None
    assert hit.snippet.marked() == "[Caption of german]"


def test_a_word_that_is_wanted_in_a_field_is_marked_there_only(db: sqlite3.Connection) -> None:
    (hit,) = search(db, parse("headline:khazali"))
    assert hit.headline is not None
    assert hit.headline.marked() == "Sheikh al-[Khazali] speaks"
    assert hit.snippet is not None
    assert not hit.snippet.marks


def test_a_publisher_that_is_not_there_is_named_with_those_that_are(db: sqlite3.Connection) -> None:
    with pytest.raises(BadArgument, match="no articles of 'courier' here; there are: gazette"):
        found(db, "khazali publisher:courier")


def test_limit_and_offset_give_one_page_after_the_other(db: sqlite3.Connection) -> None:
    pages = [found(db, "", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [key for page in pages for key in page] == list(reversed(TEXTS))


@pytest.mark.parametrize(
    "query", ["caption", "caption -khazali", "caption language:en", "caption since:2026-01-05", "a*"]
)
def test_the_newest_are_the_same_whether_hits_are_few_or_many(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    few = [found(db, query, order="newest", limit=3, offset=offset) for offset in (0, 3, 6)]
    monkeypatch.setattr(module, "FEW", 0)
    assert [found(db, query, order="newest", limit=3, offset=offset) for offset in (0, 3, 6)] == few
    assert few[0]


def test_of_common_words_the_newest_are_ranked(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RANKED", 1)
    assert found(db, "khazali") == ["mention"]


def test_only_the_newest_revision_is_found(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0), replace(ARTICLE, headline="Sturm über dem Meer"))
        store(writing, capture(1), replace(ARTICLE, headline="嵐の海"))
        store(writing, capture(2), replace(ARTICLE, headline="Calm sea", authors=("Cy Fox",)))
        for table in ("articles_fts", "articles_fts_names"):
            writing.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    with closing(read_index(tmp_path / "index.db")) as reading:
        hits = {
            words: len(search(reading, parse(words)))
            for words in ("sturm", "嵐", "calm", "harbourmaster", "author:lee", "author:fox")
        }
    assert hits == {"sturm": 0, "嵐": 0, "calm": 1, "harbourmaster": 1, "author:lee": 0, "author:fox": 1}


QUERIES = st.text() | st.lists(
    st.sampled_from(
        ['"', "(", ")", "AND", "OR", "NOT", "-", "*", " ", ":", "a", "北", "author:", "day:2026", "url:", "x*"]
    )
    | st.sampled_from([f"{name}:" for name in FIELDS])
    | st.text(max_size=3)
).map("".join)


@given(QUERIES)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_is_answered_or_refused_as_a_query(db: sqlite3.Connection, query: str) -> None:
    with suppress(BadArgument):  # BadQuery, or a publisher that is not there
        search(db, parse(query))
