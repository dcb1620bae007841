"""What one page offers to every field: its outline, its structured data, and who publishes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.outline import Outline
from crawler.extraction.structured import Node, plain, strings_at
from crawler.items import Context, Evidence
from crawler.normalisation.text import clean
from crawler.publishers.base import Layout, Publisher
from crawler.publishers.rules import is_source, json_path, selector

MAX_EVIDENCE = 300
"""Characters of a value that are kept as evidence."""

MAX_CANDIDATES = 60
"""Of a field that are put on record; no page offers as many in earnest."""

MAX_ADDRESS = 4000
"""Characters; browsers and servers end at half of it."""


_ABSOLUTE = re.compile(r"https://[\w.:-]+(?:/[\w%/.,:;@!$&'()*+=~|?#-]*)?")
"""Most addresses; a bracket in the host may be no address at all, and others are joined, which is slow."""
_FROM_ROOT = re.compile(r"/(?!/)[\w%/.,:@!$&'()*+=~-]*")
"""An address that begins at the host's root and needs no resolving, unless "/." is in it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field may take."""

    value: str
    source: str
    locator: str


@dataclass(slots=True)
class Facts:
    """A page, read but not yet judged."""

    url: str
    root: HtmlElement
    outline: Outline
    nodes: list[Node]
    article: Node
    publisher: Publisher | None
    layout: Layout | None
    context: Context
    metas: dict[str, list[str]] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    origin: str = field(init=False)
    """Scheme and host of the page's address; empty for one that is no http URL."""
    host: str = field(init=False)
    path: str = field(init=False)
    """Both as the address has them; empty where it cannot be read."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
        except ValueError:  # no URL, as archives of others may have one
            parts = urlsplit("")
        self.origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else ""
        self.host, self.path = parts.hostname or "", parts.path

    def meta(self, *names: str) -> Iterator[Candidate]:
        """Contents of the metas with these names, in this order."""
        for name in names:
            if name not in self.metas:
                continue
            source = "opengraph" if name.startswith(("og:", "article:")) else "meta"
            for content in self.metas[name]:
                if content.strip():
                    yield Candidate(plain(content), source, f"meta[{name}]")

    def props(self, *names: str) -> Iterator[Candidate]:
        """Values of microdata properties with these names, in the page's order."""
        for prop, element, _ in self.outline.props:
            if prop in names and (value := prop_value(element)):
                yield Candidate(value, "microdata", f"[itemprop={prop}]")

    def rule(self, name: str) -> tuple[str, ...]:
        """What the layout says of a field; () where it says nothing or there is none."""
        return getattr(self.layout, name) if self.layout is not None else ()

    def preferred(self, name: str, groups: Iterable[list[Candidate]] = ()) -> list[list[Candidate]]:
        """The candidates that the layout's rule names, in its order; [] without a rule, or where it finds nothing.

        ``groups`` are the field's own candidates, those together that are one answer; sources are looked up in them.
        """
        steps = self.rule(name)
        if not steps:
            return []
        own = [group for group in groups if group]
        found = (group for step in steps for group in self._of_step(step, own))
        return [group for group in found if group]

    def _of_step(self, step: str, own: list[list[Candidate]]) -> Iterator[list[Candidate]]:
        if is_source(step):
            yield from (group for group in own if group[0].source == step)
        elif path := json_path(step):
            yield [Candidate(value, "json-ld", ".".join(path)) for value in strings_at(self.article, path)]
        elif self.layout is not None:
            css, attribute = selector(step)
            values = [value_of(element, attribute) for element in css(self.root)]
            yield [Candidate(value, "layout", f"{step} of {self.layout.name}") for value in values if value]

    def absolute(self, address: str) -> str | None:
        """An address of the page as an absolute http URL; None for what is none."""
        address = address.strip()
        if not address or len(address) > MAX_ADDRESS:
            return None
        if _ABSOLUTE.fullmatch(address) and "/." not in address:
            return address  # as most are; joining would give the same
        if self.origin and _FROM_ROOT.fullmatch(address) and "/." not in address:
            return self.origin + address  # as nearly all others are; so here
        try:
            url = urljoin(self.url, address)
            urlsplit(url)  # joining does not look at the host of an address that has its own
        except ValueError:
            return None
        return url if url.startswith(("http://", "https://")) else None

    def note(self, name: str, candidate: Candidate, *, chosen: bool) -> None:
        """Puts a candidate on record."""
        value = clean(candidate.value)[:MAX_EVIDENCE]
        self.evidence.append(Evidence(name, value, candidate.source, candidate.locator, chosen))

    def settle(self, name: str, chosen: Candidate | None, candidates: list[Candidate]) -> None:
        """Puts the chosen candidate on record, and of the losers those that differ."""
        seen = set()
        if chosen is not None:
            self.note(name, chosen, chosen=True)
            seen.add(clean(chosen.value))
        for candidate in candidates[:MAX_CANDIDATES]:
            if (value := clean(candidate.value)) not in seen:
                seen.add(value)
                self.note(name, candidate, chosen=False)


def removed_elements(layout: Layout | None, root: HtmlElement) -> set[HtmlElement]:
    """What the layout says is none of the article, with all that it holds."""
    steps = layout.remove if layout is not None else ()
    return {inner for step in steps for element in selector(step).find(root) for inner in element.iter()}


def place_of(element: HtmlElement) -> str:
    """An element's name and class, short: where evidence was found."""
    return f"{element.tag!s}.{element.get('class') or element.get('rel') or ''}"[:80]


def prop_value(element: HtmlElement) -> str:
    """The value of a microdata property: where its element keeps it."""
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return str(value).strip()
    return clean(element.text_content())[:2000]


def value_of(element: HtmlElement, attribute: str | None) -> str:
    """What a layout's step takes of an element: the attribute it names, else its value or text."""
    return clean(element.get(attribute) or "") if attribute else prop_value(element)
