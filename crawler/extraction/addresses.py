"""What a page calls its own address, and the addresses that it has elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.facts import Candidate, Facts
from crawler.normalisation.urls import same_site


def canonical_address(facts: Facts) -> str | None:
    """What the page calls its own address."""
    candidates = [
        Candidate(element.get("href") or "", "meta", "link[rel=canonical]")
        for rel, element in facts.outline.rels
        if rel == "canonical" and element.get("href")
    ]
    candidates += facts.meta("og:url")
    candidates += _stated_ids(facts)
    elsewhere = [Candidate(url, "meta", "link[rel=alternate]") for url in _alternates(facts)]
    for candidate in candidates:
        if url := facts.absolute(candidate.value):
            facts.settle("canonical_url", candidate, [*candidates, *elsewhere])
            return url
    facts.settle("canonical_url", None, elsewhere)
    return None


def _stated_ids(facts: Facts) -> Iterator[Candidate]:
    """The addresses that JSON-LD has for the article; those of the whole site are none."""
    for name in ("mainEntityOfPage", "@id", "url"):
        for value in _addresses(facts.article.get(name)):
            url = (facts.absolute(value) or "").partition("#")[0]
            if url != facts.url and url.partition("://")[2].partition("/")[2]:
                yield Candidate(url, "json-ld", name)


def _addresses(value: object) -> list[str]:
    """Of a text, or an object that an id stands for."""
    named = value.get("@id") or value.get("url") if isinstance(value, dict) else value
    return [named] if isinstance(named, str) and named.strip() else []


def _alternates(facts: Facts) -> Iterator[str]:
    """The same page on other sites: not in another language or format, or for other screens."""
    for rel, element in facts.outline.rels:
        if rel != "alternate" or any(element.get(name) for name in ("hreflang", "media")):
            continue
        url = facts.absolute(element.get("href") or "")
        if url and (element.get("type") or "text/html") == "text/html" and not same_site(url, facts.url):
            yield url
