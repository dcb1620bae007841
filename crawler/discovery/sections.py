"""Front and section pages: which of their links are articles, which are sections, and which page comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from w3lib.encoding import html_to_unicode

from crawler.discovery.articles import Likeness, article_likeness, names_service
from crawler.discovery.dates import listed_moment
from crawler.discovery.links import plain_text, resolved
from crawler.discovery.paging import is_next_word, next_by_number, page_number
from crawler.discovery.scope import Scope
from crawler.discovery.vocabulary import LISTINGS, MEDIA_EXTENSIONS, SERVICES, SESSIONS
from crawler.errors import BadListing
from crawler.items import Hints, Link
from crawler.normalisation.url_dates import date_in_url
from crawler.normalisation.urls import canonical_url

SECTION_BYTES = 16 * 1024 * 1024
"""A page that is longer is refused."""

SECTION_LINKS = 5000
"""Links read on one page, from the top."""

SECTIONS_NAMED = 200
"""Sections taken from one page."""

FEEDS_NAMED = 20
"""Feeds taken from one page; some pages name one for each comment thread."""

SECTION_DEPTH = 4
"""Segments of a section's path, at most."""

SECTION_WORDS = 4
"""Words of a section's own segment, at most: "food-and-drink"."""

LAST_PAGE = 500
"""No pagination is followed further: some never end."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_COMMENT_FEED = re.compile(r"/comments/feed|[?&]feed=comments|replytocom", re.IGNORECASE)
_TEASERS = frozenset(("article", "li", "section", "tr"))
"""Elements around a link whose <time> is that of the linked article."""
ANCESTORS = 12
"""Elements upward of a link in which its teaser and its menu are looked for."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """What one front or section page links."""

    links: tuple[Link, ...] = ()
    """What looks like an article, in the page's order, each address once."""
    next_pages: tuple[str, ...] = ()
    """The page that continues this list; one at most, save where the page is ambiguous."""
    feeds: tuple[str, ...] = ()
    """What <link rel="alternate"> names."""
    sections: tuple[str, ...] = ()
    """Other lists of the site, those in its navigation first."""
    foreign: int = 0
    """Links out of scope that were left."""
    problems: tuple[str, ...] = ()
    """Why nothing, or not all, could be read."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One <a> with an address."""

    url: str
    text: str | None
    element: HtmlElement


def section_page(body: bytes, url: str, *, scope: Scope | None = None, content_type: str | None = None) -> SectionPage:
    """The links of a front or section page, sorted into articles, sections and pages of the list.

    Without a scope, links to whatever host. What is no HTML has no links. Never raises.
    """
    try:
        root = _parsed(body, url, content_type)
    except BadListing as error:
        return SectionPage(problems=(str(error),))
    base = _base(root, url)
    anchors = list(islice(_anchors(root, base), SECTION_LINKS))
    ours = [anchor for anchor in anchors if scope is None or scope.covers(anchor.url)]
    elsewhere = [anchor for anchor in ours if canonical_url(anchor.url) != canonical_url(url)]
    next_pages = tuple(page for page in _next_pages(root, base, url, elsewhere) if scope is None or scope.covers(page))
    publisher = scope.publisher if scope else None
    judged = [(anchor, article_likeness(anchor.url, anchor.text, None, publisher)) for anchor in elsewhere]
    return SectionPage(
        links=_articles(judged, url, next_pages),
        next_pages=next_pages,
        feeds=tuple(_feeds(root, base)),
        sections=_sections(judged, next_pages),
        foreign=len(anchors) - len(ours),
    )


def feeds_named_in(body: bytes, url: str, content_type: str | None = None) -> tuple[str, ...]:
    """The feeds that a page names with <link rel="alternate">, those of comments left out; () for what is no HTML."""
    try:
        root = _parsed(body, url, content_type)
    except BadListing:
        return ()
    return tuple(_feeds(root, _base(root, url)))


def _parsed(body: bytes, url: str, content_type: str | None) -> HtmlElement:
    if len(body) > SECTION_BYTES:
        raise BadListing(f"{url}: page of {len(body)} bytes, over the limit of {SECTION_BYTES}", "too-long")
    _, text = html_to_unicode(content_type, body)
    # As UTF-8 bytes: lxml refuses text that declares an encoding, and libxml2 ends at a NUL.
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise BadListing(f"{url}: no HTML: {error}") from error


