"""An article of several pages made one: the text of all, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TypeVar

from crawler.changes.content import content_sha256
from crawler.collection.pages import ReadPage
from crawler.items import Article, Block, Boilerplate, Embed, Evidence

MAX_PAGES = 20
"""Of one article; what comes after is left where it is, and the article marked."""

MISSING = "pages"
"""The problem of an article whose last page on record is not its last."""

T = TypeVar("T")


def next_page(pages: Sequence[ReadPage]) -> str | None:
    """Where an article goes on that is to be joined; None at its end, and for what is not joined.

    Only what begins with its first page is, where the publisher's definition says so, and never a list.
    """
    first, last = pages[0], pages[-1]
    if not first.publisher.join_pages or (first.article.page or 1) != 1 or not first.is_article():
        return None
    following = last.article.next_page
    known = {url for page in pages for url in (page.capture.url, page.article.url)}
    return following if following not in known else None


def joined(pages: Sequence[ReadPage]) -> ReadPage:
    """The article of all its pages; a single one as it is. Marked with a problem where pages are missing."""
    first, missing = pages[0], next_page(pages)
    if len(pages) == 1 and missing is None:
        return first
    article = _article([page.article for page in pages], missing)
    problems = dict.fromkeys(problem for page in pages for problem in page.problems)
    return replace(
        first,
        article=article,
        content_sha256=content_sha256(article),
        problems=(*problems, *((MISSING,) if missing else ())),
        further=tuple(page.capture for page in pages[1:]),
    )


def _article(pages: Sequence[Article], missing: str | None) -> Article:
    first = pages[0]
    parts = [list(first.whole_blocks), *(_new(page.whole_blocks, first.whole_blocks) for page in pages[1:])]
    blocks = [block for part in parts for block in part]
    said = Evidence("blocks", f"{len(pages)} pages", "body", "next_page", chosen=True)
    return replace(
        first,
        blocks=tuple(blocks),
        text="\n\n".join(block.text for block in blocks),
        images=_unique((image for page in pages for image in page.images), "url"),
        links=_unique((link for page in pages for link in page.links), "url"),
        embeds=_unique(_embeds(pages, parts), "url"),
        agencies=tuple(dict.fromkeys(agency for page in pages for agency in page.agencies)),
        corrections=tuple(dict.fromkeys(note for page in pages for note in page.corrections)),
        boilerplate=tuple(dict.fromkeys(piece for page in pages for piece in _by_rule(page))),
        evidence=(*first.evidence, said),
        form="multi-page",
        page=1,
        pages=max(len(pages) + bool(missing), *(page.pages or 0 for page in pages)),
        next_page=missing,
        problems=tuple(dict.fromkeys([*(p for page in pages for p in page.problems), *([MISSING] if missing else [])])),
    )


def _by_rule(page: Article) -> Iterator[Boilerplate]:
    """What was taken out by rules; what is learnt is taken out of the whole text, when it is stored."""
    return (piece for piece in page.boilerplate if piece.position is None)


def _new(blocks: Sequence[Block], before: Sequence[Block]) -> list[Block]:
    """A later page's blocks without the stand-first and the like that each page begins with anew."""
    repeated = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(blocks, before, strict=False))))
    return list(blocks[repeated:])


def _embeds(pages: Sequence[Article], parts: Sequence[Sequence[Block]]) -> Iterator[Embed]:
    """Each where it stands in the whole text."""
    above = 0
    for page, part in zip(pages, parts, strict=True):
        left_out = len(page.whole_blocks) - len(part)
        for embed in page.embeds:
            before = None if embed.before is None else above + max(0, embed.before - left_out)
            yield replace(embed, before=before)
        above += len(part)


def _unique(values: Iterable[T], name: str) -> tuple[T, ...]:
    found: dict[str, T] = {}
    for value in values:
        found.setdefault(getattr(value, name), value)
    return tuple(found.values())
