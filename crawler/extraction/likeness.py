"""How much a page looks like one article, and not like a list, a notice or a front page."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extraction.facts import Facts
from crawler.extraction.outline import HIDDEN, Line
from crawler.items import Block
from crawler.normalisation.text import weight

_LISTED = ("website", "webpage", "profile", "blog", "object")
TEASERS = 12
"""Headings that are links: a page with more, and little text, is a list."""


def article_score(facts: Facts, blocks: Sequence[Block], headline: str | None, *, dated: bool) -> float:
    """0 to 1: what the page declares, has a date, and above all how much it tells."""
    told = sum(weight(block.text) for block in blocks if block.kind != "subhead")
    score = min(told, 1200) / 1200 * 0.5
    if told >= 150 and sum(block.kind == "paragraph" for block in blocks) >= 2:
        score += 0.25
    if facts.article:
        score += 0.3
    score += _declared(facts)
    if dated:
        score += 0.15
    if headline:
        score += 0.1
    if told < 1000 and sum(map(_is_teaser, facts.outline.headings)) > TEASERS:
        score -= 0.4
    if not told:
        score = min(score, 0.4)
    return round(min(max(score, 0.0), 1.0), 3)


def _declared(facts: Facts) -> float:
    kinds = [candidate.value.strip().lower() for candidate in facts.meta("og:type")]
    if any("article" in kind for kind in kinds):
        return 0.2
    return -0.1 if any(kind in _LISTED for kind in kinds) and not facts.article else 0.0


def _is_teaser(line: Line) -> bool:
    return line.tag in ("h2", "h3", "h4") and line.linked > 0.5 * len(line.text) and not line.flags & HIDDEN
