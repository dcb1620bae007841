"""Whether two pages of one publisher with keys of their own are one article: by address, number, near-equal text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from crawler.changes.content import without_hosts
from crawler.changes.identity import numbers
from crawler.items import Article, Block, DatePrecision
from crawler.normalisation.text import folded, weight

Link = Literal["address", "redirect"]
"""That an article was seen at the page's address, or at one that redirects there."""

Reason = Literal["own-id", "address", "redirect", "number", "text"]
"""Why two are one: what spoke for it beside the text."""

LONG_ENOUGH = 600
"""Characters, as ``weight`` counts them: shorter texts of one publisher may be alike and tell of different things."""
SHORTEST = 200
"""The same where the addresses say the same number."""
NEAR_EQUAL = 0.8
"""Shared runs of characters, of all that either text has. Of newsnet's 659 pages no two different ones share .1."""
SAME_STORY = 0.5
"""The same where the address speaks for it already: what was rewritten under a new slug, or behind a redirect."""
SAME_FIGURES = 0.8
"""Shared numbers, of all that either text has: a forecast, a table or a notice made from one mould differs in them."""
WITHIN = timedelta(hours=12)
"""Between the times of publication that both state: zones that one of them leaves out, not tomorrow's issue."""
MARKED = 3
"""Paragraphs that are remembered of an article, its longest."""
TELLING = 80
"""Characters; a shorter paragraph may stand in many articles."""
RUN = 16
"""Characters, letters and digits only: four words of English, a clause of Chinese."""

_DAY_ZERO = date(1600, 1, 1).toordinal()
_LAST_DAY = 2**20 - 2
_HASH_BITS = 43
"""With twenty bits of a day before them an integer of SQLite's is full."""
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is compared of a page, or of a revision in the index."""

    url: str
    key: str
    headline: str | None
    blocks: tuple[Block, ...]
    """With learnt boilerplate: the same whatever was learnt."""
    published: datetime | None
    precision: DatePrecision | None
    has_own_id: bool
    """Whether the publisher's definition finds its key in an address."""


def piece(article: Article, key: str, *, has_own_id: bool) -> Piece:
    """What is compared of a page that was just read."""
    moment, precision = article.published, article.published_precision
    return Piece(article.url, key, article.headline, article.whole_blocks, moment, precision, has_own_id)


@lru_cache(maxsize=8)  # those of a new article are looked for, then stored
def marks(publisher_id: str, of: Piece) -> tuple[int, ...]:
    """What another page of the same article would share: its day with its longest paragraphs, or its address's number.

    Integers of 63 bits, those of one day side by side. () where the page states no time of publication.
    """
    if of.published is None:
        return ()
    day = _day(of.published)
    return tuple(sorted({day << _HASH_BITS | _hashed(publisher_id, said) for said in _telling(of)}))


def marks_nearby(publisher_id: str, of: Piece) -> tuple[int, ...]:
    """What to look for among the marks of others: the same on the day before and after too."""
    own = marks(publisher_id, of)
    return tuple(sorted(mark + (days << _HASH_BITS) for mark in own for days in (-1, 0, 1)))


def one_article(new: Piece, known: Piece, link: Link | None = None) -> Reason | None:
    """Why two pages of one publisher are one article; None where they are two, or nothing shows it.

    Two ids of the publisher's own are two articles. Two numbers in addresses are, if neither has the other's.
    """
    if new.has_own_id and known.has_own_id:
        return None
    if link == "address" and (new.has_own_id or known.has_own_id):
        return "own-id"
    if link is not None:
        return link if _share(new, known) >= SAME_STORY else None
    if not _is_of_one_day(new, known):
        return None
    ours, theirs = numbers(new.url), numbers(known.url)
    if ours & theirs:
        return "number" if _is_same_story(new, known) else None
    return "text" if not (ours and theirs) and _is_near_equal(new, known) else None


def _is_same_story(new: Piece, known: Piece) -> bool:
    """For what has one number: of a section or series it may be that, so text and headline must speak too."""
    if min(_weight(new), _weight(known)) < SHORTEST:
        return False
    share = _share(new, known)
    return share >= NEAR_EQUAL or (share >= SAME_STORY and _is_same_moment(new, known))


def _is_near_equal(new: Piece, known: Piece) -> bool:
    weights = sorted((_weight(new), _weight(known)))
    if weights[0] < LONG_ENOUGH or weights[0] < NEAR_EQUAL * weights[1]:
        return False
    headlines = folded(new.headline or "") == folded(known.headline or "")
    if not headlines and not _is_same_moment(new, known):
        return False
    return _share(new, known) >= NEAR_EQUAL and _share_of_figures(new, known) >= SAME_FIGURES


def _is_of_one_day(new: Piece, known: Piece) -> bool:
    if new.published is None or known.published is None:
        return False
    if "day" in (new.precision, known.precision):
        return new.published.date() == known.published.date()
    return abs(_comparable(new.published, known.published)) <= WITHIN


def _is_same_moment(new: Piece, known: Piece) -> bool:
    if new.published is None or known.published is None or "day" in (new.precision, known.precision):
        return False
    return not _comparable(new.published, known.published)


def _comparable(new: datetime, known: datetime) -> timedelta:
    """The time between two moments; as both state it where one lacks a zone."""
    if (new.tzinfo is None) != (known.tzinfo is None):
        new, known = new.replace(tzinfo=None), known.replace(tzinfo=None)
    return new - known


def _day(moment: datetime) -> int:
    return min(max(moment.toordinal() - _DAY_ZERO, 1), _LAST_DAY)


def _telling(of: Piece) -> Iterator[str]:
    texts = {block.text: weight(block.text) for block in of.blocks if block.kind != "embed"}
    longest = sorted((text for text in texts if texts[text] >= TELLING), key=lambda text: (-texts[text], text))
    yield from (without_hosts(text).casefold() for text in longest[:MARKED])
    yield from (f"number {number}" for number in sorted(numbers(of.url))[:MARKED])


def _hashed(publisher_id: str, said: str) -> int:
    digest = blake2b(f"{publisher_id}\n{said}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - _HASH_BITS)


def _text(of: Piece) -> str:
    return folded(without_hosts("\n".join(block.text for block in of.blocks)))


def _weight(of: Piece) -> int:
    return weight(_text(of))


def _share(new: Piece, known: Piece) -> float:
    return _jaccard(_runs(_text(new)), _runs(_text(known)))


def _share_of_figures(new: Piece, known: Piece) -> float:
    figures = (set(_FIGURE.findall(_text(each))) for each in (new, known))
    return _jaccard(*figures)


def _runs(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text))
    return {letters[at : at + RUN] for at in range(max(1, len(letters) - RUN + 1))}


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
