"""What the body embeds and links to."""

from __future__ import annotations

from crawler.extraction.body import Body
from crawler.extraction.facts import Facts
from crawler.items import Link, Video
from crawler.normalisation.text import clean_or_none

_PLAYERS = ("youtube", "vimeo", "dailymotion", "jwplayer", "brightcove", "player", "video", "embed")
MAX_LINKS = 300


def videos(facts: Facts, body: Body) -> tuple[Video, ...]:
    """Players in the body, each address once."""
    found: dict[str, Video] = {}
    for order, element in facts.outline.videos:
        address = (
            element.get("src")
            or element.get("data-src")
            or next((source.get("src") for source in element.iter("source") if source.get("src")), None)
        )
        url = facts.absolute(address) if address else None
        if url is None or not body.start - 40 <= order <= body.end + 5:
            continue
        if element.tag == "video" or any(word in url.lower() for word in _PLAYERS):
            found.setdefault(url, Video(url, clean_or_none(element.get("title"))))
    return tuple(found.values())


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
