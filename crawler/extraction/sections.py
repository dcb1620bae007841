"""Where in the publication an article stands: breadcrumb, structured data, metas, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml.html import HtmlElement

from crawler.extraction.facts import Candidate, Facts, place_of
from crawler.extraction.outline import Line
from crawler.extraction.structured import Node, string, strings, types
from crawler.normalisation.text import clean, folded

_HOME = frozenset(
    "home homepage startseite start accueil inicio portada home page hjem hem etusivu anasayfa ana sayfa главная strona główna"
    " 首页 トップ ホーム 홈 خانه الرئيسية domů úvod início forsiden top".split()
) | {"home page", "ana sayfa", "strona główna", "you are here", "sie sind hier", "main page"}
_SEPARATORS = re.compile(r"\s*[/|>»›→\\·•:]+\s*")
_NOT_SECTIONS = re.compile(
    r"^(?:article|articles|artikel|news-?article|story|stories|detail|details|\d+|index|post|posts|blog|archives?|content|node|[a-z]{2}|[a-z]{2}-[a-z]{2}|p|a|id|html?|amp|category|section|topic|wp|web|doc)$",
    re.I,
)
_MAX = 6


def section_path(facts: Facts, headline: str | None, shown: Line | None) -> tuple[str, ...]:
    """From the general to the particular, without the home page and the article itself."""
    groups = [[Candidate(name, source, at) for name in names] for source, at, names in _paths(facts, shown)]
    candidates = []
    for group in (*facts.preferred("section_path", groups), *groups):
        path = _tidied([each.value for each in group], headline, facts)
        if path:
            candidates.append((Candidate(" / ".join(path), group[0].source, group[0].locator), path))
    chosen = candidates[0] if candidates else None
    facts.settle("section_path", chosen and chosen[0], [each for each, _ in candidates])
    return chosen[1] if chosen else ()


def _paths(facts: Facts, shown: Line | None) -> Iterator[tuple[str, str, list[str]]]:
    for node in facts.nodes:
        if "BreadcrumbList" in types(node):
            yield "json-ld", "BreadcrumbList", _listed(node)
    for element in facts.outline.crumbs[:4]:
        yield "body", place_of(element), _crumbs(element)
    yield "body", "links above the headline", _trail(facts, shown)
    yield "json-ld", "articleSection", list(strings(facts.article.get("articleSection")))[:1]
    for name in (
        "article:section",
        "og:article:section",
        "section",
        "parsely-section",
        "cxenseparse:category",
        "category",
    ):
        for candidate in facts.meta(name):
            yield candidate.source, candidate.locator, re.split(r"\s*[/>|]\s*", clean(candidate.value))
            break
    yield "url", "path", _from_path(facts.path)


def _listed(node: Node) -> list[str]:
    items = node.get("itemListElement")
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    listed.sort(key=lambda item: _position(item.get("position")))
    return [name for item in listed if (name := string(item.get("name")) or string(item.get("item")))]


def _position(stated: Any) -> int:
    """The place in a breadcrumb; the last for one without a number."""
    number = str(stated)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 99


def _crumbs(element: HtmlElement) -> list[str]:
    """The links of a breadcrumb; its pieces of text where it has none."""
    links = [clean(link.text_content()) for link in element.iter("a")]
    if len(links) == 1 and (items := [clean(item.text_content()) for item in element.iter("li")]):
        links = items
    return links or _SEPARATORS.split(clean(element.text_content()))


def _trail(facts: Facts, shown: Line | None) -> list[str]:
    """Links with separators between them, just above the headline: a breadcrumb that is not called one."""
    if shown is None:
        return []
    lines = facts.outline.lines
    at = lines.index(shown)
    for line in reversed(lines[max(0, at - 4) : at]):
        pieces = [clean(anchor.text_content()) for anchor in line.anchors]
        if not 2 <= len(pieces) <= _MAX or len(line.text) > 120:
            continue
        pattern = r"\s*[/|>»›→]\s*".join(re.escape(piece) for piece in pieces[-2:])
        if re.search(pattern + r"\s*[/|>»›→]?\s*$", line.text):
            return pieces
    return []


def _from_path(path: str) -> list[str]:
    parts = [unquote(part) for part in path.split("/")[1:-1]]
    found = []
    for part in parts:
        if _NOT_SECTIONS.match(part) or any(c.isdigit() for c in part) or len(part) > 30 or part.count("-") > 3:
            continue
        found.append(part.replace("-", " ").replace("_", " ").strip().title() if part.isascii() else part)
    return found


def _site_names(facts: Facts) -> set[str]:
    """What breadcrumbs call the home page: the host, its domain, the name that the page states."""
    host = facts.host.removeprefix("www.")
    stated = {folded(candidate.value) for candidate in facts.meta("og:site_name", "application-name")}
    return {host, *host.split(".")[-2:-1], *stated}


def _tidied(names: list[str], headline: str | None, facts: Facts) -> tuple[str, ...]:
    title = folded(headline or "")
    own = _site_names(facts)
    path: list[str] = []
    for name in names:
        section = clean(name).strip("/|>»›→· ")
        key = folded(section)
        if (
            not any(map(str.isalpha, section))
            or len(section) > 60
            or key in _HOME
            or key == title
            or key.removeprefix("www.") in own
        ):
            continue
        if title and len(key) > 25 and (title.startswith(key.rstrip(". ")) or key in title):
            continue
        if key not in {folded(earlier) for earlier in path}:
            path.append(section)
        if len(path) == _MAX:
            break
    return tuple(path)
