"""The last resort for a date: what no field states and no line near the headline says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.extraction.facts import Candidate, Facts, prop_value
from crawler.extraction.outline import ASIDE, COMMENT, FOOTER, FOREIGN, HIDDEN, NAV, Line

_IN_DATA = re.compile(
    r'\\?"(?:date_?published|published_?(?:at|on|date)|publish_?(?:date|time)|pub_?date|date_?created|created_?at)\\?"'
    r'\s*:\s*\\?"(\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)',
    re.I,
)
_PUBLISHED = re.compile(
    r"publi[kcsz]|veröffentlicht|erschienen|erstellt|posted|online seit|opublikowan|paskelbt|gepubliceerd|"
    r"опублик|منتشر|نشر|انتشار|发布|发表|公開|掲載|게시",
    re.I,
)
_OF_WORKS = re.compile(r"\bdoi\b|\bisbn\b|^abbildung", re.I)
"""Numbers of publications look like dates."""
_STARTS_WITH_DAY = re.compile(r"\W{0,3}\d")
_DIGIT = re.compile(r"\d")
SHORT = 160
"""Characters: a date in a longer line is mostly one that the text is about."""
OPENING = 30
"""Characters of a longer line that may hold a date it opens with."""
MAX_DATA = 2_000_000
"""Characters of a page's scripts that are searched."""


def days_anywhere(facts: Facts, headline: Line | None) -> Iterator[Candidate]:
    """Texts that may hold the day, best first: RDFa, the page's data, then its lines, nearest to the headline first.

    Comments are left out, and copyright lines with a bare year are no date: the result is what the page says of
    itself, or nothing.
    """
    outline = facts.outline
    if outline.too_deep:
        return
    yield from _in_rdfa(facts)
    yield from _in_data(text for _, _, text in outline.scripts)
    at = headline.order if headline else 0
    lines = [line for line in outline.lines if _DIGIT.search(line.text) and not line.flags & (COMMENT | HIDDEN)]
    for line in sorted(lines, key=lambda line: _rank(line, at)):
        if not _OF_WORKS.search(line.text) and (text := _telling(line.text)):
            yield Candidate(text, "body", f"line {line.order}")


def _in_rdfa(facts: Facts) -> Iterator[Candidate]:
    for name in ("datePublished", "dateCreated"):
        for element in facts.root.iterfind(f".//*[@property='schema:{name}']"):
            yield Candidate(prop_value(element), "microdata", f"[property=schema:{name}]")


def _in_data(scripts: Iterable[str]) -> Iterator[Candidate]:
    left = MAX_DATA
    for script in scripts:
        match = _IN_DATA.search(script, 0, left)
        left = max(0, left - len(script))
        if match:
            yield Candidate(match[1], "body", "script")


def _rank(line: Line, headline: int) -> tuple[bool, bool, bool, int]:
    return (
        bool(line.flags & (NAV | FOOTER)),
        _PUBLISHED.search(line.text) is None,
        bool(line.flags & (FOREIGN | ASIDE)),
        abs(line.order - headline),
    )


def _telling(text: str) -> str | None:
    """The part of a line that may tell when the page was published."""
    if len(text) < SHORT:
        return text
    if match := _PUBLISHED.search(text):
        return text[max(0, match.start() - SHORT // 2) : match.end() + SHORT // 2]
    return text[:OPENING] if _STARTS_WITH_DAY.match(text) else None
