"""Where a report was filed and which agencies it comes from: the first words of the text, its last, and the byline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.extraction.facts import Candidate, Facts
from crawler.items import Block
from crawler.normalisation.agencies import agencies_in, is_nobody

OPENING = 110
"""Characters of a paragraph in which a dateline ends."""
OPENS_WITHIN = 3
"""Blocks: a stand-first and a sub-headline may come before."""
CLOSING = 90
"""Characters of a last line that does nothing but credit."""

_END = r"\s*(?:[–—―]|-{1,2}|[:：])\s*(?=\S)"
_FORMS = tuple(
    (frozenset(signs), re.compile(pattern))
    for signs, pattern in (
        # BAGHDAD, Jan 5 (Reuters) -    Berlin (dpa) -    بغداد 5 يناير (رويترز) -    МОСКВА, 5 января. /ТАСС/.
        (
            "(（/",
            rf"(?P<line>(?P<place>[^()（）]{{2,70}}?)\s*[(（/](?P<agency>[^()（）/]{{2,30}}(?:/[^()（）/]{{2,20}})?)[)）/])(?:\.?{_END}|\.\s?)",
        ),
        # (ANSA) - ROMA, 05 GEN -    (AFP) -
        (
            "(",
            rf"(?P<line>\((?P<agency>[^()]{{2,30}})\)(?:\s*[-–—]\s*(?P<place>[^\W\d_a-z][^()\d–—-]{{1,40}}?(?:,?\s*\d{{1,2}}\.?\s?[^\W\d_]{{3,10}}\.?)?)(?=\s*[-–—]\s))?){_END}",
        ),
        # МОСКВА, 5 янв - РИА Новости.    بغداد - أ ف ب:    PARIS — AFP —
        (
            "-–—",
            r"(?P<line>(?P<place>[^()–—:]{2,50}?)\s*[-–—]\s*(?P<agency>[^()–—:,.،\d-]{2,30}?))\s*(?:[.:]|[–—-](?=\s))\s*(?=\S)",
        ),
        # SANTA FE, N.M. —    NEW DELHI:
        (
            "-–—:：",
            rf"(?P<line>(?P<place>[^\W\d_a-zа-я][^\W\d_a-zа-я.'’-]+(?:[ ,./-]+[^\W\d_a-zа-я][^\W\d_a-zа-я.'’-]*)*(?:, (?:[A-Z][a-z]+\.?|[A-Z]\.[A-Z]\.))?(?:,? [A-Z][a-z]{{2,8}}\.? \d{{1,2}})?)(?:\s\([^()]{{2,20}}\))?){_END}",
        ),
        # (서울=연합뉴스)    【ワシントン共同】    ［ロンドン　５日　ロイター］
        ("=", r"(?P<line>[(\[](?P<place>[^\s()=]{2,15})\s?=\s?(?P<agency>[^()\[\]=]{2,12})[)\]])"),
        (
            "【［[",
            r"(?P<line>[【［\[](?P<place>[^】］\]\s]{2,12}?)(?:[\s　]+[^】］\]\s]{1,8}[\s　]+)?(?P<agency>共同|時事|ロイター|AFP(?:=時事)?)[】］\]])",
        ),
        # 新华社北京1月5日电
        (
            "日",
            r"(?P<line>[（(]?(?P<agency>新华社|新華社|中新社|中新网|中央社|法新社|路透社)(?:记者|記者)?(?P<place>[\u4e00-\u9fff]{2,6}?)?"
            r"(?:\d{1,2}月)?\d{1,2}日[电電訊讯][)）]?)",
        ),
    )
)
"""Each with the signs of which it needs one."""
_BARE = 3
"""Of the forms, the one that names no agency: only capitals tell it from a sentence."""
_SIGNS = frozenset().union(*(signs for signs, _ in _FORMS))
_DATE = re.compile(
    r"[,،]\s*(?:[^\W\d_]{2,12}\.?\s+)?\d.*$|\s*\d.*$|,?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\w*\.?$",
    re.S,
)
_NO_PLACE = re.compile(
    r"\b(?:DEAR|NOTE|UPDATED?|BREAKING|WATCH|VIDEO|LIVE|EXCLUSIVE|READ|MORE|OPINION|ANALYSIS|CORRECTION|WARNING|ADVERTISEMENT|RELATED|"
    r"NATO|EU|UN|UNO|US|USA|UK|QUESTION|ANSWER|FAQ|PHOTOS?|FOTOS?|VOM|UND|AND|THE|OF|IS|WAS|HINWEIS|ACHTUNG|ANZEIGE|INFO|TIPP|EDITOR\S*|COVID\S*|RATING|SPOILER)\b"
)
_ABBREVIATED = re.compile(r"\.[A-Z]\.$|, [A-Z][a-z]{1,5}\.$")
_PLACE = re.compile(r"[^\W\d_][\w .,'’/()·-]*$")
_CREDITS = re.compile(
    r"^(?:©|\(c\)|source|quelle|fuente|fonte|bron|källa|kilde|источник|źródło|kaynak|المصدر|منبع|来源|來源|with (?:files|inputs?|reporting|material)? ?from|"
    r"with|mit (?:material|agenturmaterial|informationen) (?:von|der)|avec|con información de|con|met|по материалам)\s*[:：]?\s*",
    re.I,
)
_TAIL = re.compile(r"[(（]([^()（）]{2,40})[)）]\.?$")


@dataclass(frozen=True, slots=True)
class Dateline:
    """The first words of a report."""

    text: str
    place: str | None
    agencies: tuple[str, ...]


def dateline(facts: Facts, blocks: Sequence[Block]) -> Dateline | None:
    """The dateline of the first paragraph that has one; None where the report opens with its first sentence."""
    paragraphs = [block.text for block in blocks[:OPENS_WITHIN] if block.kind == "paragraph"]
    for text in paragraphs:
        if (found := dateline_of(text)) is not None:
            facts.note("dateline", Candidate(found.text, "body", "first paragraph"), chosen=True)
            return found
    return None


def dateline_of(text: str) -> Dateline | None:
    """What a paragraph opens with, if that is a dateline."""
    opening = text[:OPENING]
    signs = _SIGNS.intersection(opening)
    for number, (needed, form) in enumerate(_FORMS):
        match = form.match(opening) if needed & signs and (number != _BARE or opening[1:2].isupper()) else None
        if match is None:
            continue
        named = match.groupdict().get("agency")
        place = _place(match.groupdict().get("place"))
        agencies = _credited(named) if named else ()
        # In capitals, or in front of an agency that is known; else it may be the begin of any sentence.
        if agencies and (place or not match.groupdict().get("place")):
            return Dateline(match["line"].strip(), place, agencies)
        if place and (number == _BARE or (number == 0 and named)) and _is_set_off(place):
            return Dateline(match["line"].strip(), place, ())
    return None


def _credited(named: str) -> tuple[str, ...]:
    named = named.replace("ロイター", "Reuters").replace("AFP=時事", "AFP/時事").replace("뉴스1", "Newsis")
    first, slash, _ = named.partition("/")
    return agencies_in(named) or (agencies_in(first) if slash else ())  # of "dpa/lno" the second is a regional service


def _place(stated: str | None) -> str | None:
    """A place without date; None for what is more than a name."""
    if not stated:
        return None
    place = _DATE.sub("", stated).strip(" ,،–—-/")
    if "." in place and not _ABBREVIATED.search(place):
        place = place.rstrip(".")
    if not place or len(place.split()) > 6 or not _PLACE.match(place) or _NO_PLACE.search(place):
        return None
    return place


def _is_set_off(place: str) -> bool:
    """Whether a place is written in capitals, as those of datelines are, at least its first word."""
    first = place.split()[0].strip(",.")
    return len(first) > 1 and first.isupper() and sum(c.isalpha() for c in place) > 3


def agencies(
    facts: Facts, opening: Dateline | None, authors: Sequence[str], blocks: Sequence[Block]
) -> tuple[str, ...]:
    """The agencies credited: in the byline, the dateline, the last line; by their usual names, each once."""
    found: dict[str, Candidate] = {}
    for candidate in _credits(opening, authors, blocks):
        for name in agencies_in(candidate.value):
            found.setdefault(name, candidate)
    for name, candidate in found.items():
        facts.note("agencies", Candidate(name, candidate.source, candidate.locator), chosen=True)
    return tuple(found)


def _credits(opening: Dateline | None, authors: Sequence[str], blocks: Sequence[Block]) -> Iterator[Candidate]:
    yield from (Candidate(name, "body", "authors") for name in authors)
    if opening is not None:
        yield from (Candidate(name, "body", "dateline") for name in opening.agencies)
    for block in blocks[-2:]:
        if len(block.text) <= CLOSING:
            yield Candidate(_CREDITS.sub("", block.text.strip("()[] .")), "body", "last line")
        elif match := _TAIL.search(block.text):
            yield Candidate(_CREDITS.sub("", match[1]), "body", "last line")


def persons(authors: Sequence[str]) -> tuple[str, ...]:
    """The names that are people's."""
    return tuple(name for name in authors if not is_nobody(name))
