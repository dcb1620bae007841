"""Language codes in one form, whatever a page writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.languages import base_language, language_code


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("EN_us", "en-us"),
        ("pt-BR", "pt-br"),
        ("zh-Hant-TW", "zh-hant"),
        ("sr-Latn", "sr-latn"),
        ("de-Latn-DE", "de-de"),
        ("Deutsch", "de"),
        ("iw", "he"),
        ("es-419", "es-419"),
        ("en, fr", "en"),
        ("", None),
        ("the language", None),
        ("x", None),
    ],
)
def test_a_stated_language_has_one_code(stated: str, code: str | None) -> None:
    assert language_code(stated) == code


@given(st.text(max_size=20) | st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?", fullmatch=True))
def test_the_code_of_a_code_is_itself(stated: str) -> None:
    code = language_code(stated)
    assert code is None or language_code(code) == code


def test_the_base_of_a_code_is_its_language() -> None:
    assert base_language("pt-br") == "pt"
    assert base_language("en") == "en"
