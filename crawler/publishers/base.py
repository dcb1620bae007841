"""What a publisher definition may say, and how one is found: by listing this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from importlib import import_module, invalidate_caches, reload
from traceback import extract_tb
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.errors import BadDefinition, UnknownPublisher
from crawler.publishers.checks import (
    check_all_are,
    check_boilerplate,
    check_hosts,
    check_languages,
    check_pattern,
    check_text,
    check_texts,
    check_tidy,
    check_timezone,
    check_until,
)
from crawler.publishers.rules import check


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a publisher's pages keep their fields.

    Each rule is a tuple of steps, CSS selectors or sources, of which the first that the page has wins: see rules.py.
    A field without a rule, or whose rule finds nothing, is looked for as on any page.
    """

    name: str
    marker: str | None = None
    """A selector that only pages of this layout match; None: the layout of pages that match no marker."""
    until: date | None = None
    """The last day whose articles have it; None: in use today. An article's day is that of its address, else what
    the page states, else the capture's. Layouts with one marker, or with none, are told apart by it."""
    headline: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    """Several elements are joined."""
    authors: tuple[str, ...] = ()
    """One element for each name, or one for all: "By", jobs and the like are taken off."""
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section_path: tuple[str, ...] = ()
    """An element for each section, the most general first."""
    topics: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    """For publishers of several languages; of one that has a single language, it is that one."""
    access: tuple[str, ...] = ()
    """A value such as "metered" or "premium"; what else it may be: extraction/access.py."""
    body: tuple[str, ...] = ()
    """The elements that hold the paragraphs."""
    subhead: tuple[str, ...] = ()
    """Inside the body: what is a sub-headline; all else is none then, whatever its element."""
    image: tuple[str, ...] = ()
    """Elements that each hold one image with its caption."""
    caption: tuple[str, ...] = ()
    """Inside what holds the image."""
    credit: tuple[str, ...] = ()
    """Inside what holds the image; several elements are several credits."""
    remove: tuple[str, ...] = ()
    """Elements whose texts and images are none of the article, wherever they stand. All steps are used."""
    tidy: Callable[[HtmlElement], None] | None = None
    """For the odd case: changes the tree before anything is read from it."""

    def __post_init__(self) -> None:
        try:
            check_until(self.until)
            check_tidy(self.tidy)
            check("marker", () if self.marker is None else (check_text("marker", self.marker),))
            for rule in RULES:
                check(rule, getattr(self, rule))
        except ValueError as error:
            raise ValueError(f"layout {self.name!r}, {error}") from error

    def __reduce__(self) -> tuple[Any, ...]:
        """For the way to a worker: the function by its name, as reading the definitions again makes it another one,
        which pickle by itself refuses."""
        named = (self.tidy.__module__, self.tidy.__name__) if self.tidy else None
        return _restored, ({each.name: getattr(self, each.name) for each in fields(self)} | {"tidy": None}, named)


def _restored(values: dict[str, Any], tidy: tuple[str, str] | None) -> Layout:
    """A layout as it was, without checking it again for every page."""
    layout = object.__new__(Layout)
    for name, value in values.items():
        object.__setattr__(layout, name, value)
    if tidy is not None:
        object.__setattr__(layout, "tidy", getattr(import_module(tidy[0]), tidy[1]))
    return layout


RULES = tuple(each.name for each in fields(Layout) if each.name not in ("name", "marker", "until", "tidy"))
"""The fields of a layout that are rules."""