def _base(root: HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        return resolved(url, element.get("href")) or url
    return url


def _anchors(root: HtmlElement, base: str) -> Iterator[_Anchor]:
    for element in root.iter("a"):
        url = resolved(base, element.get("href"))
        if url:
            yield _Anchor(url, _text_of(element), element)


def _text_of(anchor: HtmlElement) -> str | None:
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5"), anchor)
    text = plain_text(" ".join(islice(heading.itertext(), 100)))
    return text or plain_text(anchor.get("title") or anchor.get("aria-label")) or _picture_text(anchor)


def _picture_text(anchor: HtmlElement) -> str | None:
    return next((plain_text(image.get("alt")) for image in anchor.iter("img") if image.get("alt")), None)


def _articles(judged: list[tuple[_Anchor, Likeness]], url: str, next_pages: tuple[str, ...]) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for anchor, likeness in judged:
        if not likeness.is_article or anchor.url in next_pages:
            continue
        link = _link(anchor, url)
        known = links.get(anchor.url)
        # A teaser links its article by picture, headline and "read more": the longest text is the headline.
        if known is None or len(link.text or "") > len(known.text or ""):
            links[anchor.url] = link if known is None else _with_date_of(link, known)
    return tuple(links.values())


def _link(anchor: _Anchor, listing_url: str) -> Link:
    stated = _time_beside(anchor.element)
    return Link(
        anchor.url,
        anchor.text,
        Hints("section", listing_url, title=anchor.text, published=listed_moment(stated), published_raw=stated),
    )


def _with_date_of(link: Link, known: Link) -> Link:
    if link.hints is None or known.hints is None or link.hints.published_raw:
        return link
    hints = replace(link.hints, published=known.hints.published, published_raw=known.hints.published_raw)
    return replace(link, hints=hints)


def _time_beside(anchor: HtmlElement) -> str | None:
    """The one <time datetime> of the teaser that holds a link; None where there are several."""
    for element in _around(anchor):
        if element.tag not in _TEASERS:
            continue
        times = list(islice((time for time in element.iter("time") if time.get("datetime")), 2))
        if times:
            return times[0].get("datetime") if len(times) == 1 else None
    return None


def _sections(judged: list[tuple[_Anchor, Likeness]], next_pages: tuple[str, ...]) -> tuple[str, ...]:
    in_menu: dict[str, bool] = {}
    for anchor, likeness in judged:
        if likeness.is_article or anchor.url in next_pages or not _is_section(anchor):
            continue
        in_menu.setdefault(anchor.url, any(element.tag in ("nav", "header") for element in _around(anchor.element)))
    return tuple(sorted(in_menu, key=lambda section: not in_menu[section])[:SECTIONS_NAMED])


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    return islice(element.iterancestors(), ANCESTORS)


def _is_section(anchor: _Anchor) -> bool:
    """A short path of words: no service, no file, no archive, no list by tag or author, no further page of a list."""
    parts = urlsplit(anchor.url)
    segments = [segment.lower().partition(".")[0] for segment in parts.path.split("/") if segment]
    if not 1 <= len(segments) <= SECTION_DEPTH or parts.query or page_number(anchor.url) > 1:
        return False
    if date_in_url(anchor.url) or _extension(parts.path) in MEDIA_EXTENSIONS:
        return False
    if names_service(anchor.text or "") or any(segment in SERVICES | SESSIONS | LISTINGS for segment in segments):
        return False
    return len(re.split(r"[-_]", segments[-1])) <= SECTION_WORDS


def _extension(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def _next_pages(root: HtmlElement, base: str, url: str, anchors: list[_Anchor]) -> Iterator[str]:
    """By rel="next", else by the number after this page's, else by a word for "next"."""
    for candidates in (
        _by_rel(root, base),
        next_by_number(url, (anchor.url for anchor in anchors)),
        (anchor.url for anchor in anchors if is_next_word(anchor.text) and _continues(url, anchor.url)),
    ):
        pages = tuple(dict.fromkeys(page for page in candidates if _is_page_of_list(page)))
        if pages:
            yield from pages[:2]
            return


def _is_page_of_list(url: str) -> bool:
    """An article, too, may name the next one with rel="next"."""
    number = page_number(url)
    return 1 < number <= LAST_PAGE or (number == 1 and not article_likeness(url).is_article)


def _by_rel(root: HtmlElement, base: str) -> Iterator[str]:
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            page = resolved(base, element.get("href"))
            if page:
                yield page


def _continues(url: str, other: str) -> bool:
    """Whether another address can be a further page of this list: on the same host, in the same path or below it."""
    here, there = urlsplit(url), urlsplit(other)
    return here.netloc == there.netloc and there.path.startswith(here.path.rstrip("/"))


def _feeds(root: HtmlElement, base: str) -> Iterator[str]:
    named: dict[str, None] = {}
    for element in root.iter("link"):
        kind = (element.get("type") or "").lower().partition(";")[0].strip()
        feed = resolved(base, element.get("href"))
        if kind in _FEED_TYPES and "alternate" in (element.get("rel") or "").lower() and feed:
            named[feed] = None
    yield from islice((feed for feed in named if not _COMMENT_FEED.search(feed)), FEEDS_NAMED)
