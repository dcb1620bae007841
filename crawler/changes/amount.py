"""How many words of a text came and went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.changes.passages import passages
from crawler.changes.words import words


@dataclass(frozen=True, slots=True)
class Amount:
    """Words and numbers; in scripts without spaces between words, characters."""

    added: int
    removed: int


def amount(edits: Iterable[tuple[str | None, str | None]]) -> Amount:
    """Of several edits, each with the text before and after; None: there was none.

    Excerpts will do, as events list them: what is cut off around a change did not change. Of an edit that was cut
    within the change, the words that are left count.
    """
    found = [passage for old, new in edits for passage in passages(old or "", new or "")]
    counts = {
        change: sum(len(words(passage.text)) for passage in found if passage.change == change)
        for change in ("added", "removed")
    }
    return Amount(**counts)
