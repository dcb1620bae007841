"""Text in its canonical form, and the measures that are taken of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.text import clean, clean_or_none, ends_sentence, folded, weight, words

ANY_TEXT = st.text(max_size=200) | st.text(" \t\n\u00a0\u00ad\u200b\u200c\ufeff\x0bae\u0301é“’", max_size=60)


@given(ANY_TEXT)
def test_cleaning_twice_equals_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_folding_twice_equals_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(ANY_TEXT)
def test_clean_text_is_one_line_in_nfc_without_space_around_it(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert unicodedata.is_normalized("NFC", cleaned)


@given(ANY_TEXT)
def test_cleaning_loses_no_letter(text: str) -> None:
    assert letters(clean(text)) == letters(text)


def letters(text: str) -> list[str]:
    """Without accents: an invisible character may keep one from joining its letter."""
    return [sign for sign in unicodedata.normalize("NFD", text) if sign.isalpha()]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  two\n\t words ", "two words"),
        ("no\u00a0break", "no break"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffmark", "mark"),
        ("Cafe\u0301", "Café"),
        ("می\u200cشود", "می\u200cشود"),
        ("“As they said”", "“As they said”"),
        ("half \ud83d of a pair", "half of a pair"),
    ],
)
def test_what_cleaning_does(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_nothing_is_none() -> None:
    assert clean_or_none(" \u200b ") is None
    assert clean_or_none(None) is None
    assert clean_or_none(" a ") == "a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Bridge”", '"bridge"'),
        ("Ann’s", "ANN'S"),
        ("2019–2020", "2019-2020"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
    ],
)
def test_texts_that_differ_in_typography_alone_fold_to_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_character_of_a_script_without_spaces_weighs_three() -> None:
    assert weight("abc") == 3
    assert weight("橋を") == 6
    assert words("The bridge, again.") == ["The", "bridge", "again"]


@pytest.mark.parametrize("text", ["It fell.", "Did it?", "“It fell.”", "橋が落ちた。次", "यह गिर गया।"])
def test_a_sentence_has_an_end(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "Photo: Ann Lee", "More from the town"])
def test_a_label_has_none(text: str) -> None:
    assert not ends_sentence(text)
