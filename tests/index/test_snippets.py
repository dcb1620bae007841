"""The piece of an original text that shows what was searched for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.index.snippets import LENGTH, PART, places, snippet, whole
from crawler.queries.parser import parse
from crawler.queries.tree import Words, sought

LONG = "Nothing here. " * 40


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Sheikh al-Khazali said", "khazali", ["Khazali"]),
        ("Sheikh al-Khazali said", "khaz", []),
        ("Sheikh al-Khazali said", "khaz*", ["Khaz"]),
        ("The towers, the tower", "tower", ["tower"]),
        ("al Qaeda; Al-Qaeda", '"al qaeda"', ["al Qaeda", "Al-Qaeda"]),
        ("Er sagte, Köln sei Łódź.", "koln", ["Köln"]),
        ("Er sagte, Ko\u0308ln sei groß", "köln groß", ["Ko\u0308ln", "groß"]),
        ("DİYARBAKIR ve Isparta", "diyarbakır ısparta", ["DİYARBAKIR", "Isparta"]),
        ("او می\u200cخواهد كتابٌ بخواند", "کتاب میخواهد", ["می\u200cخواهد", "كتابٌ"]),
        ("我在北京大学学习", "北京大学", ["北京大学"]),
        ("เขาอ่านไทยรัฐวันนี้", "ไทยรัฐ", ["ไทยรัฐ"]),
        ("वह हिन्दी में", "हिन्दी", ["हिन्दी"]),
        ("שָׁלוֹם לכם", "שלום", ["שָׁלוֹם"]),
        ("nothing of it", "", []),
        ("a (b) c", "(b)", ["b"]),
    ],
)
def test_hits_are_found_in_the_original(text: str, query: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, sought(parse(query)))] == found


def test_a_snippet_shows_the_surroundings_of_a_hit() -> None:
    shown = snippet(f"{LONG}Then Khazali\nspoke. {LONG}", sought(parse("khazali")))
    assert "Then [Khazali] spoke." in shown.marked()
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert len(shown.text) <= LENGTH + 2


def test_a_snippet_is_cut_where_the_hits_lie_close_together() -> None:
    shown = snippet(f"A gauge. {LONG}The tide gauge shows the tide. {LONG}", sought(parse("tide gauge")))
    assert shown.marked().count("[") == 3


@pytest.mark.parametrize("space", [" ", ""])
def test_a_phrase_is_found_wherever_it_stands_in_a_long_text(space: str) -> None:
    for before in range(PART - 30, PART + 10):
        text = f"{'大' * (before // 2)}{f'{space}x' * (before // 4)} tide gauge {space.join(['word'] * PART)}"
        assert "[tide gauge]" in snippet(text, [Words("tide gauge")]).marked()


def test_of_a_long_text_the_first_part_with_hits_is_shown() -> None:
    text = f"{LONG * 50}One gauge. {LONG * 50}A gauge, a gauge."
    assert "One [gauge]." in snippet(text, [Words("gauge")]).marked()


@pytest.mark.parametrize("letters", ["ab", "ab ", "大", "大 ", "é ", "x" * PART + " "])
def test_a_very_long_text_is_read_in_time(letters: str) -> None:
    text = letters * (300_000 // len(letters))
    began = time.process_time()
    snippet(text, [Words("ab"), Words("zz"), Words("大")])
    assert time.process_time() - began < 10


def test_without_a_hit_the_beginning_is_shown() -> None:
    shown = snippet(LONG, sought(parse("khazali")))
    assert shown.text.startswith("Nothing here.")
    assert shown.marks == ()


def test_a_snippet_begins_and_ends_with_whole_words() -> None:
    words = [f"word{number}" for number in range(200)]
    shown = snippet(" ".join(words), sought(parse("word100"))).text.strip("…")
    assert set(shown.split()) <= set(words)


@given(st.text(max_size=300), st.text(max_size=20), st.booleans())
def test_marks_stay_inside(text: str, words: str, prefix: bool) -> None:
    for shown in (snippet(text, [Words(words, prefix)]), whole(text, [Words(words, prefix)])):
        assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
        assert shown.marked("", "") == shown.text
