"""What one capture says of an article's being there: by its status, where it sends readers, or what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Literal
from urllib.parse import urljoin, urlsplit

from crawler.changes.gone_words import LOST, TAKEN
from crawler.changes.words import words
from crawler.items import Article, Block
from crawler.normalisation.text import clean

Sighting = Literal["live", "absent", "blocked", "redirected"]

VERDICTS: dict[str, Sighting] = {
    "not-found": "absent",  # 404
    "removed": "absent",  # 410
    "soft-404": "absent",  # the page says so, with status 200
    "emptied": "absent",  # next to nothing is left of the text
    "redirected-home": "absent",
    "redirected": "redirected",  # for good, to somewhere else: what is there decides
    "redirected-for-now": "redirected",
    "legal-reasons": "blocked",  # 451
    "refused": "blocked",  # 401, 402, 403, 407
    "blocked": "blocked",  # a wall, with whatever status
}
"""What ``captures.verdict`` may say of an article's page, and what that means for the article.

What else it may say ("seized", "parked", "consent", "unreadable") is no news of the article: the page is not the
publisher's, or could not be read.
"""

_OF_STATUS = {404: "not-found", 410: "removed", 451: "legal-reasons"} | dict.fromkeys((401, 402, 403, 407), "refused")

PERMANENT = (301, 308)

_FRONT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w{2,5})?/?)?", re.I)

SHORT = 120
"""Words of a page that says it has nothing; a page with more is about something."""
SHORTEST = 25
"""Words of an article below which nobody can say that it was emptied."""
LEFT = 0.1
"""Share of the words; with less left an article was emptied."""
QUOTED = 40
"""Characters of a paragraph by which it is found again in a page."""

_LOST = re.compile(rf"\W*(?:oops\W+|sorry\W+|uh.oh\W+)?(?:{LOST}|{TAKEN})\W*", re.I)
_PARTS = re.compile(r"\s[|–—·-]\s|\s?[|»]\s?")
_SAYS_SO = re.compile(rf"{TAKEN}|{LOST}", re.I)
_TAKEN = re.compile(TAKEN, re.I)
_OPENING = 160
"""Characters at the beginning of an article's text in which it says that it was taken down."""

_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", re.I)
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|svg|nav|header|footer)\b.*?</\1\s*>|<!--.*?-->", re.I | re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")
_LARGEST = 2_000_000
"""Characters of a page that are looked at."""


def verdict_of_status(status: int) -> str | None:
    """Of a response without success; None where the status says nothing of the article (redirects, faults)."""
    return _OF_STATUS.get(status)


def verdict_of_redirect(url: str, location: str | None, status: int) -> str | None:
    """Of a redirect from an article's address; None where it leads to the same page in another spelling, or nowhere.

    To the front page, of the site or of one of its languages: what was there is not any more.
    """
    if not location:
        return None
    ours, theirs = urlsplit(url), urlsplit(urljoin(url, location))
    if (ours.path.rstrip("/"), ours.query) == (theirs.path.rstrip("/"), theirs.query):
        return None
    is_front = _FRONT.fullmatch(theirs.path) is not None and not theirs.query
    if is_front and not _FRONT.fullmatch(ours.path) and _bare(ours.netloc) == _bare(theirs.netloc):
        return "redirected-home"
    return "redirected" if status in PERMANENT else "redirected-for-now"


def says_it_is_gone(page: str, article: Article) -> bool:
    """Whether a page that came with success says that there is nothing: by its title or headline, or in its few words.

    An article about such pages is longer, and says more in its headline.
    """
    if len(words(article.text)) > SHORT:
        return False
    page = page[:_LARGEST]
    titles = [*map(unescape, _TITLE.findall(page)[:1]), article.headline or ""]
    if any(_LOST.fullmatch(part) for title in titles for part in _PARTS.split(clean(title))):
        return True
    if article.text:
        return _TAKEN.search(article.text[:_OPENING]) is not None
    text = seen(page)
    return len(words(text)) <= SHORT and _SAYS_SO.search(text) is not None


def is_emptied(before: int, article: Article) -> bool:
    """Whether next to nothing is left of an article of so many words; a text behind a wall is not gone."""
    left = len(article.text.split())
    return before >= SHORTEST and left < LEFT * before and article.access != "locked" and not article.problems


def still_says(page: str, blocks: Iterable[Block]) -> bool:
    """Whether a page holds any paragraph of these: then it was not emptied, but could not be read."""
    text = clean(unescape(_TAG.sub(" ", page[:_LARGEST])))
    parts = [clean(block.text)[:QUOTED] for block in blocks if len(block.text) >= QUOTED]
    return any(part in text or part.replace('"', '\\"') in text for part in parts)


def seen(page: str) -> str:
    """The words of a page that are to be read, without those of menus."""
    return clean(unescape(_TAG.sub(" ", _UNSEEN.sub(" ", page))))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
