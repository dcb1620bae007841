"""Which page of an article an address names: "…/story?page=2", "…/story/2/", "…/story-2.html", "…/seite-2"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

HIGHEST = 99
"""Of a page's number; more is a year or an id."""
LONGEST = 4
"""Digits of a page's number, zeros before it too."""
_NAMES = r"(?:page|seite|p[aá]gina|pagina|sida|side|strona|stranica|sayfa|strana|oldal|sivu|trang|stránka)"
_QUERY = re.compile(rf"^(?:{_NAMES}|p|pg|paged|pagenum(?:ber)?|page_?no|page_?num|currentpage|pn|part|seitennr|start_?page)$", re.I)  # fmt: skip
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # /story/page/2/   /story/seite-2   /story/page2.html
        rf"^(?P<base>.+?)[/,_.-]{_NAMES}[/,_=-]?(?P<number>\d{{1,2}})(?P<end>/?|\.\w{{3,5}})$",
        # /story/2/
        r"^(?P<base>.+/(?!\d+/)[^/]+)/(?P<number>\d{1,2})(?P<end>/?)$",
        # /story-2.html   /story,2.html   /story_2.html   /story/2.html
        r"^(?P<base>.+[^/\d])[-_,/](?P<number>\d{1,2})(?P<end>\.\w{3,5})$",
    )
)


@dataclass(frozen=True, slots=True)
class Paged:
    """An address, taken apart."""

    base: str
    """What all pages of the article share."""
    number: int | None
    """None: the address names no page, as that of the first mostly does."""


@lru_cache(maxsize=2000)
def paged(url: str) -> tuple[Paged, ...]:
    """The ways in which an address can be read: as a page's of something, and as it is."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ()
    host = (parts.netloc or "").lower().removeprefix("www.")
    read: list[Paged] = []
    named = [(name, value) for name, value in query if _QUERY.match(name) and _is_number(value)]
    if len(named) == 1:
        rest = urlencode([each for each in query if each != named[0]])
        read.append(Paged(_joined(host, parts.path, rest), int(named[0][1])))
    for form in _FORMS:
        if (match := form.match(parts.path)) and _is_number(match["number"]):
            end = match["end"] if "." in match["end"] else ""
            read.append(Paged(_joined(host, match["base"] + end, parts.query), int(match["number"])))
    return (*read, Paged(_joined(host, parts.path, parts.query), None))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST and 0 < int(text) <= HIGHEST


def _joined(host: str, path: str, query: str) -> str:
    return f"{host}{path.rstrip('/')}?{query}"


def step(url: str, other: str) -> tuple[int, int] | None:
    """The numbers of two pages of one article; None where the addresses do not say that they are."""
    theirs = {each.base: each.number for each in paged(other) if each.number is not None}
    for own in paged(url):
        if own.base in theirs:
            number = theirs[own.base]
            assert number is not None
            return (own.number or 1, number) if (own.number or 1) != number else None
    return None


def names_page(url: str) -> bool:
    """Whether an address may be a later page's."""
    return any(each.number is not None and each.number > 1 for each in paged(url))
