"""Head and tail of an article, where paragraphs stand that recur over a publisher's articles."""

from __future__ import annotations

from collections.abc import Container, Sequence

from crawler.items import Block

HEAD, TAIL = 2, 5
"""Blocks at either end, at most; of a short article fewer, so that something always stays."""

_NEVER = ("table",)


def edges(blocks: Sequence[Block]) -> tuple[range, range]:
    """Positions of the head and of the tail. Between them stands at least one block, if there is any."""
    count = len(blocks)
    return range(min(HEAD, count // 3)), range(count - min(TAIL, count // 2), count)


def recurring(blocks: Sequence[Block], learnt: Container[str]) -> tuple[int, ...]:
    """Positions of the blocks that are learnt boilerplate, in order. With more learnt, never fewer.

    What stands in the middle is the article's own, and so is a sub-headline with text of it below.
    """
    head, tail = edges(blocks)
    found = [at for at in head if blocks[at].text in learnt and blocks[at].kind not in (*_NEVER, "subhead")]
    below: list[int] = []
    ends = True
    for at in reversed(tail):
        block = blocks[at]
        if block.text in learnt and block.kind not in _NEVER and (ends or block.kind != "subhead"):
            below.append(at)
        else:
            ends = False
    return (*found, *reversed(below))
