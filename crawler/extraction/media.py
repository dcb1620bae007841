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
    seen: set[str] = set()
    for anchor in (anchor for line in body.lines for anchor in line.anchors):
        href = anchor.get("href")
        if not href or href in seen:
            continue
        seen.add(href)
        url = facts.absolute(href)
        if url and url.partition("#")[0] != facts.url:
            found.setdefault(url, Link(url, clean_or_none(anchor.text_content())))
        if len(found) == MAX_LINKS:
            break
    return tuple(found.values())
