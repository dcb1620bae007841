"""The lines of the body as blocks: paragraphs, sub-headlines, quotes, list items, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from lxml.html import HtmlElement

from crawler.extraction.elements import HEADINGS
from crawler.extraction.outline import LIST, QUOTE, TABLE, Line
from crawler.items import Block, BlockKind

HEADING_LENGTH = 200
"""Characters; a longer heading is a paragraph in large letters."""
SUBHEAD_LENGTH = 110
"""Characters; a longer bold line is a paragraph that stresses all of itself."""

_SENTENCE_END = re.compile(r"[.!…。！।,;]['\"”’»)\]]*$")


def blocks_of(lines: Iterable[Line], subheads: Set[HtmlElement] | None = None) -> list[Block]:
    """A block for each line, in order; what ends in no text below it is no sub-headline.

    ``subheads`` are the elements of sub-headlines where the layout says which they are.
    """
    blocks = [Block(_told_kind(line, subheads), line.text) for line in lines]
    while blocks and blocks[-1].kind == "subhead":
        blocks.pop()
    return blocks


def _told_kind(line: Line, subheads: Set[HtmlElement] | None) -> BlockKind:
    if subheads is None:
        return kind_of(line)
    if line.element in subheads:
        return "subhead"
    kind = kind_of(line)
    return "paragraph" if kind == "subhead" else kind


def kind_of(line: Line) -> BlockKind:
    """What a line is, by its element, what it stands in, and its look."""
    if (line.tag in HEADINGS and len(line.text) <= HEADING_LENGTH) or is_bold_heading(line):
        return "subhead"
    if line.flags & TABLE and line.tag in ("td", "th", "tr"):
        return "table"
    if line.flags & QUOTE:
        return "quote"
    return "list_item" if line.tag in ("li", "dd", "dt") and line.flags & LIST else "paragraph"


def is_bold_heading(line: Line) -> bool:
    """Whether a short paragraph is a sub-headline in all but its element: bold from end to end, no sentence."""
    length = len(line.text)
    if length > SUBHEAD_LENGTH or line.bold < max(1, 0.95 * length - 2) or line.tag in ("li", "td", "th"):
        return False
    return line.linked < 0.5 * length and not _SENTENCE_END.search(line.text)
