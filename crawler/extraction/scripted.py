"""Bodies that only scripts hold: JSON-LD's articleBody, and the states that front ends hydrate from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import html

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.structured import string
from crawler.items import Block
from crawler.normalisation.text import clean, weight

_PARAGRAPHS = re.compile(r"\n|</p>|<br\s*/?>\s*<br\s*/?>", re.I)
LEAST = 500
"""Characters; a shorter articleBody may be a stub."""


def scripted_blocks(facts: Facts, shown: Sequence[Block]) -> list[Block]:
    """The blocks of articleBody, where the page itself shows less than half as much; else none."""
    stated = string(facts.article.get("articleBody"))
    if not stated or weight(stated) < LEAST or 2 * sum(weight(block.text) for block in shown) > weight(stated):
        return []
    pieces = (_plain(piece) for piece in _PARAGRAPHS.split(stated))
    blocks = [Block("paragraph", piece) for piece in pieces if piece]
    facts.note("blocks", Candidate("articleBody", "json-ld", "articleBody"), chosen=True)
    return blocks


def _plain(piece: str) -> str:
    piece = clean(piece)  # JSON can spell what no parser takes
    if "<" in piece and ">" in piece:
        piece = clean(html.fromstring(f"<div>{piece}</div>").text_content())
    return piece
