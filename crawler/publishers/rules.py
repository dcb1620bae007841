"""What a layout's rules may say: CSS selectors, and the names of the sources that a field has.

A rule is a tuple of steps; the first that the page has wins. A step is a CSS selector ("div.byline a"), of which
"::attr(title)" takes an attribute; or a source of the extraction itself ("json-ld", "opengraph", "body", …); or a path
into the page's JSON-LD article ("json-ld.author.name"). A word that names a source is one: the elements of the same
name are reached as "html > body" and "head > meta".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from lxml.cssselect import CSSSelector
from lxml.html import defs

from crawler.publishers.checks import check_texts

_SAID = ("json-ld", "microdata", "opengraph", "meta", "body")

SOURCES: dict[str, tuple[str, ...]] = {
    "headline": _SAID,
    "kicker": (),
    "summary": ("json-ld", "opengraph", "meta", "body"),
    "authors": _SAID,
    "published": (*_SAID, "url", "feed", "sitemap"),
    "modified": _SAID,
    "section_path": ("json-ld", "opengraph", "meta", "body", "url"),
    "topics": ("json-ld", "opengraph", "meta", "body"),
    "language": ("json-ld", "microdata", "opengraph", "meta"),
    "access": ("json-ld", "opengraph", "meta"),
    "body": ("body", "json-ld"),
}
"""Of each field: where the extraction itself looks for it. "body" is what readers see; of the body, the extraction's
own choice; the body's "json-ld" is articleBody."""

_PLACES = frozenset(("marker", "body", "subhead", "image", "remove"))
"""Rules that select elements rather than values."""
_INTO_JSON = re.compile(r"^json-ld((?:\.[A-Za-z]\w*)+)$")
_ATTRIBUTE = re.compile(r"::attr\(([\w:-]+)\)$")
_WORD = re.compile(r"^[\w-]+$")
_ELEMENTS = defs.tags | {"main", "picture", "dialog", "data", "template"}
_ALL = frozenset(source for sources in SOURCES.values() for source in sources)


class Selector(NamedTuple):
    """A step that selects elements, ready for use."""

    find: CSSSelector
    attribute: str | None
    """What is taken of each; None: its text, or where its element keeps a value."""


def is_source(step: str) -> bool:
    """Whether a step names a source of the extraction's own."""
    return step in _ALL


def json_path(step: str) -> tuple[str, ...]:
    """The keys of a step that leads into the JSON-LD article; () for another."""
    match = _INTO_JSON.match(step)
    return tuple(match[1][1:].split(".")) if match else ()


@lru_cache(maxsize=5000)
def selector(step: str) -> Selector:
    """What a step selects. Raises ValueError for one that cannot be read."""
    attribute = _ATTRIBUTE.search(step)
    css = step[: attribute.start()] if attribute else step
    try:
        return Selector(CSSSelector(css, translator="html"), attribute[1] if attribute else None)
    except (ValueError, SyntaxError, RuntimeError) as error:  # cssselect's errors are of these kinds
        raise ValueError(f"{step!r} is no CSS selector ({error})") from error


def check(field: str, rule: Any) -> None:
    """Raises ValueError where a rule is none, saying what is wrong with which step of which field."""
    check_texts(field, rule)
    for step in rule:
        try:
            _check_step(field, step)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from error


def _check_step(field: str, step: str) -> None:
    allowed = SOURCES.get(field, ())
    if is_source(step):
        if step not in allowed:
            raise ValueError(f"{step!r} is no source of it; known: {', '.join(allowed) or 'none, selectors only'}")
    elif json_path(step):
        if field == "body" or field not in SOURCES:
            raise ValueError(f"{step!r}: no value is taken from JSON-LD for it")
    elif _WORD.match(step) and step not in _ELEMENTS and (allowed or "-" not in step):
        known = f"sources are {', '.join(allowed)}" if allowed else "it has no sources"
        raise ValueError(f'{step!r} is no element of HTML ({known}); one of the site\'s own is written "main {step}"')
    elif selector(step).attribute and field in _PLACES:
        raise ValueError(f"{step!r}: elements are wanted here, no attribute")
