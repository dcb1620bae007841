"""The headline: of what the page offers, what the others agree with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import ASIDE, COMMENT, FOOTER, FOREIGN, HIDDEN, KICKER, NAV, Line
from crawler.extraction.structured import plain, string
from crawler.normalisation.text import clean, folded

_BARS = r"\s+[|\-–—·•»/]\s+|\s*[|»]\s*"
_BARRED, _PARTED = re.compile(_BARS), re.compile(rf"{_BARS}|:\s+")
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", re.I)
_TRUST = {
    "h1": 3.0,
    "headline": 8.5,
    "meta[og:title]": 2.2,
    "[itemprop=headline]": 2.0,
    "meta[twitter:title]": 1.5,
}
ONLY_ONE = 0.5
"""For the only first heading of a page."""
WITH_MORE = 4.0
"""Against what holds another candidate, and a topic or the site's name beside it."""
WITH_TOPIC = 4.0
"""Against the headline with a topic before it, where the page is shared without."""
CUT_OFF = 4.0
"""Against structured data of which another source has more."""
OF_THE_SITE = 6.0
"""Against what is the site's name."""
MAX_CANDIDATES = 60
"""That vote, each on all others; a page offers a dozen."""
TELLING = 15
"""Letters; what is shorter may be the name of the site or of a section."""
_ELSEWHERE = NAV | FOOTER | ASIDE | COMMENT | HIDDEN


def headline(facts: Facts) -> tuple[str | None, Line | None]:
    """The headline, and the line of the page that shows it."""
    candidates = list(islice((each for each in _candidates(facts) if clean(each.value)), MAX_CANDIDATES))
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
        yield Candidate(plain(value), "json-ld", "headline")
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
    keys = [folded(each.value) for each in candidates]
    votes = Votes(
        folded(facts.outline.title or ""),
        keys,
        [_parts(clean(each.value)) for each in candidates],
        _site_names(facts),
        {
            key
            for key, each in zip(keys, candidates, strict=True)
            if each.locator == "meta[og:title]" and len(key) > 2 * TELLING
        },
        sum(each.locator == "h1" for each in candidates),
    )
    ranked = [(_score(each, at, votes), -at, each) for at, each in enumerate(candidates)]
    return max(ranked, key=lambda entry: entry[:2])[2]


def _parts(text: str) -> set[str]:
    """What dashes, bars and colons part; a colon may as well be the headline's own."""
    return {*map(folded, _PARTED.split(text)), *map(folded, _BARRED.split(text))}


@dataclass(frozen=True, slots=True)
class Votes:
    """What the candidates say of each other. All texts are folded."""

    title: str
    keys: list[str]
    parts: list[set[str]]
    """Of each candidate: what its dashes, bars and colons part."""
    site: set[str]
    shared: set[str]
    """What the page gives out to be shown elsewhere."""
    first_headings: int


def _score(candidate: Candidate, at: int, votes: Votes) -> float:
    """Trust in the source, plus agreement: with the title, and with the other sources."""
    key = votes.keys[at]
    score = _TRUST.get(candidate.locator, 0.5)
    if candidate.locator == "h1" and votes.first_headings == 1:
        score += ONLY_ONE
    if key and key in votes.title:
        score += 2.0
    others = [each for each in range(len(votes.keys)) if each != at]
    score += min(sum(votes.keys[each] == key for each in others), 3)
    # What another source has with the site's name or a topic beside it.
    if any(key in votes.parts[each] and votes.keys[each] != key for each in others):
        score += 1.0
    held = (votes.keys[each] for each in others if votes.keys[each] in votes.parts[at])
    if any(other != key and len(other) >= TELLING for other in held):
        score -= WITH_MORE
    if candidate.locator == "headline" and any(other.startswith(key) and other != key for other in votes.keys):
        score -= CUT_OFF
    if any(key.endswith(f": {each}") for each in votes.shared):
        score -= WITH_TOPIC
    if len(key) < 8 or len(key) > 250:
        score -= 2.5
    return score - OF_THE_SITE if _letters(key) in votes.site else score


def _site_names(facts: Facts) -> set[str]:
    """What the site is called: its host, its metas, and headings that link to its front page."""
    labels = facts.host.split(".")
    names = {"".join(labels[-2:-1]), "".join(labels[-2:])}
    names |= {candidate.value for candidate in facts.meta("og:site_name", "application-name")}
    names |= {line.text for line in facts.outline.headings if any(map(_leads_home, line.anchors))}
    return {_letters(folded(name)) for name in names if name}


def _leads_home(anchor: HtmlElement) -> bool:
    href = (anchor.get("href") or "").strip()
    return bool(href) and (_HOME.fullmatch(href) is not None)


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key))


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
        if line.flags & KICKER and len(line.text) < 80 and not line.flags & (FOREIGN | NAV | FOOTER | HIDDEN):
            yield Candidate(line.text, "body", f"line {line.order}")
            return
