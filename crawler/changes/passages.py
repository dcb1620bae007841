"""Two versions of a text as one: what stayed, what went and what came, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from crawler.changes.words import is_word, spaced_pieces

LARGEST = 9_000_000
"""Pairs of words that are compared; beyond it one text stands in the place of the other."""


PassageChange = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words."""

    change: PassageChange
    text: str
    """With the space after it, as the text has it; before it too, where the new text has none there."""


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces that changed: their places before and after; one of the two may be empty."""

    old: range
    new: range


def passages(old: str, new: str) -> list[Passage]:
    """What changed, removed before added. The same and the removed ones joined are the old text, but for spaces."""
    before, after = spaced_pieces(old), spaced_pieces(new)
    end = Span(range(len(before), len(before)), range(len(after), len(after)))
    found: list[Passage] = []
    at = 0
    for span in [*changed(before, after), end]:
        parts: tuple[tuple[PassageChange, list[str]], ...] = (
            ("same", after[at : span.new.start]),
            ("removed", _removed(before, after, span)),
            ("added", after[span.new.start : span.new.stop]),
        )
        found += [Passage(change, "".join(part)) for change, part in parts if part]
        at = span.new.stop
    return found


def _removed(before: list[str], after: list[str], span: Span) -> list[str]:
    """What went, with the space that parted it from the word that stayed: "Hill from April" became "Hill, in May"."""
    gone = before[span.old.start : span.old.stop]
    stood = before[span.old.start - 1] if gone and span.old.start else ""
    stays = after[span.new.start - 1] if span.new.start else ""
    return [stood[len(stood.rstrip()) :], *gone] if stood[-1:].isspace() and not stays[-1:].isspace() else gone


def changed(before: list[str], after: list[str]) -> list[Span]:
    """Where two lists of pieces differ, whatever space is after each; changes with next to nothing between are one.

    So "the five ships" that became "a dozen boats" is read as such, and not as three changes around spaces.
    """
    old, new = ([piece.rstrip() for piece in part] for part in (before, after))
    if len(old) * len(new) > LARGEST:
        return [Span(range(len(old)), range(len(new)))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    spans = [Span(range(i, j), range(k, m)) for what, i, j, k, m in matcher.get_opcodes() if what != "equal"]
    return list(_joined(spans, new))


def _joined(spans: list[Span], new: list[str]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last is not None and _is_little(new[last.new.stop : span.new.start]) and _are_replacements(last, span):
            last = Span(range(last.old.start, span.old.stop), range(last.new.start, span.new.stop))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _is_little(between: list[str]) -> bool:
    """Whether what stayed between two changes is one short word, or a mark."""
    return len(between) == 1 and (not is_word(between[0]) or len(between[0]) <= 3)


def _are_replacements(*spans: Span) -> bool:
    return all(span.old and span.new for span in spans)
