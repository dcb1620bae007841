"""What the body links to."""

from __future__ import annotations

from crawler.extraction.body import Body
from crawler.extraction.facts import Facts
from crawler.items import Link
from crawler.normalisation.text import clean_or_none

MAX_LINKS = 300


def links(facts: Facts, body: Body) -> tuple[Link, ...]:
    """Links of the paragraphs, in order, each address once."""
    found: dict[str, Link] = {}
    for line in body.lines:
        for anchor in line.anchors:
            href = anchor.get("href")
            url = facts.absolute(href) if href else None
            if url and url.partition("#")[0] != facts.url:
                found.setdefault(url, Link(url, clean_or_none(anchor.text_content())))
    return tuple(list(found.values())[:MAX_LINKS])
