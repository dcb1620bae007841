"""What the page says the article is about, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import LEAD, Line
from crawler.extraction.structured import string
from crawler.normalisation.text import clean, folded

SHORTEST = 20


def summary(facts: Facts, headline: str | None, shown: Line | None) -> str | None:
    """The stand-first that the page shows, else what its metadata say; None where that repeats the headline."""
    candidates = [each for each in _candidates(facts, shown) if len(clean(each.value)) >= SHORTEST]
    usable = [each for each in candidates if folded(each.value) != folded(headline or "")]
    chosen = usable[0] if usable else None
    facts.settle("summary", chosen, candidates)
    return clean(chosen.value) if chosen else None


def _candidates(facts: Facts, shown: Line | None) -> Iterator[Candidate]:
    if facts.layout:
        yield from facts.laid_out(facts.layout.summary, "summary")[:1]
    if shown is not None:
        yield from _stand_first(facts, shown)
    if value := string(facts.article.get("description")):
        yield Candidate(value, "json-ld", "description")
    yield from facts.meta("og:description", "description", "twitter:description", "dc.description")


def _stand_first(facts: Facts, shown: Line) -> Iterator[Candidate]:
    lines = facts.outline.lines
    at = lines.index(shown)
    for line in lines[at + 1 : at + 6]:
        if line.flags & LEAD and 40 < len(line.text) < 600:
            yield Candidate(line.text, "body", f"line {line.order}")
            return
