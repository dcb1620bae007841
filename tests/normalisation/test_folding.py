"""Texts and queries in one form, in any script."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.folding import TOKENIZER, folded, folded_phrase, folded_where_needed

# Where folding has most to do, and where normalisation forms have their traps.
TRICKY = (
    "aAéßıİſςΣΐ\u0345\u0301\u0308كيىأةۀئ\u0654ًّـ\u200c\u200dﻙﷺ北京大学かがﾊ゛\u3099한\u1112\u1161\u11ab"
    'กำ\u0e4dहिन्दीשׁ…™ﬁ \n-"*'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  TOWER\n fell", "the tower fell"),
        ("İstanbul, Diyarbakır", "istanbul, diyarbakir"),
        ("كتابٌ", "کتاب"),
        ("مُحَمَّد", "محمد"),
        ("می\u200cخواهم", "میخواهم"),
        ("۱۴۰۰ و ٢٠٢٥", "1400 و 2025"),
        ("שָׁלוֹם", "שלום"),
        ("北京大学学习", "北京 京大 大学 学学 学习"),
        ("北京", "北京"),
        ("第3季度", "第 3 季度"),
        ("ｶﾞﾗｽの", "ガラ ラス スの"),
        ("ไทยรัฐ", "ไท ทย ยร รั ัฐ"),
        ("Горбачёв, е\u0308лка", "горбачев, елка"),
        ("co\u00adoperate", "cooperate"),
        ("ﬁve ① Ｔｖ", "five 1 tv"),
    ],
)
def test_writings_of_one_word_are_one(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text() | st.text(TRICKY))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_folding_twice_is_folding_once_for_every_character() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(characters), 64):
        once = folded("a".join(characters[start : start + 64]))
        assert folded(once) == once, hex(ord(characters[start]))


def words_in_fts5(texts: dict[int, str]) -> dict[int, list[str]]:
    """The words that FTS5 finds in each text, in order."""
    found: dict[int, list[str]] = {number: [] for number in texts}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f'CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize="{TOKENIZER}")')
        database.execute("CREATE VIRTUAL TABLE words USING fts5vocab (texts, instance)")
        database.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", texts.items())
        for number, word in database.execute('SELECT doc, term FROM words ORDER BY doc, "offset"'):
            found[number].append(word)
    return found


def test_a_text_that_needs_no_folding_has_the_words_of_the_folded_one() -> None:
    texts = {code: f"a{chr(code)}b {chr(code)}" for code in range(1, 0x1F700) if not 0xD800 <= code < 0xE000}
    unfolded = {code: text for code, text in texts.items() if folded_where_needed(text) is None}
    as_they_are, as_folded = (
        words_in_fts5({code: form(text) for code, text in unfolded.items()}) for form in (str, folded)
    )
    assert not {hex(code): words for code, words in as_they_are.items() if words != as_folded[code]}


@pytest.mark.parametrize("text", ["Köln — “naïve” €5…", "Ο Πρωθυπουργός", "Йод в Кремле", "שלום", None, ""])
def test_pages_that_fts5_reads_as_they_are_need_no_folded_copy(text: str | None) -> None:
    assert folded_where_needed(text) is None


@pytest.mark.parametrize("text", ["北京大学", "كتاب", "می\u200cخواهم", "Diyarbakır", "Горбачёв"])
def test_other_pages_need_one(text: str) -> None:
    assert folded_where_needed(text) == folded(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Khazali", '"khazali"'),
        ("alternate  Addresses", '"alternate addresses"'),
        ("北京大学", '"北京 京大 大学"'),
        ("京", '"京"*'),
        ("الكتابُ", '"الکتاب"'),
        ("near(a:b)", '"near(a:b)"'),
        ('צה"ל', '"צה ל"'),
        ("", '""'),
    ],
)
def test_words_are_folded_like_texts_and_hold_no_syntax_of_fts5(words: str, expected: str) -> None:
    assert folded_phrase(words) == expected


def test_of_a_beginning_the_last_word_may_go_on() -> None:
    assert folded_phrase("prime Minis", prefix=True) == '"prime minis"*'


@given(st.text() | st.text(TRICKY), st.booleans())
def test_any_words_can_be_searched_for(words: str, prefix: bool) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f'CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize="{TOKENIZER}")')
        database.execute("SELECT * FROM texts WHERE texts MATCH ?", (folded_phrase(words, prefix=prefix),)).fetchall()
