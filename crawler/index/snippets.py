"""The piece of an original text that shows what was searched for."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.normalisation.folding import unmarked
from crawler.queries.tree import Words

LENGTH = 240
"""Characters of a snippet, at most."""

BEFORE = 60
"""Characters before the first hit, at most."""

PART = 20_000
"""Characters of a text that are looked at together, at least; words that follow one another may lie across two."""

OVERLAP = 500
"""Characters that two parts have in common, at least, where there are spaces between words."""

NEAR = 25
"""Characters by which a snippet is shortened to begin and end with a whole word."""

# Thai to Khmer, kana, Han, Hangul: no spaces between words, so each character with its marks is a word here.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Combining marks of Latin, Cyrillic, Hebrew, Arabic and Indic scripts, and joiners: they end no word.
_INSIDE = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
    "\u0970-\u0dff\u200b-\u200f\u2060\ufeff"
)
_WORD = re.compile(f"[{_UNSPACED}]|(?:[^\\W_{_UNSPACED}]+|[{_INSIDE}])+")
_SPECIAL = re.compile(f"[{_UNSPACED}{_INSIDE}]")
_SPACED_WORD = re.compile(r"[^\W_]+")
"""The same, of a text without special letters."""
_DIACRITICS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the original text, on one line."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each hit, in characters of the snippet."""

    def marked(self, before: str = "[", after: str = "]") -> str:
        """The text with signs around the hits."""
        pieces, at = [], 0
        for start, end in self.marks:
            pieces += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join(pieces) + self.text[at:]


def snippet(text: str, sought: Iterable[Words]) -> Snippet:
    """The surroundings of the place with the most hits; where there is none, the beginning of the text.

    Of a long text that is the place in the first ``PART`` with hits.
    """
    text, sought = _one_line(text), list(sought)
    spans = next(filter(None, (_places_within(text, part, sought) for part in _parts(text))), [])
    start = max(0, _densest(spans) - BEFORE) if spans else 0
    return _cut(text, start, spans)


def whole(text: str, sought: Iterable[Words]) -> Snippet:
    """A text that is short enough to show all of it, with its hits."""
    line = _one_line(text)
    return Snippet(line, tuple(places(line, sought)))


def places(text: str, sought: Iterable[Words]) -> list[tuple[int, int]]:
    """Start and end of all that words and phrases match: in order, without overlaps."""
    terms = _terms(sought)
    plain = _plain_words(text) if terms else {}
    there = set(plain.values())
    terms = [term for term in terms if _may_be_among(there, term)]
    words = _words(text, plain) if terms else []
    spans = sorted(span for term in terms for span in _places_of(term, words, text))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of parts that cut no word in two."""
    start = end = 0
    while end < len(text):
        space = text.find(" ", start + PART)
        end = space if space >= 0 else len(text)
        yield start, end
        space = text.rfind(" ", start + 1, end - OVERLAP)
        start = space + 1 if space >= 0 else end


def _places_within(text: str, part: tuple[int, int], sought: Iterable[Words]) -> list[tuple[int, int]]:
    start, end = part
    return [(start + first, start + last) for first, last in places(text[start:end], sought)]


@dataclass(frozen=True, slots=True)
class _Term:
    """Words that follow one another."""

    words: tuple[str, ...]
    prefix: bool


_Word = tuple[str, int, int]
"""Plain, start, end: a text has thousands."""


def _terms(sought: Iterable[Words]) -> list[_Term]:
    found = (
        _Term(tuple(plain for plain, *_ in _words(each.text, _plain_words(each.text))), each.prefix) for each in sought
    )
    return [term for term in found if term.words]


def _may_be_among(there: set[str], term: _Term) -> bool:
    *before, last = term.words
    return there.issuperset(before) and (
        last in there or (term.prefix and any(word.startswith(last) for word in there))
    )


def _words(text: str, plain: Mapping[str, str]) -> list[_Word]:
    return [(plain[match[0]], match.start(), match.end()) for match in _pattern(text).finditer(text) if plain[match[0]]]


def _plain_words(text: str) -> dict[str, str]:
    """Each word of a text, and what is compared of it."""
    return {word: _plain(word) for word in set(_pattern(text).findall(text))}


def _pattern(text: str) -> re.Pattern[str]:
    return _WORD if _SPECIAL.search(text) else _SPACED_WORD


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    """Without the diacritics that FTS5 takes off by itself, too."""
    if word.isascii():
        return word.lower()
    return _DIACRITICS.sub("", unicodedata.normalize("NFD", unmarked(word))).replace(" ", "")


def _places_of(term: _Term, words: Sequence[_Word], text: str) -> Iterator[tuple[int, int]]:
    count = len(term.words)
    *before, last = term.words
    for at in range(len(words) - count + 1):
        ending = words[at + count - 1]
        if not (ending[0] == last or (term.prefix and ending[0].startswith(last))):
            continue
        if all(words[at + n][0] == word for n, word in enumerate(before)):
            yield words[at][1], _end_of(last, ending, text)


def _end_of(beginning: str, word: _Word, text: str) -> int:
    """Where a beginning of a word ends in the original."""
    plain, start, whole_end = word
    if plain == beginning:
        return whole_end
    ends = range(start + 1, whole_end)
    return next((end for end in ends if len(_plain(text[start:end])) >= len(beginning)), whole_end)


def _densest(spans: Sequence[tuple[int, int]]) -> int:
    """The start of the hit that has the most others behind it within one snippet; spans are in order."""
    ends = [end for _, end in spans]
    reach = LENGTH - BEFORE
    behind = [bisect_right(ends, start + reach) - at for at, (start, _) in enumerate(spans)]
    return spans[behind.index(max(behind))][0]


def _cut(text: str, start: int, spans: Sequence[tuple[int, int]]) -> Snippet:
    start = _word_start(text, start)
    end = _word_end(text, min(len(text), start + LENGTH))
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    marks = tuple((max(a, start) + shift, min(b, end) + shift) for a, b in spans if start <= a < end)
    return Snippet(f"{head}{text[start:end]}{tail}", marks)


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word, where one is near."""
    if at == 0 or text[at - 1].isspace():
        return at
    return next((near + 1 for near in range(at, min(at + NEAR, len(text))) if text[near].isspace()), at)


def _word_end(text: str, at: int) -> int:
    """The end of the word before, where one is near."""
    if at == len(text) or text[at].isspace():
        return at
    return next((near for near in range(at, max(at - NEAR, 0), -1) if text[near].isspace()), at)


def _one_line(text: str) -> str:
    return " ".join(text.split())
