"""Text in its one canonical form: NFC, plain spaces, nothing invisible. Quotation marks stay as the page has them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Soft hyphen, zero-width space and joiners of layout, direction marks, byte-order mark, controls, and halves of
# surrogate pairs, which JSON can spell and no encoding can hold. ZWNJ and ZWJ (200C, 200D) stay: Persian, Hindi and
# emoji are spelt with them.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]"
)
_WORD = re.compile(r"\w+")
# Scripts written without spaces between words: kana, Han, Thai, Lao, Khmer, Myanmar.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_DOTTED = re.compile(r"[a-z0-9-]\.[a-z0-9]", re.I)
_ENDS = frozenset(".!?…。！？؟।:")
_CLOSING = "'\"”’»)]"
_LONG = 20_000
"""Characters; no two texts that long are one for their width alone, and one character may be eighteen in NFKC."""
_FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'"}
    | {"–": "-", "—": "-", "‑": "-", "‐": "-", "…": "..."}
)
_TO_FOLD = re.compile(f"[{''.join(map(chr, _FOLDED))}]")


def clean(text: str) -> str:
    """One line of text: NFC, every run of white space one space, invisible characters dropped."""
    if text.isprintable() and "  " not in text:  # of white space only the plain space is printable
        text = text.strip()
    else:
        text = " ".join(text.split())
        if not text.isprintable():  # nothing invisible is, and few texts hold any: most need no search
            text = " ".join(_INVISIBLE.sub("", text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean_or_none(text: str | None) -> str | None:
    """``clean``, with None for what is empty after it."""
    return (clean(text) or None) if text else None


@lru_cache(maxsize=2000)
def folded(text: str) -> str:
    """A key to compare texts by: case, quotation marks, dashes and width do not count."""
    text = clean(text)
    if text.isascii():
        return text.replace("`", "'").lower()
    narrow = unicodedata.normalize("NFKC", text) if len(text) <= _LONG else text
    if _TO_FOLD.search(narrow):  # in few; translating takes as long as all the rest
        narrow = narrow.translate(_FOLDED)
    return " ".join(narrow.split()).casefold()


def words(text: str) -> list[str]:
    """The words of a text; a run of Chinese, Japanese or Thai counts as one."""
    return _WORD.findall(text)


def weight(text: str) -> int:
    """How much a text says, in Latin characters: a character of an unspaced script counts for three."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_UNSPACED.findall(text))


def may_name_a_host(text: str) -> bool:
    """Whether a host name can be in it: in few paragraphs, so that most need no search for one."""
    return _DOTTED.search(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends as sentences do, or holds the full stop of a script that leaves no space after it."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS or (not text.isascii() and any(mark in text for mark in "。！？"))
