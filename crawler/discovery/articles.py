"""Whether an address is that of an article, told before it is fetched, with the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from crawler.discovery.paging import page_number
from crawler.discovery.vocabulary import (
    ARTICLE_WORDS,
    LISTINGS,
    MEDIA_EXTENSIONS,
    PAGE_EXTENSIONS,
    SECTIONS,
    SERVICES,
    SESSIONS,
    WEAK_LISTINGS,
)
from crawler.items import Hints, Link
from crawler.normalisation.text import folded, weight
from crawler.normalisation.url_dates import date_in_url
from crawler.normalisation.urls import host_of
from crawler.publishers.base import Publisher

THRESHOLD = 0.5
"""From here on an address is taken for an article's."""

LONG_WORD = 14
"""Letters; a script without spaces between words counts three for one. Some languages write slugs as one word."""

PRIOR = 0.3
"""What an address begins with, of which nothing is known."""

_IDENTIFYING = re.compile(
    r"^(?:(?:article|artikel|story|news|post|item|content|entry|n|a|p|s)?_?-?(?:id|nr|no)|p|nid|aid|newsid|artnr|seq_code|.*\[tt_news\]|site)$",
    re.IGNORECASE,
)
_SEARCHING = frozenset(("s", "q", "query", "search", "keyword", "keywords", "suche", "term"))
_ASIDE = frozenset(("replytocom", "share", "add-to-cart"))
_WORDS = re.compile(r"[^\W\d_]+")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_YEAR = re.compile(r"^(?:19[89]\d|20\d\d)$")
_MONTH = re.compile(r"^(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$")
_PART_OF_DATE = re.compile(rf"{_YEAR.pattern}|{_MONTH.pattern}|^\d{{1,2}}$")
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}|(?<![a-z])[0-9a-f]{8}-[0-9a-f]{4}-")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much an address looks like an article's, and why."""

    score: float
    """0 to 1."""
    reasons: tuple[str, ...]
    """In words, those that count for it and those that count against it."""

    @property
    def is_article(self) -> bool:
        """Whether it is worth fetching as an article."""
        return self.score >= THRESHOLD


