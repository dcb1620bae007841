"""The entries of a live blog, as structured data has them."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.hydration import blocks_of_markup
from crawler.extraction.structured import Node, string, types
from crawler.items import Block
from crawler.normalisation.text import clean, folded, weight

MAX_ENTRIES = 1000
LEAST = 300
"""Weight of all entries; with less the list is a stub."""


def live_node(facts: Facts) -> Node | None:
    """The page's live blog in JSON-LD."""
    return next((node for node in facts.nodes if "LiveBlogPosting" in types(node)), None)


def live_blocks(facts: Facts, shown: Sequence[Block]) -> list[Block]:
    """The entries in the order of the list, where the page shows less than half as much; else none.

    Each begins with its headline as a sub-headline, where it has one.
    """
    node = live_node(facts)
    if node is None:
        return []
    updates = node.get("liveBlogUpdate")
    entries = [each for each in (updates if isinstance(updates, list) else [updates]) if isinstance(each, dict)]
    blocks = [block for entry in entries[:MAX_ENTRIES] for block in _entry(entry)]
    told, seen = (sum(weight(block.text) for block in some) for some in (blocks, shown))
    is_used = told >= max(LEAST, 2 * seen)
    facts.note("blocks", Candidate(f"{len(entries)} entries", "json-ld", "liveBlogUpdate"), chosen=is_used)
    return blocks if is_used else []


def _entry(entry: Node) -> list[Block]:
    body = next((text for name in ("articleBody", "text", "description") if (text := string(entry.get(name)))), "")
    blocks = [block for block in blocks_of_markup(body) if block.text]
    headline = clean(string(entry.get("headline")) or string(entry.get("name")) or "")
    if headline and not (blocks and folded(blocks[0].text).startswith(folded(headline))):
        return [Block("subhead", headline), *blocks]
    return blocks
