"""The form in which texts and queries meet in full-text search; snippets come from the original text."""

from __future__ import annotations

import re
import unicodedata

# Letters that Arabic, Persian and Urdu keyboards write differently, for one sound or one shape.
_LETTERS = str.maketrans(
    {
        "ك": "ک",
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "ئ": "ی",
        "ـ": None,  # tatweel
        "\u200c": None,  # ZWNJ
        "\u200d": None,  # ZWJ
        "\u00ad": None,  # soft hyphen
        "\u200e": None,
        "\u200f": None,
        "\ufeff": None,
    }
)
_MARKS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06ed]")  # Arabic vowel and reading marks
# Han, Hiragana, Katakana: written without spaces. Hangul has spaces, its words carry endings: pairs serve both.
_CJK = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


def folded(text: str) -> str:
    """Letters of one sound alike, no vowel marks, lower case, runs of CJK as overlapping pairs. Twice equals once."""
    plain = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return _CJK.sub(_pairs, _MARKS.sub("", plain).casefold())


def _pairs(run: re.Match[str]) -> str:
    letters = run[0]
    if len(letters) <= 2:
        return f" {letters} "
    return f" {' '.join(letters[at : at + 2] for at in range(len(letters) - 1))} "


def folded_query(query: str) -> str:
    """An FTS5 query from what a person typed: all words, "phrases" kept together, a final * for a prefix.

    Every word is quoted, so that no punctuation is taken for FTS5's own syntax. "" where nothing can be searched.
    """
    parts = re.findall(r'"([^"]*)"(\*?)|([^\s"]+)', query)
    return " ".join(filter(None, (_term(phrase, star, word) for phrase, star, word in parts)))


def _term(phrase: str, star: str, word: str) -> str:
    prefix = "*" if star or word.endswith("*") else ""
    words = " ".join(re.findall(r"\w+", folded(phrase or word)))
    return f'"{words}"{prefix}' if words else ""
