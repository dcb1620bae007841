"""Boilerplate that no rule knows: what recurs at the heads and tails of one publisher's articles."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from crawler.extraction.boilerplate import hosts_named
from crawler.items import Article, Block, Boilerplate
from crawler.normalisation.edges import edges, recurring

LEAST = 5
"""Articles that end or begin with a paragraph before it is boilerplate: two or three may quote the same."""
SHARE = 0.3
"""Of the articles looked at; below it stand the paragraphs that a series of reports has in common."""
LONGEST = 2000
"""Characters."""


def learnt(articles: Iterable[Sequence[Block]]) -> frozenset[str]:
    """Texts that recur at the edges of articles of one publisher, given as their blocks.

    Copies of one article, known by the longest block between its edges, count once.
    """
    holders: dict[str, set[str]] = {}
    all_of_them = set()
    for blocks in articles:
        if not blocks:
            continue
        head, tail = edges(blocks)
        own = max((block.text for block in blocks[head.stop : tail.start]), key=len)
        all_of_them.add(own)
        for at in (*head, *tail):
            if len(blocks[at].text) <= LONGEST and blocks[at].text != own:
                holders.setdefault(blocks[at].text, set()).add(own)
    least = max(LEAST, SHARE * len(all_of_them))
    return frozenset(text for text, held_by in holders.items() if len(held_by) >= least)


def without_learnt(article: Article, texts: Container[str]) -> Article:
    """The article without what was learnt of its publisher; what was taken out for that before is back, or still out.

    Nothing else of it changes: what a page says in other fields must not depend on what was learnt from others.
    """
    whole = article.whole_blocks
    positions = recurring(whole, texts)
    before = tuple(piece.position for piece in article.boilerplate if piece.position is not None)
    if positions == before:
        return article
    kept = tuple(block for at, block in enumerate(whole) if at not in positions)
    taken = [Boilerplate(whole[at].text, "learnt", hosts_named(whole[at].text), at, whole[at].kind) for at in positions]
    by_rule = (piece for piece in article.boilerplate if piece.position is None)
    return replace(article, blocks=kept, boilerplate=(*by_rule, *taken), text="\n\n".join(block.text for block in kept))
