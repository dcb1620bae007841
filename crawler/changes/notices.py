"""Pages that are not the publisher speaking: seizure notices, parked domains, consent pages, walls against robots.

Nothing here needs a parser: a notice is short, and so is looking for one. Pages *about* seizures and robots are
articles: they are long, say that they are articles, or quote what a notice says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Literal
from urllib.parse import urlsplit

from crawler.changes.notice_words import NOTICES, NoticeKind
from crawler.normalisation.text import clean, weight

Place = Literal["header", "address", "title", "text", "markup"]

MAX_BYTES = 500_000
"""A page of more is no notice; consent pages with their scripts come near."""
MAX_WORDS = 200
"""Characters that are kept as evidence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page is instead of the publisher's, and how one knows."""

    kind: NoticeKind
    words: str
    """As the page has them, at most ``MAX_WORDS``."""
    place: Place
    """Where they stand: in a header of the response, the address, the title, the text to be read, or a script."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Within which a page can be a notice of this kind."""

    titled: int
    """Characters to be read on a page whose title says it."""
    text: int
    """The same where the text says it."""
    opening: int
    """Characters from the start of the text in which the words begin."""
    links: int


_BOUNDS: dict[NoticeKind, _Bounds] = {
    "seized": _Bounds(titled=4000, text=3000, opening=600, links=25),
    "blocked": _Bounds(titled=2000, text=2000, opening=400, links=25),
    "parked": _Bounds(titled=2500, text=2500, opening=600, links=80),
    "consent": _Bounds(titled=9000, text=2000, opening=0, links=80),
}
BLOCKED_WITH_SUCCESS = 1000
"""Characters to be read on a wall that is served with status 200."""

_PATTERNS = {kind: re.compile(words, re.I) for kind, words in NOTICES.items()}

_HEADERS = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", ""), ("x-datadome", "protected"))
"""(name, how its value begins): by which services say themselves that they stopped a request."""
_WALLS = re.compile(
    rb"_Incapsula_Resource|captcha-delivery\.com|px-captcha|id=[\"']?challenge-(?:form|running|error)|window\._cf_chl_opt"
    rb"|errors\.edgesuite\.net|awsWafCookieDomainList|/_sec/cp_challenge|ddos-guard\.net/check",
    re.I,
)
"""What their scripts are called."""
_PARKING = re.compile(rb"sedoparking|parkingcrew|\bbodis\.com|parklogic|window\.park\s*=", re.I)
_MARKUP: tuple[tuple[NoticeKind, re.Pattern[bytes]], ...] = (("blocked", _WALLS), ("parked", _PARKING))
NEXT_TO_NO_TEXT = 500
"""Characters to be read on a page that a script is to fill."""
_CONSENT_HOST = re.compile(r"^(?:consent|guce|cookiewall|privacy-?wall|myprivacy)\.", re.I)

_ARTICLE = re.compile(
    rb"article:published_time|\"datePublished\"|(?:News|Blog|Reportage)(?:Article|Posting)|itemprop=[\"']?articleBody"
    rb"|og:type[\"']?\s+content=[\"']?article|<article\b|<time\b|rel=[\"']?author",
    re.I,
)
"""By which a page says that it is one."""
_UNSEEN = re.compile(rb"<(!--|script\b|style\b|svg\b|template\b|title\b|select\b)")
_TITLE = re.compile(rb"<title\b[^<>]*>")
_TAG = re.compile(rb"<[^<>]*>")
_QUOTES = "\"“”„«»‘'‹「『"


def notice_of(body: bytes, *, status: int, url: str, headers: Iterable[tuple[str, str]] = ()) -> Notice | None:
    """What a page is instead of the publisher's; None where it may well be the publisher's, which is the rule.

    ``body`` is a page without its content coding, in UTF-8 or near it; ``url`` is where it was served, after redirects;
    ``headers`` are those of the response. A bare 404, say, is no notice: its status says all. A page that says it is an
    article never is one. Takes a millisecond or two, and is linear in the length of the page.
    """
    if (said := _said_by_header(headers)) is not None:
        return Notice("blocked", said, "header")
    if len(body) > MAX_BYTES or _ARTICLE.search(body):
        return None
    lower = body.lower()
    title, text = _title(body, lower), _plain(b" ".join(_seen(body, lower)))
    links = lower.count(b"<a ")
    return _by_words(title, text, links, status) or _by_markup(body, text, links) or _by_address(url, text)


def _said_by_header(headers: Iterable[tuple[str, str]]) -> str | None:
    for name, value in headers:
        if any(name.lower() == known and value.lower().startswith(start) for known, start in _HEADERS):
            return f"{name}: {value}"[:MAX_WORDS]
    return None


def _by_words(title: str, text: str, links: int, status: int) -> Notice | None:
    length = weight(text)
    for kind, pattern in _PATTERNS.items():
        bounds = _BOUNDS[kind]
        if links > bounds.links or (kind == "blocked" and status < 300 and length > BLOCKED_WITH_SUCCESS):
            continue
        if length <= bounds.titled and (words := _unquoted(pattern, title, len(title))):
            return Notice(kind, words, "title")
        if length <= bounds.text and (words := _unquoted(pattern, text, bounds.opening)):
            return Notice(kind, words, "text")
    return None


def _unquoted(pattern: re.Pattern[str], text: str, opening: int) -> str | None:
    """The words, from where they begin, unless somebody is quoted with them: an article does that."""
    for found in pattern.finditer(text[: opening + MAX_WORDS]):
        start = found.start()
        if start > opening:
            return None
        if start == 0 or text[:start].rstrip()[-1:] not in _QUOTES:
            return text[start : start + MAX_WORDS]
    return None


def _by_markup(body: bytes, text: str, links: int) -> Notice | None:
    for kind, pattern in _MARKUP:
        if links > _BOUNDS[kind].links or weight(text) > NEXT_TO_NO_TEXT:
            continue
        if (found := pattern.search(body)) is not None:
            return Notice(kind, found[0].decode("ascii", "replace"), "markup")
    return None


def _by_address(url: str, text: str) -> Notice | None:
    host = urlsplit(url).hostname or ""
    if _CONSENT_HOST.match(host) and weight(text) <= _BOUNDS["consent"].titled:
        return Notice("consent", host, "address")
    return None


def _title(body: bytes, lower: bytes) -> str:
    found = _TITLE.search(lower)
    if found is None:
        return ""
    end = lower.find(b"</title", found.end())
    return _plain(body[found.end() : end]) if end > 0 else ""


def _seen(body: bytes, lower: bytes) -> Iterator[bytes]:
    """What stands between scripts, style sheets, comments and the title. One that has no end is the last."""
    at = 0
    while (found := _UNSEEN.search(lower, at)) is not None:
        yield body[at : found.start()]
        close = b"-->" if found[1] == b"!--" else b"</" + found[1]
        end = lower.find(close, found.end())
        if end < 0:
            return
        at = end + 3 if close == b"-->" else (lower.find(b">", end) + 1 or len(body))
    yield body[at:]


def _plain(markup: bytes) -> str:
    return clean(unescape(_TAG.sub(b" ", markup).decode("utf-8", "replace")))