_TEXTS = (
    "domains", "retired", "languages", "feeds", "sitemaps", "sections", "archive_pages", "article_patterns",
    "not_article_patterns",
)  # fmt: skip
"""The fields of a publisher that are tuples of texts."""
Requisites = Literal["none", "images"]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: data only. Every field beside ``id``, ``name`` and ``domains`` is optional."""

    id: str
    """Short, lower case; the first half of an article's id."""
    name: str
    domains: tuple[str, ...]
    """Host names in order of preference; the first is where seeds are fetched."""
    retired: tuple[str, ...] = ()
    """Hosts of the past: known as the publisher's, never fetched by discovery."""
    country: str | None = None
    languages: tuple[str, ...] = ()
    """A single one is the language of every article; list all where there are several."""
    timezone: str | None = None
    """IANA name, for times without a zone."""
    feeds: tuple[str, ...] = ()
    """Paths on the first domain, or absolute URLs; what robots.txt and pages name comes on top."""
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    archive_pages: tuple[str, ...] = ()
    """Templates of pages that list a day's or a month's articles, as "/archive/{year}/{month:02}/{day:02}"; a crawl
    with ``since`` reads those of its days, newest first."""
    article_patterns: tuple[str, ...] = ()
    """Regular expressions over path and query; the group "id" is the article's key on every host and slug."""
    not_article_patterns: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    boilerplate: tuple[tuple[str, str], ...] = ()
    """(kind, regular expression): paragraphs that are none of the article."""
    requisites: Requisites = "none"
    """What is archived with each article: "images" are those of its body, each once, for replay and evidence."""
    join_pages: bool = False
    """Whether the later pages of an article that is spread over several are fetched with the first, and its text is
    that of all pages in order."""
    verify_tls: bool = True
    notes: str | None = None

    def __post_init__(self) -> None:
        for name in _TEXTS:
            check_texts(name, getattr(self, name))
        check_hosts("domains", self.domains)
        check_hosts("retired", self.retired)
        check_languages(self.languages)
        check_timezone(self.timezone)
        check_boilerplate(self.boilerplate)
        check_all_are("layouts", self.layouts, Layout)
        for template in self.archive_pages:
            if not _is_dated(template):
                raise ValueError(f"archive_pages: {template!r} lacks {{year}}, {{month:02}} or {{day:02}}")
        for name in ("article_patterns", "not_article_patterns"):
            for pattern in getattr(self, name):
                check_pattern(name, pattern)
        if self.requisites not in get_args(Requisites):
            raise ValueError(f"requisites: {self.requisites!r} is none of {', '.join(get_args(Requisites))}")
        if (twice := _twice(self.layouts)) is not None:
            raise ValueError(f"layouts: {twice!r} has the marker and the last day of another; one is never used")

    def hosts(self) -> tuple[str, ...]:
        """Every host name that is this publisher's, today's first."""
        return self.domains + self.retired

    def covers(self, host: str) -> bool:
        """Whether a host name is this publisher's: one of its hosts, with or without "www."."""
        host = host.lower()
        return any(host == own or host.removeprefix("www.") == own.removeprefix("www.") for own in self.hosts())


def _twice(layouts: Iterable[Layout]) -> str | None:
    """The name of a layout that no page could be told to have."""
    seen = set()
    for layout in layouts:
        if (key := (layout.marker, layout.until)) in seen:
            return layout.name
        seen.add(key)
    return None


def _is_dated(template: str) -> bool:
    try:
        return template.format(year=2001, month=1, day=1) != template.format(year=2002, month=1, day=1)
    except (LookupError, ValueError):
        return False


_NO_DEFINITIONS = frozenset(("base", "checks", "rules"))
"""Modules of this folder that say how definitions are written."""

_known: dict[str, Publisher] | None = None


def publishers() -> dict[str, Publisher]:
    """All definitions of this folder by id. A module defines its publisher as ``PUBLISHER``."""
    global _known  # read once, until somebody asks for it to be read again
    if _known is None:
        _known = _definitions()
    return _known


def reload_publishers() -> None:
    """Reads all definitions again, for processes that run for long. Raises BadDefinition; then nothing changes."""
    global _known  # as above
    invalidate_caches()
    _known = _definitions(again=True)


def _definitions(*, again: bool = False) -> dict[str, Publisher]:
    found: dict[str, Publisher] = {}
    for module in pkgutil.iter_modules(__import__("crawler.publishers").publishers.__path__):
        definition = None if module.name in _NO_DEFINITIONS else _definition(module.name, again=again)
        if not isinstance(definition, Publisher):
            continue
        if definition.id != module.name:
            raise BadDefinition(f"publishers/{module.name}.py defines {definition.id!r}; name both alike")
        found[definition.id] = definition
    return found


def _definition(name: str, *, again: bool) -> object:
    try:
        module = import_module(f"crawler.publishers.{name}")
        return getattr(reload(module) if again else module, "PUBLISHER", None)
    except Exception as error:  # it is written by users: a misspelt field, a pattern that is no regular expression
        where = f"publishers/{name}.py"
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename.endswith(where)]
        at = f" in line {lines[-1]}" if lines else ""
        raise BadDefinition(f"{where} cannot be read{at} ({type(error).__name__}: {error}); mend it") from error


def publisher_named(name: str) -> Publisher:
    """The definition with this id. Raises UnknownPublisher with the known ones."""
    known = publishers()
    if name not in known:
        if name.lower() in known:
            raise UnknownPublisher(f"no publisher {name!r}; did you mean {name.lower()}?")
        raise UnknownPublisher(f"no publisher {name!r}; known: {_listed(known)}; or give site=https://…")
    return known[name]


def publisher_of(url: str) -> Publisher | None:
    """The definition whose hosts include the URL's; None when there is none."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:  # no URL at all, as pages and users may write them
        return None
    return next((publisher for publisher in publishers().values() if publisher.covers(host)), None)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none yet"
