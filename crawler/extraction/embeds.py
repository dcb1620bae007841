"""What the article shows from elsewhere: players, posts, charts, wherever their addresses stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import QUOTE, Line
from crawler.extraction.players import Player, player_at
from crawler.extraction.structured import Node, string, types
from crawler.items import Block, Embed, EmbedKind
from crawler.normalisation.text import clean, clean_or_none

BEFORE, AFTER = 40, 5
"""Of the body's order: where what belongs to it stands."""
MAX_EMBEDS = 60
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>\\]+")
_PLAYERS = ("player", "video", "audio", "podcast")
_BY_ID = {
    "data-youtube-id": "https://www.youtube.com/watch?v={}",
    "data-youtube": "https://www.youtube.com/watch?v={}",
    "data-vimeo-id": "https://vimeo.com/{}",
    "data-dailymotion-id": "https://www.dailymotion.com/video/{}",
    "data-tweet-id": "https://x.com/i/status/{}",
    "data-telegram-post": "https://t.me/{}",
}
"""Attributes that hold only an id."""
_BY_ELEMENT = {
    "amp-youtube": "https://www.youtube.com/watch?v={}",
    "lite-youtube": "https://www.youtube.com/watch?v={}",
    "amp-vimeo": "https://vimeo.com/{}",
    "lite-vimeo": "https://vimeo.com/{}",
    "amp-dailymotion": "https://www.dailymotion.com/video/{}",
    "amp-twitter": "https://x.com/i/status/{}",
    "amp-instagram": "https://www.instagram.com/p/{}/",
    "amp-jwplayer": "https://cdn.jwplayer.com/previews/{}",
}
_IDS = ("data-videoid", "videoid", "data-tweetid", "data-shortcode", "data-media-id")
_AUTHOR = re.compile(r"[—–]\s*(?P<name>[^—–()]{2,60}?)\s*\(@\w+\)")
"""Of a quoted post: "— Ada Wren (@adawren) March 3"."""


def embeds(facts: Facts, body: Body, blocks: Sequence[Block]) -> tuple[Embed, ...]:
    """Every player and post of the body, each once, in the page's order, then those that only structured data name."""
    placed = _places(body, blocks)
    found: dict[str, Embed] = {}
    for order, embed in sorted(_on_page(facts, body), key=lambda entry: entry[0]):
        before = bisect_right(placed, order) if body.start <= order else 0
        found.setdefault(embed.url, replace(embed, before=before))
        if len(found) == MAX_EMBEDS:
            break
    for embed in _stated(facts):
        known = found.get(embed.url)
        if known is None:
            found[embed.url] = embed
        elif known.title is None:
            found[embed.url] = replace(known, title=embed.title, author=known.author or embed.author)
    kept = tuple(found.values())[:MAX_EMBEDS]
    for embed in kept:
        source = "json-ld" if embed.before is None else "body"
        facts.note("embeds", Candidate(embed.url, source, embed.kind), chosen=True)
    return kept


def _places(body: Body, blocks: Sequence[Block]) -> list[int]:
    """Where each block stands, in the page's order; fewer where blocks are not the page's lines."""
    texts = [block.text for block in blocks]
    at, placed = 0, []
    for line in body.lines:
        if at < len(texts) and line.text == texts[at]:
            placed.append(line.order)
            at += 1
    return placed


def _on_page(facts: Facts, body: Body) -> Iterator[tuple[int, Embed]]:
    for order, element in facts.outline.videos:
        if body.start - BEFORE <= order <= body.end + AFTER and (embed := _embed_of(element, facts)):
            yield order, embed
    for line in body.lines:
        if line.anchors and line.flags & QUOTE and (embed := _quoted(line)):
            yield line.order, embed


def _embed_of(element: HtmlElement, facts: Facts) -> Embed | None:
    """What an element plays, from its own address or one that a consent placeholder keeps in an attribute."""
    title = clean_or_none(element.get("title") or element.get("data-title") or element.get("aria-label"))
    for address in _addresses(element):
        url = facts.absolute(address)
        if url is not None and (player := player_at(url)):
            return _embed(player, title, _named(element) if element.tag == "blockquote" else None)
    if element.tag in ("video", "audio"):
        return _own(element, facts, title)
    if element.tag in ("iframe", "amp-iframe") and (url := facts.absolute(_source(element) or "")):
        return _unknown(url, title)
    return None


