"""The words around a change, for lists: enough to see what it is, whatever the length of the paragraph."""

from __future__ import annotations

from crawler.changes.passages import Span, changed
from crawler.changes.words import spaced_pieces

AROUND = 8
"""Pieces that are kept on either side."""
LONGEST = 300
"""Characters of either text."""
CUT = "…"


def excerpts(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Both texts from a little before the first change to a little after the last."""
    if old is None or new is None:
        return old and _cut(old), new and _cut(new)
    before, after = spaced_pieces(old), spaced_pieces(new)
    spans = changed(before, after) or [Span(range(0), range(0))]
    first, last = spans[0], spans[-1]
    return (
        _between(before, first.old.start, last.old.stop),
        _between(after, first.new.start, last.new.stop),
    )


def _between(parts: list[str], start: int, stop: int) -> str:
    start, stop = max(0, start - AROUND), min(len(parts), stop + AROUND)
    # To leave out three words is no gain.
    start, stop = (0 if start <= 3 else start), (len(parts) if len(parts) - stop <= 3 else stop)
    text = "".join(parts[start:stop]).rstrip()
    return _cut(f"{CUT if start else ''}{text}{CUT if stop < len(parts) else ''}")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}{CUT}"
