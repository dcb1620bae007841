"""What the page says the article is about, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import LEAD, Line
from crawler.extraction.structured import plain, string
from crawler.normalisation.text import clean, folded

SHORTEST = 20


def summary(facts: Facts, headline: str | None, shown: Line | None) -> str | None:
    """The stand-first that the page shows, else what its metadata say; None where that repeats the headline."""
    candidates = [each for each in _candidates(facts, shown) if len(clean(each.value)) >= SHORTEST]
    named = [_joined(group) for group in facts.preferred("summary", ([each] for each in candidates))]
    usable = [each for each in (*named, *candidates) if folded(each.value) != folded(headline or "")]
    chosen = usable[0] if usable else None
    facts.settle("summary", chosen, candidates)
    return clean(chosen.value) if chosen else None


def _joined(group: list[Candidate]) -> Candidate:
    return Candidate(" ".join(each.value for each in group), group[0].source, group[0].locator)


def _candidates(facts: Facts, shown: Line | None) -> Iterator[Candidate]:
    if shown is not None:
        yield from _stand_first(facts, shown)
    if value := string(facts.article.get("description")):
        yield Candidate(plain(value), "json-ld", "description")
    yield from facts.meta("og:description", "description", "twitter:description", "dc.description")


def _stand_first(facts: Facts, shown: Line) -> Iterator[Candidate]:
    lines = facts.outline.lines
    at = lines.index(shown)
    for line in lines[at + 1 : at + 6]:
        if line.flags & LEAD and 40 < len(line.text) < 600:
            yield Candidate(line.text, "body", f"line {line.order}")
            return
