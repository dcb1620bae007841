"""What kind of article a page holds: a plain one, a live blog, or one of several pages; and where it goes on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.liveblog import live_node
from crawler.extraction.outline import ASIDE, COMMENT, FOREIGN, HIDDEN, Line
from crawler.items import ArticleForm
from crawler.normalisation.paging import names_page, paged, step
from crawler.normalisation.text import clean

AROUND = 60
"""Of the body's order: how far from it the links to its pages stand."""
MAX_PAGES = 200
"""Addresses that are looked at as another page's; no article has as many pages."""
ENTRIES = 6
"""Moments in the text of a page that calls itself live."""
_LIVE = re.compile(
    r"(?:^|[/-])(?:live-?(?:blog|ticker|updates?|coverage|report(?:ing)?)|newsblog|en-direct|minuto-a-minuto|ao-minuto|ao-vivo|en-vivo|"
    r"in-diretta|diretta-live|na-zywo|liverapport|direkterapport|as-it-happened)(?:[/.?-]|$)",
    re.I,
)
_OF = re.compile(
    r"^\W*(?:page|seite|página|pagina|sida|side|strona|sayfa|страница|第)?\s*(\d{1,2})\s*(?:of|/|von|de|di|van|av|af|z|из|sur)\s*(\d{1,2})\W*$", re.I
)  # fmt: skip
_OF_COMMENTS = re.compile(r"comment|kommentar|reply|cpage|#disqus", re.I)
_COMMENTS = re.compile(
    r"^\W*(?:\d+ )?(?:(?:user |reader )?(?:comments?|reviews?)|(?:leser)?kommentare?|bewertungen|meinungen|отзывы|комментарии|коментарі|comentarios|opiniones|"
    r"commentaires|avis|commenti|recensioni|comentários|reacties|komentarze|opinie|yorumlar|kommentarer|kommentit|评论|評論|コメント|댓글|نظرات|التعليقات)\b",
    re.I,
)
"""The heading of what readers wrote, which has pages of its own."""
_SLUG = re.compile(r"\d{3}|[^\W\d_]+(?:[-_,+ ][^\W_]+){2}|\.\w{3,5}$|[^/]{24}|%[0-9a-f]{2}", re.I)
"""In the last part of an address: what lists of a section have not."""


@dataclass(frozen=True, slots=True)
class Form:
    """What ``Article`` says of it."""

    kind: ArticleForm = "article"
    page: int | None = None
    pages: int | None = None
    next_page: str | None = None


PLAIN = Form()


def form(facts: Facts, body: Body) -> Form:
    """The form of a page, with the evidence for it."""
    if (sign := _live(facts, body)) is not None:
        facts.note("form", Candidate("live-blog", *sign), chosen=True)
        return Form("live-blog")
    numbers, following = _links(facts, body)
    if not numbers or not _may_be_article(facts.url):
        return PLAIN
    own = next(own for own, _ in numbers.values())
    if following is None and (own == 1 or not names_page(facts.url)):
        return PLAIN
    others = [other for _, other in numbers.values()]
    count = max([own, *others, _counted(facts, body, own)])
    next_page, locator = following or (None, "link to another page")
    facts.note("form", Candidate("multi-page", "body", locator), chosen=True)
    if next_page is not None:
        facts.note("next_page", Candidate(next_page, "body", locator), chosen=True)
    return Form("multi-page", own, count if count > 1 else None, next_page)


def _live(facts: Facts, body: Body) -> tuple[str, str] | None:
    """Source and locator of what says that this is a live blog."""
    if live_node(facts) is not None:
        return "json-ld", "LiveBlogPosting"
    if (
        _LIVE.search(facts.url)
        and sum(body.start <= order <= body.end for order, _, _ in facts.outline.times) >= ENTRIES
    ):
        return "url", "and the moments in its text"
    return None


def _links(facts: Facts, body: Body) -> tuple[dict[str, tuple[int, int]], tuple[str, str] | None]:
    """Addresses of the article's other pages with both numbers; and the next one's, with where it was found."""
    numbers: dict[str, tuple[int, int]] = {}
    following: tuple[str, str] | None = None
    for address, locator in islice(_addresses(facts, body), MAX_PAGES):
        url = facts.absolute(address)
        if url is None or _OF_COMMENTS.search(url):
            continue
        url = url.partition("#")[0]
        found = step(facts.url, url) or _first(facts.url, url)
        if found is None:
            continue
        numbers.setdefault(url, found)
        if following is None and found[1] == found[0] + 1:
            following = (url, locator)
    return numbers, following


def _may_be_article(url: str) -> bool:
    """Whether the part of an address that all pages share has a slug or a number: "/politics/page/2" has none."""
    bases = [each.base for each in paged(url)]
    return any(_SLUG.search(base.rstrip("?").rpartition("/")[2]) or "?" in base.rstrip("?") for base in bases)


def _first(url: str, other: str) -> tuple[int, int] | None:
    """As ``step``, where the other address is the first page's and names none."""
    back = step(other, url) if names_page(url) else None
    return (back[1], back[0]) if back else None


def _addresses(facts: Facts, body: Body) -> Iterator[tuple[str, str]]:
    """Links that may lead to another page of the article: what most addresses share with this one's is asked first."""
    stem = _stem(facts.url)
    for rel, element in facts.outline.rels:
        if ("next" in rel or "prev" in rel) and _may_be_page(href := element.get("href") or "", stem):
            yield href, f"{element.tag!s}[rel={rel[:20]}]"
    seen: set[str] = set()
    comments: int | None = None
    for line in _near(facts, body):
        if not line.linked:
            continue
        if line.flags & (COMMENT | HIDDEN) or (line.flags & (FOREIGN | ASIDE) and line.order > body.end + AROUND // 2):
            continue
        for anchor in line.anchors:
            href = anchor.get("href") or ""
            if href not in seen and _may_be_page(href, stem) and len(clean(anchor.text_content()[:60])) < 40:
                comments = _comments(facts, body) if comments is None else comments
                if line.order > comments:
                    return
                yield href, "a"
            seen.add(href)


def _near(facts: Facts, body: Body) -> list[Line]:
    lines = facts.outline.lines
    first = bisect_left(lines, body.start, key=attrgetter("order"))
    return lines[first : bisect_right(lines, body.end + AROUND, key=attrgetter("order"))]


def _stem(url: str) -> str:
    """Some letters that the addresses of all pages of an article have."""
    words = re.findall(r"[^\W\d_]{4,}", url.partition("?")[0].partition("://")[2].partition("/")[2])
    return max(words[-6:], key=len, default="")


def _may_be_page(href: str, stem: str) -> bool:
    return (href.startswith("?") or stem in href) and any(c.isdigit() for c in href[-24:])


def _comments(facts: Facts, body: Body) -> int:
    """Where the first heading of what readers wrote stands; behind everything where there is none."""
    lines = (line for line in facts.outline.lines if line.order >= body.start and len(line.text) < 40)
    return next((line.order for line in lines if _COMMENTS.match(line.text)), facts.outline.boxes[0].end)


def _counted(facts: Facts, body: Body, own: int) -> int:
    """What "Page 1 of 3" says; 0 where nothing does."""
    for line in facts.outline.lines:
        is_near = len(line.text) < 25 and body.start - AROUND <= line.order <= body.end + AROUND
        if is_near and (match := _OF.match(line.text)) and int(match[1]) == own <= int(match[2]):
            return int(match[2])
    return 0
