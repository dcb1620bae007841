"""The text of an article as it is set: lists and tables of their blocks, and what was shown from elsewhere between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.index.lookup import Revision
from crawler.items import Block, BlockKind, Embed
from crawler.viewer.filters import number

TOGETHER = ("list_item", "table", "quote")
"""Kinds of blocks that are one piece where they follow one another."""


UNSPACED = frozenset("bo dz ja km lo my th yue zh".split())
"""Languages (BCP 47) that have no spaces between words."""


@dataclass(slots=True)
class Piece:
    """What stands between two others."""

    kind: BlockKind | Literal["shown"]
    """shown: something from elsewhere, a video or a post; then it has no texts."""
    texts: list[str] = field(default_factory=list)
    embed: Embed | None = None


def pieces(blocks: Sequence[Block], embeds: Iterable[Embed]) -> list[Piece]:
    """All blocks in order, and the embeds whose place the page shows, each where it stood."""
    standing: dict[int, list[Embed]] = {}
    for embed in embeds:
        if embed.before is not None:
            standing.setdefault(min(embed.before, len(blocks)), []).append(embed)
    found: list[Piece] = []
    for position, block in enumerate(blocks):
        found += _shown(standing, position)
        if block.kind in TOGETHER and found and found[-1].kind == block.kind:
            found[-1].texts.append(block.text)
        else:
            found.append(Piece(block.kind, [block.text]))
    return found + _shown(standing, len(blocks))


def _shown(standing: dict[int, list[Embed]], position: int) -> list[Piece]:
    return [Piece("shown", embed=embed) for embed in standing.get(position, ())]


def length(revision: Revision) -> str:
    """How long a text is, in words; in characters where words cannot be counted."""
    if (revision.language or "").partition("-")[0].lower() in UNSPACED:
        return f"{number(sum(len(block.text) for block in revision.blocks))} characters"
    return f"{number(revision.word_count)} words"
