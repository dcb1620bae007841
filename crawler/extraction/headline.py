"""The headline: of what the page offers, what the others agree with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import ASIDE, COMMENT, FOOTER, FOREIGN, HIDDEN, KICKER, NAV, Line
from crawler.extraction.structured import string
from crawler.normalisation.text import clean, folded

_SUFFIX = re.compile(r"\s+[|\-–—•·:»]\s+[^|\-–—•·»]{1,60}$|\s*[|»_]\s*[^|»_]{1,60}$")
_PREFIX = re.compile(r"^[^|\-–—•·:»]{1,40}\s*[|\-–—•·»]\s*")
TELLING = 15
"""Letters; what is shorter may be the name of the site or of a section."""
_ELSEWHERE = NAV | FOOTER | ASIDE | COMMENT | HIDDEN


def headline(facts: Facts) -> tuple[str | None, Line | None]:
    """The headline, and the line of the page that shows it."""
    candidates = [each for each in _candidates(facts) if clean(each.value)]
    named = facts.preferred("headline", ([each] for each in candidates))
    if not candidates and not named:
        return None, None
    chosen = named[0][0] if named else _chosen(candidates, facts)
    facts.settle("headline", chosen, candidates)
    value = clean(chosen.value)
    return value, _shown(value, facts)


def _candidates(facts: Facts) -> Iterator[Candidate]:
    yield from _first_headings(facts)
    if value := string(facts.article.get("headline")):
        yield Candidate(value, "json-ld", "headline")
    yield from facts.meta(
        "og:title", "twitter:title", "dc.title", "dcterms.title", "title", "parsely-title", "sailthru.title"
    )
    yield from list(facts.props("headline"))[:1]
    if value := string(facts.article.get("name")):
        yield Candidate(value, "json-ld", "name")
    if facts.outline.title:
        yield Candidate(facts.outline.title, "meta", "title")


def _first_headings(facts: Facts) -> Iterator[Candidate]:
    usable = [line for line in facts.outline.headings if _may_be_headline(line, facts)]
    first = [line for line in usable if line.tag == "h1"]
    for line in first[:4]:
        yield Candidate(line.text, "body", "h1")
    for line in [line for line in usable if line.tag in ("h2", "h3")][:3]:
        yield Candidate(line.text, "body", line.tag)


def _may_be_headline(line: Line, facts: Facts) -> bool:
    """Whether a heading stands where headlines do; a first heading that the title repeats may stand anywhere."""
    if not line.flags & _ELSEWHERE:
        return True
    key = folded(line.text)
    return line.tag == "h1" and len(key) >= TELLING and key in folded(facts.outline.title or "")


def _chosen(candidates: list[Candidate], facts: Facts) -> Candidate:
    title = folded(facts.outline.title or "")
    support = [folded(each.value) for each in candidates]
    ranked = [(_score(each, folded(each.value), support, title), -at, each) for at, each in enumerate(candidates)]
    return max(ranked, key=lambda entry: entry[:2])[2]


def _score(candidate: Candidate, key: str, support: list[str], title: str) -> float:
    """Trust in the source, plus agreement: with the title, and with the other sources."""
    score = {
        "h1": 3.0,
        "headline": 4.5,
        "meta[og:title]": 2.2,
        "[itemprop=headline]": 2.0,
        "meta[twitter:title]": 1.5,
    }.get(candidate.locator, 0.5)
    if key and key in title:
        score += 2.0
    agreeing = sum(1 for other in support if other == key) - 1
    score += min(agreeing, 3) * 1.0
    if len(key) < 8 or len(key) > 250:
        score -= 2.5
    return score


def _shown(value: str, facts: Facts) -> Line | None:
    key = folded(value)
    lines = [line for line in facts.outline.headings if _may_be_headline(line, facts)]
    exact = next((line for line in lines if folded(line.text) == key), None)
    return exact or next((line for line in lines if line.tag == "h1"), None) or _alike(key, facts)


def _alike(key: str, facts: Facts) -> Line | None:
    return next((line for line in facts.outline.lines if len(line.text) < 300 and folded(line.text) == key), None)


def kicker(facts: Facts, shown: Line | None) -> str | None:
    """The short line right above the headline, where the page marks one."""
    candidates = [*(named[0] for named in facts.preferred("kicker")), *_above(facts, shown)]
    chosen = candidates[0] if candidates else None
    facts.settle("kicker", chosen, [])
    return clean(chosen.value) if chosen else None


def _above(facts: Facts, shown: Line | None) -> Iterator[Candidate]:
    if shown is None:
        return
    lines = facts.outline.lines
    at = lines.index(shown)
    for line in reversed(lines[max(0, at - 3) : at]):
        if line.flags & KICKER and len(line.text) < 80 and not line.flags & FOREIGN:
            yield Candidate(line.text, "body", f"line {line.order}")
            return