def _embed(player: Player, title: str | None = None, author: str | None = None) -> Embed:
    return Embed(player.kind, player.url, player.provider, title, author or player.author)


def _unknown(url: str, title: str | None) -> Embed | None:
    """What a frame shows whose provider is not known; None for what does not call itself a player: advertising."""
    lowered = url.lower()
    if any(word in lowered for word in _PLAYERS):
        return Embed("audio" if "audio" in lowered or "podcast" in lowered else "video", url, title=title)
    return Embed("page", url, title=title) if "embed" in lowered else None


def _named(element: HtmlElement) -> str | None:
    """Whom a quoted post names as its author."""
    named = _AUTHOR.search(clean(element.text_content()[-400:]))
    return clean(named["name"]) if named else None


def _addresses(element: HtmlElement) -> Iterator[str]:
    """Whatever in an element's attributes may be an address, or leads to one."""
    tag = str(element.tag)
    attributes = element.attrib
    if tag in _BY_ELEMENT and (own := next((attributes[name] for name in _IDS if name in attributes), None)):
        yield _BY_ELEMENT[tag].format(own)
    if (account := attributes.get("data-account")) and (video := attributes.get("data-video-id")):
        yield f"https://players.brightcove.net/{account}/default_default/index.html?videoId={video}"
    for name, value in attributes.items():
        if name in _BY_ID and value and "/" not in value.removeprefix("https://t.me/").replace("/", "", 1):
            yield _BY_ID[name].format(value)
        elif "//" in value and name not in ("class", "style"):
            yield from _ADDRESS.findall(value)[:3]
    if tag == "blockquote" or tag == "div":
        hrefs = (link.get("href") for link in islice(element.iter("a"), MAX_EMBEDS))
        yield from (href for href in hrefs if href and "//" in href)


def _source(element: HtmlElement) -> str | None:
    return element.get("src") or element.get("data-src") or element.get("data-lazy-src")


def _own(element: HtmlElement, facts: Facts, title: str | None) -> Embed | None:
    """A file of the publisher's."""
    address = _source(element) or next((each for source in element.iter("source") if (each := source.get("src"))), None)
    url = facts.absolute(address) if address else None
    return Embed("audio" if element.tag == "audio" else "video", url, title=title) if url else None


def _quoted(line: Line) -> Embed | None:
    """A post that the page has as a quotation: its last link leads to it."""
    for anchor in reversed(line.anchors):
        player = player_at(anchor.get("href") or "")
        if player is not None and player.kind == "post":
            named = _AUTHOR.search(line.text)
            return _embed(player, author=clean(named["name"]) if named else None)
    return None


def _stated(facts: Facts) -> Iterator[Embed]:
    """The videos and recordings that the article's own structured data name."""
    for name in ("video", "audio", "associatedMedia"):
        value = facts.article.get(name)
        for node in (value if isinstance(value, list) else [value])[:MAX_EMBEDS]:
            if isinstance(node, dict) and (embed := _of_node(node, facts)):
                yield embed
    # Of a page with one video it is the article's; of more, they may as well be a list of others.
    if len(alone := [node for node in facts.nodes if "VideoObject" in types(node)]) == 1 and (
        embed := _of_node(alone[0], facts)
    ):
        yield embed


def _of_node(node: Node, facts: Facts) -> Embed | None:
    kinds = types(node)
    if not kinds & {"VideoObject", "AudioObject", "PodcastEpisode"}:
        return None
    kind: EmbedKind = "video" if "VideoObject" in kinds else "audio"
    title = clean_or_none(string(node.get("name")) or string(node.get("headline")))
    author = clean_or_none(string(node.get("author")) or string(node.get("creator")))
    stated = [string(node.get(name)) for name in ("embedUrl", "contentUrl", "url", "@id")]
    urls = [url for each in stated if each and (url := facts.absolute(each)) and urlsplit(url).path.strip("/")]
    player = next((player for url in urls if (player := player_at(url))), None)
    if player is not None:
        return _embed(player, title, author)
    return Embed(kind, urls[0], None, title, author) if urls else None