@dataclass(frozen=True)
class _Address:
    """The parts of an address that tell something."""

    url: str

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Of the path: lower case, unquoted, without the extension of the last and without a final "index"."""
        path = unquote(urlsplit(self.url).path).lower().partition(";")[0]
        segments = [segment for segment in path.split("/") if segment]
        if segments and self.extension:
            segments[-1] = segments[-1].removesuffix(f".{self.extension}")
        if segments and segments[-1] in ("index", "default", "home"):
            segments.pop()
        return tuple(segments)

    @cached_property
    def extension(self) -> str:
        last = urlsplit(self.url).path.lower().partition(";")[0].rpartition("/")[2]
        _, dot, extension = last.rpartition(".")
        return extension if dot and extension in MEDIA_EXTENSIONS | PAGE_EXTENSIONS else ""

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        pairs = (pair.partition("=") for pair in unquote(urlsplit(self.url).query).split("&"))
        return tuple((name.lower(), value) for name, _, value in pairs if name)

    @cached_property
    def slug(self) -> tuple[str, ...]:
        """The words of that one of the last three segments that has most."""
        return max((_slug_words(segment) for segment in reversed(self.segments[-3:])), key=len, default=())

    @property
    def has_number(self) -> bool:
        return any(_LONG_NUMBER.search(segment) for segment in self.segments[-3:])

    @property
    def is_search(self) -> bool:
        return any(name in _SEARCHING for name, _ in self.query)

    @property
    def has_id_in_query(self) -> bool:
        return any(_IDENTIFYING.match(name) and any(map(str.isalnum, value)) for name, value in self.query)


def article_likeness(
    url: str, link_text: str | None = None, hints: Hints | None = None, publisher: Publisher | None = None
) -> Likeness:
    """How much a URL looks like an article's. The publisher's own patterns decide where there are any."""
    if publisher is not None and publisher.covers(host_of(url)):
        known = _by_publisher(url, publisher)
        if known is not None:
            return known
    try:
        address = _Address(url)
        against = next(_never(address), None)
    except ValueError:
        return Likeness(0.0, ("no web address",))
    if against is not None:
        return Likeness(0.0, (against,))
    weighed = [*_from_path(address), *_from_listing(address, link_text, hints)]
    score = PRIOR + sum(points for points, _ in weighed)
    return Likeness(round(min(max(score, 0.0), 1.0), 2), tuple(reason for _, reason in weighed))


def is_article(link: Link, publisher: Publisher | None = None) -> bool:
    """Whether a link is worth fetching as an article."""
    return article_likeness(link.url, link.text, link.hints, publisher).is_article


def _by_publisher(url: str, publisher: Publisher) -> Likeness | None:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    if any(re.search(pattern, target) for pattern in publisher.not_article_patterns):
        return Likeness(0.0, ("publisher's pattern of what is no article",))
    if any(re.search(pattern, target) for pattern in publisher.article_patterns):
        return Likeness(1.0, ("publisher's article pattern",))
    return Likeness(0.1, ("none of the publisher's article patterns",)) if publisher.article_patterns else None


def _never(address: _Address) -> Iterator[str]:
    """Reasons that settle it, whatever else there is."""
    if address.extension in MEDIA_EXTENSIONS:
        yield "media file"
    if not address.segments and not address.has_id_in_query:
        yield "search" if address.is_search else "front page"
    if any(name in _ASIDE for name, _ in address.query):
        yield "comment form or share link"
    # Below a day, any word may be the slug of an article.
    if date_in_url(address.url) is None:
        yield from _never_by_words(address)
    if _is_archive(address.segments):
        yield "date archive"


def _never_by_words(address: _Address) -> Iterator[str]:
    folders, last = address.segments[:-1], address.segments[-1] if address.segments else ""
    if last in SESSIONS or (any(folder in SESSIONS for folder in folders) and len(address.slug) < 4):
        yield "login or subscription"
    if last in SERVICES and not address.has_id_in_query:
        yield "service page"
    if last in LISTINGS or any(folder in LISTINGS for folder in folders):
        yield "tag or author page"


def _is_archive(segments: tuple[str, ...]) -> bool:
    """Nothing after the date, and no name that an article has before it: /2022, /archive/2022/01, /news/2022/01/05."""
    rest = [segment for segment in segments if not _PART_OF_DATE.match(segment)]
    if len(rest) == len(segments) or not any(_YEAR.match(segment) for segment in segments):
        return False
    return not rest or (rest[-1] != segments[-1] and _is_section(_slug_words(rest[-1])))


def _from_path(address: _Address) -> Iterator[tuple[float, str]]:
    segments = address.segments
    yield from _date_points(address)
    yield from _slug_points(address)
    yield from _id_points(address)
    if address.extension in PAGE_EXTENSIONS:
        yield 0.2, "page extension"
    if any(segment in ARTICLE_WORDS for segment in segments[:-1]):
        yield 0.15, "article-like folder"
    elif any(segment in WEAK_LISTINGS for segment in segments[:-1]):
        yield -0.25, "folder of a topic or section"
    if any(segment in SERVICES for segment in segments[:-1]):
        yield -0.15, "service folder"
    if page_number(address.url) > 1 and not address.has_id_in_query:
        yield -0.5, "page of a list"
    if address.is_search:
        yield -0.4, "search"


def _date_points(address: _Address) -> Iterator[tuple[float, str]]:
    if date_in_url(address.url):
        yield 0.5, "date in path"
        return
    for year, month in zip(address.segments, address.segments[1:], strict=False):
        if _YEAR.match(year) and _MONTH.match(month):
            yield 0.4, "month in path"
            return
    if any(_YEAR.match(segment) for segment in address.segments[:-1]):
        yield 0.2, "year in path"


def _slug_points(address: _Address) -> Iterator[tuple[float, str]]:
    words = len(address.slug)
    if _is_section(address.slug) and not address.has_number:
        yield -0.3, "section-like path"
    elif words >= 5:
        yield 0.5, "long slug"
    elif words >= 2:
        yield (0.2, 0.3, 0.4)[words - 2], "slug"
    elif words and weight(address.slug[0]) >= LONG_WORD and len(address.segments) > 1:
        yield 0.2, "long word"


def _id_points(address: _Address) -> Iterator[tuple[float, str]]:
    if address.has_id_in_query:
        yield 0.35, "id in query"
    if address.has_number:
        yield 0.35, "number id"
    elif any(_CODE.search(segment) for segment in address.segments[-2:]):
        yield 0.3, "code id"
    elif any(_NUMBER.search(segment) for segment in address.segments[-2:]):
        yield 0.15, "number"


def _from_listing(address: _Address, link_text: str | None, hints: Hints | None) -> Iterator[tuple[float, str]]:
    text = link_text or (hints.title if hints else None) or ""
    words = [word.lower() for word in _WORDS.findall(text)]
    if len(words) >= 5 or (len(words) < 5 and weight(text) >= 40):
        yield 0.2, "headline-like link text"
    elif names_service(text):
        yield -0.4, "service-like link text"
    elif not _is_listed_as_article(hints) and words and len(words) <= 3 and set(words) <= {*address.slug, *SECTIONS}:
        yield -0.25, "section-like link text"
    if hints and hints.source == "feed":
        yield 0.4, "listed in a feed"
    elif hints and hints.source == "sitemap" and hints.published:
        yield 0.4, "listed in a news sitemap"


def names_service(text: str) -> bool:
    """Whether a link's text is the name of something beside the articles: "Login", "About us", "Privacy policy"."""
    name = folded(text).replace(" ", "-")
    return name in SERVICES or name in SESSIONS


def _is_listed_as_article(hints: Hints | None) -> bool:
    return hints is not None and hints.source in ("feed", "sitemap", "user")


def _slug_words(segment: str) -> tuple[str, ...]:
    return tuple(word for word in _WORDS.findall(segment) if len(word) > 1)


def _is_section(words: tuple[str, ...]) -> bool:
    return bool(words) and all(word in SECTIONS or word in WEAK_LISTINGS for word in words)
