"""Bodies that only scripts hold: JSON-LD's articleBody, and the states that front ends hydrate from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.hydration import Candidate as Hydrated
from crawler.extraction.hydration import blocks_of_markup, hydrated
from crawler.extraction.states import states
from crawler.extraction.structured import string
from crawler.items import Block
from crawler.normalisation.text import clean, folded, weight

_PARAGRAPHS = re.compile(r"\n")
LEAST = 500
"""Characters; a shorter articleBody may be a stub."""
SHORT = 1200
"""Characters; a page that shows more needs no look into its states."""


def scripted_blocks(facts: Facts, shown: Sequence[Block], headline: str | None) -> list[Block]:
    """The blocks that scripts hold, where the page itself shows less than half as much; else none.

    Of a state and articleBody the state, which tells kinds of blocks apart, unless it holds less.
    """
    stated = string(facts.article.get("articleBody")) or ""
    if not stated and sum(len(block.text) for block in shown) > SHORT:
        return []
    seen = sum(weight(block.text) for block in shown)
    least = max(LEAST, 2 * seen)
    told = weight(stated) if len(stated) > least // 3 else 0
    state = _hydrated(facts, shown, headline) if seen <= SHORT else None
    if state is not None and state.size >= max(least, 0.8 * told):
        facts.note("blocks", Candidate("hydration", "state", _locator(state)), chosen=True)
        return _without_title(state.blocks, headline)
    if told < least:
        return []
    blocks = _paragraphs(stated)
    if sum(weight(block.text) for block in blocks) < least:  # much of it was markup
        return []
    facts.note("blocks", Candidate("articleBody", "json-ld", "articleBody"), chosen=True)
    return blocks


def _paragraphs(stated: str) -> list[Block]:
    if "<" in stated and ">" in stated:
        return list(blocks_of_markup(stated))
    return [Block("paragraph", piece) for part in _PARAGRAPHS.split(stated) if (piece := clean(part))]


def _hydrated(facts: Facts, shown: Sequence[Block], headline: str | None) -> Hydrated | None:
    """The largest of the states' texts that is the article's."""
    metas = (candidate.value for candidate in facts.meta("og:title", "twitter:title"))
    stated = string(facts.article.get("headline"))
    titles = {title for title in (headline, stated, *metas) if title}
    texts = [block.text for block in shown]
    read = (state for state in states(facts.outline.scripts) if isinstance(state, (dict, list)))
    found = [each for state in read if (each := hydrated(state, titles, texts))]
    return max(found, key=lambda each: each.size, default=None)


def _without_title(blocks: list[Block], headline: str | None) -> list[Block]:
    if headline and blocks and folded(blocks[0].text) == folded(headline):
        return blocks[1:]
    return blocks


def _locator(state: Hydrated) -> str:
    return ".".join(map(str, state.path))[:80]
