"""Who wrote an article: structured data first, then what its byline links and says, then metas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts, place_of
from crawler.extraction.outline import ASIDE, COMMENT, FOOTER, FOREIGN, NAV, Line
from crawler.extraction.structured import plain, string
from crawler.normalisation.people import byline, people
from crawler.normalisation.text import clean, folded

_METAS = (
    "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author",
    "cxenseparse:author", "byl", "article.author", "article:author_name", "twitter:creator:name",
)  # fmt: skip
_OF_THE_SITE = ("author", "authors", "creator", "autor", "byline", "dc.contributor")
"""Metas that many sites fill with their owner: believed after what the page shows."""
_ELSEWHERE = FOOTER | NAV | COMMENT
_PAGE_OF_AUTHOR = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore|profiles?|profil|people|person(?:en)?|users?|members?|staff|by|team|redaktion|"
    r"redaktör|redakteure?|journalists?|journalistes?|kolumnisten?|columnists?|contributors?|writers?|reporters?|correspondents?|"
    r"skribent(?:er)?|yazar(?:lar)?|firma|firmas|opinionistas|mitarbeiter|forfatter|editors?|bio|biography)[/.?=_-]|[?&]author="
)
"""In the addresses of pages about somebody who writes, in lower case: without re.I a search takes half the time."""
_NAME = re.compile(
    r"[A-ZÀ-ÞĀ-Ž][a-zß-ÿā-ž'’.-]+(?: (?:and|und|et|y) | |, ){1}[A-ZÀ-ÞĀ-Ž](?:[\w'’.-]| (?=[A-ZÀ-Þa-z])){2,40}"
)
_SLUG = re.compile(r"[a-zà-ÿ]+(?:[-_ ][a-zà-ÿ]+)+")
ABOVE = 20
BELOW = 40
"""Elements above the headline and below the body among which a byline may stand."""
NEAR = 12
"""Lines after the headline in which a byline without markup is believed."""
MAX_INSIDE = 200
"""Elements of a marked author among which the name is looked for."""
SHORT = 160
LEAST_OWN = 8
"""Letters of a publisher's name; what begins with one as long is no person's."""
MAX_STATED = 60
"""Names that structured data or marked elements may give; nothing is written by as many."""
MAX_WORDS = 5
"""Of a link that names somebody."""


def authors(facts: Facts, headline: Line | None, body: Body, publisher_name: str | None) -> tuple[str, ...]:
    """The names, each once. The publisher's own name is one only where the page names nobody else."""
    stated = list(_groups(facts, headline, body))
    groups = [*facts.preferred("authors", stated), *stated]
    own = _own_names(facts, publisher_name)
    for strict in (True, False):
        for group in groups:
            names = people((candidate.value for candidate in group), strict=strict)
            names = tuple(name for name in names if not _is_own(name, own)) if strict else names
            if names and (strict or group[0].source == "json-ld"):
                names = _spelt(names, groups)
                facts.settle("authors", _joined(group, names), [each[0] for each in groups])
                return names
    facts.settle("authors", None, [each[0] for each in groups])
    return ()


def _spelt(names: tuple[str, ...], groups: list[list[Candidate]]) -> tuple[str, ...]:
    """Names that only an address part gives ("jane-doe"), as the page spells them elsewhere."""
    if not any(_SLUG.fullmatch(name) for name in names):
        return names
    known = {_key(name): name for group in reversed(groups) for name in people(each.value for each in group)}
    known = {key: name for key, name in known.items() if not _SLUG.fullmatch(name)}
    return tuple(known.get(_key(name), _titled(name)) if _SLUG.fullmatch(name) else name for name in names)


def _titled(slug: str) -> str:
    return " ".join(part.capitalize() for part in re.split("[-_ ]", slug))


def _own_names(facts: Facts, publisher_name: str | None) -> set[str]:
    """What the publisher may be called: its name, and its host's."""
    labels = facts.host.split(".")
    host = "".join(labels[-2:-1])
    return {_key(name) for name in (publisher_name, host, ".".join(labels[-2:])) if name}


def _is_own(name: str, own: set[str]) -> bool:
    key = _key(name)
    return any(key == known or (len(known) > LEAST_OWN and key.startswith(known)) for known in own)


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name)))


def _joined(group: list[Candidate], names: tuple[str, ...]) -> Candidate:
    return Candidate("; ".join(names), group[0].source, group[0].locator)


def _groups(facts: Facts, headline: Line | None, body: Body) -> Iterator[list[Candidate]]:
    """Candidates that together are one answer."""
    named = islice(_named(facts.article.get("author"), facts), MAX_STATED)
    if stated := [Candidate(name, "json-ld", "author") for name in named]:
        yield stated
    yield from _in_metas(facts, _METAS)
    if marked := _marked(facts):
        yield marked
    yield from _linked(facts, headline, body)
    yield from _said(facts, headline, body)
    yield from _labelled(facts)
    yield from _in_metas(facts, _OF_THE_SITE)
    yield from _bylines(facts, headline)
    yield from _bold_names(body)


def _in_metas(facts: Facts, names: tuple[str, ...]) -> Iterator[list[Candidate]]:
    for name in names:
        if given := [each for each in facts.meta(name) if not each.value.startswith("http")]:
            yield given


