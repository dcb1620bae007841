"""The form in which texts and queries meet in full-text search; snippets come from the original text."""

from __future__ import annotations

import re
import unicodedata

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
"""Of FTS5: it lowers case and takes Latin diacritics off. Mc and Mn: the vowels of Indic and Thai are letters too."""

# Letters that keyboards write differently for one sound or one shape: Arabic, Persian, Urdu; the Turkish ı; and the
# Russian ё, which most print as е.
_LETTERS = {
    **dict.fromkeys("كڪګ", "ک"),
    **dict.fromkeys("يىېےئ", "ی"),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ةۀہھۃە", "ه"),
    "ؤ": "و",
    "ı": "i",
    "ё": "е",
    **{digit: str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)},
}
# What is written or left out at will: combining marks, Hebrew points, Arabic vowels, tatweel, joiners, direction
# marks, soft hyphens, variation selectors; and halves of surrogate pairs, which no encoding can hold.
_MARKS = (
    "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ud800-\udfff"
)
_ODD = re.compile(f"[{''.join(_LETTERS)}{_MARKS}]")

# Written without spaces between words: Han, kana, Thai, Lao, Myanmar, Khmer. Hangul has spaces, but its words carry
# endings: pairs serve both.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)

# Characters that FTS5's tokenizer treats as ``folded`` does: nearly all of a page in Latin, Greek or Cyrillic.
_PLAIN = (
    "\x00-\x7f\u00a0-\u00a7\u00a9\u00ab\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u012f"
    "\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0218-\u021b\u0386\u0388-\u038f\u0391-\u03a1\u03a3-\u03af\u03b1-\u03ce"
    "\u0400\u0402-\u0450\u0452-\u0481\u048a-\u0527\u05d0-\u05ea\u1ea0-\u1ef9\u2010-\u2016\u2018-\u2023\u2026\u2030-\u203a\u20ac\u2190-\u21ff"
    "\u2212\u25a0-\u27bf\U0001f300-\U0001f5ff\U0001f600-\U0001f64f"
)
_NOT_PLAIN = re.compile(f"[^{_PLAIN}]")
_PLAIN_RUN = re.compile(f"[{_PLAIN}]+")


def folded(text: str) -> str:
    """Letters of one sound alike, no vowel marks, lower case, runs without spaces as overlapping pairs.

    One line; twice equals once.
    """
    return " ".join(_UNSPACED.sub(_pairs, unmarked(text)).split())


def unmarked(text: str) -> str:
    """``folded``, before runs are cut into pairs."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return unicodedata.normalize("NFKC", _ODD.sub(_letter, plain))


def folded_where_needed(text: str | None) -> str | None:
    """``folded``; None where FTS5 finds the same words in the text as it is."""
    if not text or text.isascii() or not _NOT_PLAIN.search(text):
        return None
    fold = folded(text)
    as_fts5 = _PLAIN_RUN.sub(lambda run: run[0].lower(), text)
    return None if fold == " ".join(as_fts5.split()) else fold


def folded_phrase(words: str, *, prefix: bool = False) -> str:
    """FTS5's expression for words that follow one another; ``prefix``: of the last one a beginning is enough.

    They are quoted, so that no punctuation is taken for FTS5's own syntax.
    """
    phrase = folded(words.replace("\0", " ").replace('"', " ")).replace('"', " ")
    return f'"{phrase}"*' if prefix or _is_single(phrase) else f'"{phrase}"'


def _is_single(words: str) -> bool:
    """One letter of a script without spaces: texts hold it as the first of a pair."""
    return len(words) == 1 and bool(_UNSPACED.fullmatch(words))


def _letter(found: re.Match[str]) -> str:
    return _LETTERS.get(found[0], "")


def _pairs(run: re.Match[str]) -> str:
    letters = run[0]
    if len(letters) <= 2:
        return f" {letters} "
    return f" {' '.join(letters[at : at + 2] for at in range(len(letters) - 1))} "
