"""Which lines of a page are the article's body: the container first, then what to leave out of it."""

from __future__ import annotations

import re

from crawler.extraction.outline import (
    ASIDE,
    BODY,
    BUTTON,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    EMBED,
    FOOTER,
    FOREIGN,
    FORM,
    HIDDEN,
    NAV,
    TIME,
    Box,
    Line,
    Outline,
)
from crawler.normalisation.text import weight

NEVER = HIDDEN | NAV | FOOTER | CAPTION
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:]['\"”’»)\]]*$|[。！？]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def line_value(line: Line) -> float:
    """How much the body gains by a line, in characters; negative for what looks like something else."""
    flags = line.flags
    if flags & NEVER:
        return 0.0
    size = weight(line.text)
    length = len(line.text)
    linked = line.linked / length
    if linked > 0.6 and not (linked < 0.9 and size > 120):
        return -min(size, 60)
    if line.tag in _HEADINGS:
        return 0.0
    ends = _SENTENCE_END.search(line.text) is not None
    value = size * (1.0 - linked)
    if line.tag not in ("p", "pre") and not ends:
        value *= 0.3
    if size < 80 and not ends:
        value = -5.0 if line.tag != "p" else 5.0
    if flags & (FOREIGN | COMMENT) and not flags & BODY:
        value *= 0.15
    elif flags & (FORM | ASIDE | BUTTON | TIME | BYLINE | CREDIT) and not flags & BODY:
        value *= 0.4
    elif flags & BODY:
        value *= 1.5
    return value


def container(outline: Outline) -> Box:
    """The box that holds the body."""
    for line in outline.lines:
        line.value = line_value(line)
    _sum(outline.root)
    box = outline.root
    while (inner := _heir(box)) is not None:
        box = inner
    return box


def _sum(box: Box) -> float:
    total = 0.0
    for child in box.children:
        value = child.value if isinstance(child, Line) else _sum(child)
        total += value if isinstance(child, Line) else max(value, 0.0)
    box.value = total
    return total


def _heir(box: Box) -> Box | None:
    """The child that holds nearly all that the box holds."""
    inner = [child for child in box.children if isinstance(child, Box)]
    best = max(inner, key=lambda child: child.value, default=None)
    if best is None or best.value <= 0:
        return None
    rest = sum(child.value for child in box.children if child is not best and child.value > 0)
    return best if best.value > 1.5 * rest else None


def body_lines(box: Box) -> list[Line]:
    """The lines of the container that belong to the body, in order."""
    kept: list[Line] = []
    _collect(box, kept)
    return kept


def _collect(box: Box, kept: list[Line]) -> None:
    for child in box.children:
        if isinstance(child, Box):
            if child.value > 0:
                _collect(child, kept)
        elif child.tag in _HEADINGS and not child.flags & (NEVER | FOREIGN | COMMENT | ASIDE):
            kept.append(child)
        elif child.value > 0:
            kept.append(child)
    return