def _named(value: Any, facts: Facts) -> Iterator[str]:
    """Names in a JSON-LD author, whose nodes may be given by reference."""
    if isinstance(value, list):
        for item in value[:MAX_STATED]:
            yield from _named(item, facts)
    elif isinstance(value, str):
        if not value.startswith("http"):
            yield plain(value)
    elif isinstance(value, dict):
        name = value.get("name")
        if name is None and (reference := value.get("@id")):
            referred = (string(node.get("name")) for node in facts.nodes if node.get("@id") == reference)
            name = next((each for each in referred if each), None)
        yield from _named(name, facts)


def _marked(facts: Facts) -> list[Candidate]:
    """Microdata authors, the innermost name of each; what stands in a comment is left out."""
    found = []
    marked = (element for prop, element, flags in facts.outline.props if prop == "author" and not flags & COMMENT)
    for element in islice(marked, MAX_STATED):
        inner = next((child for child in islice(element.iter(), MAX_INSIDE) if child.get("itemprop") == "name"), None)
        named = element if inner is None else inner
        text = named.get("content") or clean(named.text_content())
        if 2 < len(text) < 120:
            found.append(Candidate(text, "microdata", "[itemprop=author]"))
    return found


def _linked(facts: Facts, headline: Line | None, body: Body) -> Iterator[list[Candidate]]:
    """Links to pages of authors round the article, nearest to the headline first; those that stand together as one."""
    start = (headline.order if headline else body.start) - ABOVE
    group: list[Candidate] = []
    last = 0
    for line in facts.outline.lines:
        if not line.anchors or not start <= line.order <= body.end + BELOW or line.flags & (_ELSEWHERE | FOREIGN):
            continue
        if len(line.text) > SHORT and line.linked < 0.5 * len(line.text):
            continue  # a link in a paragraph is about somebody
        named = [Candidate(text, "body", "a[href]") for anchor in line.anchors if (text := _author(anchor))]
        if group and named and line.order > last + 4:
            yield group
            group = []
        group += named
        last = line.order if named else last
    if group:
        yield group


def _author(anchor: HtmlElement) -> str | None:
    """The text of a link that leads to an author's page."""
    rel, href = anchor.get("rel") or "", anchor.get("href") or ""
    if "author" not in rel.split() and not _PAGE_OF_AUTHOR.search(href.lower()):
        return None
    text = clean(anchor.text_content())
    return text if 2 < len(text) < 60 and len(text.split()) <= MAX_WORDS and "creativecommons" not in href else None


def _said(facts: Facts, headline: Line | None, body: Body) -> Iterator[list[Candidate]]:
    """Lines round the headline, and right before and after the body's end, that begin as bylines do."""
    lines = facts.outline.lines
    at = lines.index(headline) if headline is not None else 0
    near = lines[at + 1 : at + 1 + NEAR] + lines[max(0, at - 4) : at]
    last = body.lines[-2:]
    near += [line for line in lines if last and last[0].order <= line.order <= body.end + NEAR]
    for line in near:
        if len(line.text) <= SHORT and not line.flags & _ELSEWHERE and (name := byline(line.text)):
            yield [Candidate(name, "body", f"line {line.order}")]


def _bold_names(body: Body) -> Iterator[list[Candidate]]:
    """Names in bold, alone above the first paragraph."""
    for line in body.lines[:2]:
        names = line.text.split("/")
        if line.bold >= len(line.text) - 1 and all(map(_NAME.fullmatch, names)):
            yield [Candidate(name, "body", f"line {line.order}") for name in names]


def without_byline(lines: list[Line], names: tuple[str, ...]) -> list[Line]:
    """The lines of a body without one above the first paragraph that says no more than who wrote it."""
    written = {folded(name) for name in names}
    at = next((at for at, line in enumerate(lines[:2]) if set(map(folded, line.text.split("/"))) <= written), None)
    return lines if at is None else lines[:at] + lines[at + 1 :]


def _labelled(facts: Facts) -> Iterator[list[Candidate]]:
    """The pairs of label and value that some metas hold: "Written by", "Jane Doe"."""
    for at in ("1", "2"):
        for label, value in zip(facts.meta(f"twitter:label{at}"), facts.meta(f"twitter:data{at}"), strict=False):
            if name := byline(f"{label.value.strip(' :')} {value.value}"):
                yield [Candidate(name, "meta", f"meta[twitter:data{at}]")]


def _bylines(facts: Facts, headline: Line | None) -> Iterator[list[Candidate]]:
    """Elements that are named for authors, nearest below the headline first, links in them before their text."""
    at = headline.order if headline else 0
    marked = [entry for entry in facts.outline.bylines if not entry[2] & _ELSEWHERE]
    ranked = sorted(marked, key=lambda entry: abs(entry[0] - at) + (0 if entry[0] > at - 20 else 5000))
    for order, element, flags in ranked[:8]:
        text = _text(element)
        if not text or len(text) > 200 or (flags & (FOREIGN | ASIDE) and order > at + 400):
            continue
        where = place_of(element)
        links = [clean(link.text_content()) for link in element.iter("a") if link.get("href")]
        names = [name for name in links if name and len(name) < 60]
        yield [Candidate(name, "body", where) for name in names or [text]]


def _text(element: HtmlElement) -> str:
    """What readers see of an element; nothing where it holds a script."""
    return "" if next(element.iter("script", "style"), None) is not None else clean(element.text_content())
