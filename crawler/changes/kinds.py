"""What an edit of a text is, and how much it weighs: a number, a quotation, a name, or only other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from crawler.changes.passages import Span, changed
from crawler.changes.words import is_capitalised, is_word, normal, number, pieces

EditKind = Literal[
    "headline",
    "number",
    "quote",
    "name",
    "paragraph-removed",
    "paragraph-added",
    "caption",
    "summary",
    "reworded",
    "moved",
    "punctuation",
]

WEIGHTS: dict[EditKind, int] = {
    "headline": 80,
    "number": 70,
    "quote": 65,
    "name": 60,
    "paragraph-removed": 50,
    "paragraph-added": 40,
    "caption": 35,
    "summary": 30,
    "reworded": 15,
    "moved": 10,
    "punctuation": 3,
}
"""Of one edit, up to 100. What states a fact weighs more than how it is said."""
REWORDED_WHOLLY = 20
"""What a paragraph weighs beyond that of "reworded" when all of its words are others."""
FURTHER = 0.1
"""Of the weight of each edit but the heaviest: a hundred commas are no changed headline."""

_OPENING, _CLOSING = "“„«「『‹", "”“»」』›"
_NOUNS_ARE_CAPITALISED = ("de", "lb", "als", "gsw")
_ENDS = frozenset('.!?…:“„"«»”')


def kind_of(old: str, new: str, language: str | None = None) -> tuple[EditKind, int]:
    """What became of a text that was reworded, and its weight.

    Where several things changed it is called by the heaviest. Names are told by their capital letters, so in scripts
    without these a changed name is "reworded".
    """
    before, after = pieces(old), pieces(new)
    spans = changed(before, after)
    if all(_is_mark_or_case(before, after, span) for span in spans):
        return "punctuation", WEIGHTS["punctuation"]
    if any(_changes_number(before, after, span) for span in spans):
        return "number", WEIGHTS["number"]
    if any(_changes_quote(before, after, span) for span in spans):
        return "quote", WEIGHTS["quote"]
    if any(_changes_name(before, after, span, language) for span in spans):
        return "name", WEIGHTS["name"]
    share = sum(len(span.old) + len(span.new) for span in spans) / max(1, len(before) + len(after))
    return "reworded", WEIGHTS["reworded"] + round(REWORDED_WHOLLY * min(1.0, share))


def weight_of_all(weights: Sequence[int]) -> int:
    """What several edits weigh together, up to 100: the heaviest, and a little of each other."""
    if not weights:
        return 0
    heaviest = max(weights)
    return min(100, round(heaviest + FURTHER * (sum(weights) - heaviest)))


def _is_mark_or_case(before: list[str], after: list[str], span: Span) -> bool:
    """Whether only marks, or capitals, are others."""
    old, new = (
        [normal(piece) for piece in part[at.start : at.stop] if is_word(piece)]
        for part, at in ((before, span.old), (after, span.new))
    )
    return "".join(old) == "".join(new)


def _changes_number(before: list[str], after: list[str], span: Span) -> bool:
    """Whether numbers stand where others stood, or one where none was and nothing else came with it."""
    old, new = (
        [found for piece in part[at.start : at.stop] if (found := number(piece))]
        for part, at in ((before, span.old), (after, span.new))
    )
    return old != new and bool((old and new) or len(span.old) + len(span.new) <= 2 * (len(old) + len(new)))


def _changes_quote(before: list[str], after: list[str], span: Span) -> bool:
    """Whether words between quotation marks are others than before."""
    return any(
        at.start < stop and start < at.stop
        for part, at in ((before, span.old), (after, span.new))
        for start, stop in _quotations(part)
    )


def _quotations(part: list[str]) -> Iterator[tuple[int, int]]:
    """Where the words between quotation marks begin and end. A straight mark opens, then closes."""
    opened: int | None = None
    for at, piece in enumerate(part):
        if opened is None and (piece in _OPENING or piece == '"'):
            opened = at + 1
        elif opened is not None and (piece in _CLOSING or piece == '"'):
            yield opened, at
            opened = None


def _changes_name(before: list[str], after: list[str], span: Span, language: str | None) -> bool:
    strict = (language or "").partition("-")[0] in _NOUNS_ARE_CAPITALISED
    return any(_is_name(before, at, strict) for at in span.old) and any(_is_name(after, at, strict) for at in span.new)


def _is_name(part: list[str], at: int, strict: bool) -> bool:
    """Whether a word is written as names are: with a capital within a sentence, or beside another such word."""
    if not _stands_out(part, at):
        return any(_stands_out(part, n) for n in (at + 1,) if is_capitalised(part[at]))
    return not strict or any(_stands_out(part, n) for n in (at - 1, at + 1))


def _stands_out(part: list[str], at: int) -> bool:
    """Whether a word has a capital that is not that of its sentence."""
    if not 0 < at < len(part) or len(part[at]) < 2 or not is_capitalised(part[at]):
        return False
    return part[at - 1] not in _ENDS
