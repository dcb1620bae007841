"""Rows of boxes that lead to other articles: told by their likeness and links, whatever their classes are called."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from crawler.extraction.container import look
from crawler.extraction.outline import FOREIGN, Box, Line, Outline

_ROWS = frozenset(("div", "article", "section", "aside", "figure"))
LEAST = 3
"""Boxes alike that make a row."""
MOST = 0.75
"""Of a row's boxes: so many must be teasers."""
LINK = 15
"""Characters of a link that may be a headline."""
EXCERPT = 320
"""Characters beside the link; a longer text is told for its own sake."""


def mark_teasers(outline: Outline) -> None:
    """Marks the lines of such rows as foreign."""
    places = [line.order for line in outline.lines]
    for row in _rows(outline):
        told = [outline.lines[bisect_left(places, box.order) : bisect_right(places, box.end)] for box in row]
        if sum(map(_is_teaser, told)) >= MOST * len(row):
            _mark(row, told)


def _rows(outline: Outline) -> Iterator[list[Box]]:
    """Boxes alike in one box, where there are enough."""
    inner: dict[Box, list[Box]] = {}
    for box in outline.boxes:
        if box.parent is not None and box.tag in _ROWS:
            inner.setdefault(box.parent, []).append(box)
    for boxes in inner.values():
        if len(boxes) < LEAST:
            continue
        alike: dict[tuple[str, str], list[Box]] = {}
        for box in boxes:
            alike.setdefault(look(box), []).append(box)
        yield from (row for row in alike.values() if len(row) >= LEAST)


def _mark(row: list[Box], told: list[list[Line]]) -> None:
    for box in row:
        box.flags |= FOREIGN
    for lines in told:
        for line in lines:
            line.flags |= FOREIGN


def _is_teaser(lines: list[Line]) -> bool:
    """Whether a box is a link of a headline's length, and an excerpt at most."""
    if not any(line.linked >= max(LINK, 0.8 * len(line.text)) for line in lines):
        return False
    return sum(len(line.text) - line.linked for line in lines) < EXCERPT
