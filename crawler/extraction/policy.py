"""What the page says of its use: robots directives, TDM reservation, licence. On record as evidence."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.structured import strings_at
from crawler.normalisation.policy import AGENT, directives

ROBOTS, RESERVATION, POLICY, LICENSE = "robots", "tdm-reservation", "tdm-policy", "license"
"""The fields of the evidence."""

_PATHS = (("license",), ("license", "@id"), ("license", "url"))


def note_policy(facts: Facts) -> None:
    """Puts all that it says on record; nothing is chosen but the first licence, as all the rest holds together."""
    for field, names in ((ROBOTS, ("robots", AGENT)), (RESERVATION, (RESERVATION,)), (POLICY, (POLICY,))):
        for candidate in facts.meta(*names):
            if field != ROBOTS or directives((candidate.value,)):  # how long a snippet may be says nothing of use
                facts.note(field, candidate, chosen=True)
    for number, candidate in enumerate(_licences(facts)):
        facts.note(LICENSE, candidate, chosen=number == 0)


def _licences(facts: Facts) -> Iterator[Candidate]:
    for path in _PATHS:
        values = [value for value in strings_at(facts.article, path) if len(value.split()) == 1]
        yield from (Candidate(value, "json-ld", ".".join(path)) for value in values)
    for rel, link in facts.outline.rels:
        if "license" in rel.split() and (href := (link.get("href") or "").strip()):
            yield Candidate(href, "meta", "link[rel=license]")
