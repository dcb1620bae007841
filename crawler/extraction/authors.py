"""Who wrote an article: structured data first, then metas, then the line under the headline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.extraction.facts import Candidate, Facts, place_of
from crawler.extraction.outline import ASIDE, COMMENT, FOOTER, FOREIGN, NAV, Line
from crawler.extraction.structured import types
from crawler.normalisation.people import people
from crawler.normalisation.text import clean, folded

_METAS = (
    "article:author", "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor", "citation_author",
    "cxenseparse:author", "byl", "article.author", "authors", "article:author_name", "twitter:creator:name", "creator", "autor", "byline",
)  # fmt: skip
_ELSEWHERE = FOOTER | NAV | COMMENT
NEAR = 25
"""Lines after the headline in which a byline without markup is believed."""


def authors(facts: Facts, headline: Line | None, publisher_name: str | None) -> tuple[str, ...]:
    """The names, each once. The publisher's own name is one only where the page names nobody else."""
    own_groups = list(_groups(facts, headline))
    groups = [*facts.preferred("authors", own_groups), *own_groups]
    own = {folded(name) for name in (publisher_name,) if name}
    for strict in (True, False):
        for group in groups:
            names = people(candidate.value for candidate in group)
            names = tuple(name for name in names if folded(name) not in own) if strict else names
            if names and (strict or group[0].source == "json-ld"):
                facts.settle("authors", _joined(group, names), [each[0] for each in groups])
                return names
    facts.settle("authors", None, [each[0] for each in groups])
    return ()


def _joined(group: list[Candidate], names: tuple[str, ...]) -> Candidate:
    return Candidate("; ".join(names), group[0].source, group[0].locator)


def _groups(facts: Facts, headline: Line | None) -> Iterator[list[Candidate]]:
    """Candidates that together are one answer."""
    if stated := [Candidate(name, "json-ld", "author") for name in _named(facts.article.get("author"), facts)]:
        yield stated
    for name in _METAS:
        if given := [each for each in facts.meta(name) if not each.value.startswith("http")]:
            yield given
    if marked := _marked(facts):
        yield marked
    yield from _bylines(facts, headline)


def _named(value: Any, facts: Facts) -> Iterator[str]:
    """Names in a JSON-LD author, whose nodes may be given by reference."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item, facts)
    elif isinstance(value, str):
        if not value.startswith("http"):
            yield value
    elif isinstance(value, dict):
        name = value.get("name")
        if name is None and (reference := value.get("@id")):
            referred = (node for node in facts.nodes if node.get("@id") == reference and node.get("name"))
            name = next((node["name"] for node in referred), None)
        yield from _named(name, facts)


def _marked(facts: Facts) -> list[Candidate]:
    """Microdata authors, the innermost name of each."""
    found = []
    for prop, element, _ in facts.outline.props:
        if prop == "author":
            inner = next((child for child in element.iter() if child.get("itemprop") == "name"), None)
            named = element if inner is None else inner
            text = named.get("content") or clean(named.text_content())
            if 2 < len(text) < 120:
                found.append(Candidate(text, "microdata", "[itemprop=author]"))
    return found


def _bylines(facts: Facts, headline: Line | None) -> Iterator[list[Candidate]]:
    """Elements that are named for authors, nearest below the headline first, links in them before their text."""
    at = headline.order if headline else 0
    marked = [entry for entry in facts.outline.bylines if not entry[2] & _ELSEWHERE]
    ranked = sorted(marked, key=lambda entry: abs(entry[0] - at) + (0 if entry[0] > at - 20 else 5000))
    for order, element, flags in ranked[:8]:
        text = clean(element.text_content())
        if not text or len(text) > 200 or (flags & (FOREIGN | ASIDE) and order > at + 400):
            continue
        where = place_of(element)
        links = [clean(link.text_content()) for link in element.iter("a") if link.get("href")]
        names = [name for name in links if name and len(name) < 60]
        yield [Candidate(name, "body", where) for name in names or [text]]


def is_organisation(node: Any) -> bool:
    """Whether a JSON-LD author is no person."""
    return isinstance(node, dict) and bool(types(node) & {"Organization", "NewsMediaOrganization"})
