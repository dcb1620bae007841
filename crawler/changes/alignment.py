"""Which paragraph of one reading is which of another: the same, reworded, moved, added or removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from crawler.changes.words import words

Change = Literal["same", "reworded", "added", "removed", "moved"]

ALIKE = 0.4
"""Share of words that two paragraphs have in common from which one is the other, reworded."""
PAIRED = 3600
"""Pairs of paragraphs that are compared by their words, at most; of more the first are paired with the first."""
MANY = 4000
"""Paragraphs; with more, those that recur are not told apart, which would take minutes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text's place before and after; None: it was not there, or is not any more."""

    change: Change
    old: int | None
    new: int | None


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """All texts of both, in the order of the new ones, what was removed where it stood.

    A text that moved is one pair, at its new place.
    """
    # What begins and ends alike is paired first: of texts that recur the matcher may pair others.
    start = _alike_until(old, new, min(len(old), len(new)))
    end = _alike_until(old[::-1], new[::-1], min(len(old), len(new)) - start)
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=len(old) + len(new) > MANY)
    pairs = [Pair("same", n, n) for n in range(start)]
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            pairs += [Pair("same", start + i + n, start + k + n) for n in range(j - i)]
        else:
            pairs += _replaced(old, new, range(start + i, start + j), range(start + k, start + m))
    pairs += [Pair("same", len(old) - n, len(new) - n) for n in range(end, 0, -1)]
    return _with_moves(old, new, pairs)


def _alike_until(old: Sequence[str], new: Sequence[str], most: int) -> int:
    """How many are equal from the start."""
    return next((at for at in range(most) if old[at] != new[at]), most)


def _replaced(old: Sequence[str], new: Sequence[str], before: range, after: range) -> Iterator[Pair]:
    """Where texts stand in the place of others: what is alike, in order; the rest was removed and added."""
    i, k = before.start, after.start
    for a, b in [*_alike(old, new, before, after), (before.stop, after.stop)]:
        yield from (Pair("removed", n, None) for n in range(i, a))
        yield from (Pair("added", None, n) for n in range(k, b))
        if a < before.stop and b < after.stop:
            yield Pair("reworded", a, b)
        i, k = a + 1, b + 1


def _alike(old: Sequence[str], new: Sequence[str], before: range, after: range) -> list[tuple[int, int]]:
    """The pairs, in order, that have most words in common all together."""
    if not before or not after:
        return []
    if len(before) * len(after) > PAIRED:
        return list(zip(before, after, strict=False))
    olds, news = ([Counter(words(texts[n])) for n in part] for texts, part in ((old, before), (new, after)))
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    common = [[_likeness(a, b) for b in news] for a in olds]
    for a, row in reversed(list(enumerate(common))):
        for b, likeness in reversed(list(enumerate(row))):
            taken = likeness + best[a + 1][b + 1] if likeness >= ALIKE else 0.0
            best[a][b] = max(taken, best[a + 1][b], best[a][b + 1])
    found, a, b = [], 0, 0
    while a < len(olds) and b < len(news):
        if common[a][b] >= ALIKE and best[a][b] == common[a][b] + best[a + 1][b + 1]:
            found.append((before[a], after[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _with_moves(old: Sequence[str], new: Sequence[str], pairs: list[Pair]) -> list[Pair]:
    """What was removed in one place and added in another was moved."""
    removed: dict[str, list[int]] = {}
    for at, pair in enumerate(pairs):
        if pair.change == "removed" and pair.old is not None:
            removed.setdefault(old[pair.old], []).append(at)
    gone: set[int] = set()
    for at, pair in enumerate(list(pairs)):
        if pair.change != "added" or pair.new is None or not (places := removed.get(new[pair.new])):
            continue
        place = places.pop(0)
        gone.add(place)
        pairs[at] = replace(pair, change="moved", old=pairs[place].old)
    return [pair for at, pair in enumerate(pairs) if at not in gone]
