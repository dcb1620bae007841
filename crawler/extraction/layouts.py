"""A publisher's own layouts: which one a page has, and what it says of the body."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from lxml.html import HtmlElement

from crawler.extraction.body import Body, taken_from
from crawler.extraction.facts import Facts, removed_elements, value_of
from crawler.extraction.outline import HIDDEN, NAV, Outline
from crawler.extraction.structured import article_node, nodes, read_json, string
from crawler.normalisation.dates import moment
from crawler.normalisation.text import clean
from crawler.normalisation.url_dates import date_in_url
from crawler.normalisation.urls import host_of
from crawler.publishers.base import Layout, Publisher
from crawler.publishers.rules import is_source, selector

_STATED = ("meta[property='article:published_time']::attr(content)", "[itemprop=datePublished]::attr(content)")


def layout_of(
    root: HtmlElement, publisher: Publisher | None, url: str, captured_at: datetime | None = None
) -> Layout | None:
    """The layout that a page has: of those whose marker it has the one of its day; else of those without a marker."""
    if publisher is None or not publisher.covers(host_of(url)):
        return None
    marked = [each for each in publisher.layouts if each.marker is not None and selector(each.marker).find(root)]
    layouts = marked or [each for each in publisher.layouts if each.marker is None]
    if all(each.until is None for each in layouts):
        return layouts[0] if layouts else None
    return _of_day(layouts, _day(root, url, captured_at))


def _of_day(layouts: list[Layout], day: date | None) -> Layout | None:
    """The first to end on this day or later; without a day the newest."""
    lasting = [each for each in layouts if each.until is None or (day is not None and day <= each.until)]
    return min(lasting, key=lambda each: each.until or date.max, default=None)


def _day(root: HtmlElement, url: str, captured_at: datetime | None) -> date | None:
    """An article's day, before anything else is known of it: cheap and sure rather than complete."""
    if (day := date_in_url(url)) is not None:
        return day
    stated = next((found for text in _stated_dates(root) if (found := moment(text)) is not None), None)
    if stated is not None:
        return stated.at.date()
    return captured_at.date() if captured_at else None


def _stated_dates(root: HtmlElement) -> Iterator[str]:
    scripts = root.iterfind(".//script[@type='application/ld+json']")
    article = article_node(nodes(read_json(script.text or "") for script in scripts)) or {}
    if value := string(article.get("datePublished")):
        yield value
    for step in _STATED:
        css, attribute = selector(step)
        yield from (value for element in css(root) if (value := value_of(element, attribute)))


def hide_removed(outline: Outline, layout: Layout | None, root: HtmlElement) -> None:
    """Marks the texts and images that the layout removes, so that no field takes them for the article's."""
    removed = removed_elements(layout, root)
    if not removed:
        return
    for line in outline.lines:
        if line.element in removed:
            line.flags |= HIDDEN
    for picture in outline.pictures:
        if picture.element in removed:
            picture.flags |= NAV


def laid_out_body(facts: Facts) -> Body | None:
    """The body in the elements that the layout names; None where the page has none, or a source comes first."""
    for step in facts.rule("body"):
        if is_source(step):
            return None
        if holders := selector(step).find(facts.root):
            return taken_from(facts.outline, holders)
    return None


def is_in_script(facts: Facts) -> bool:
    """Whether the layout says that the body is to be read from JSON-LD."""
    steps = (step for step in facts.rule("body") if is_source(step) or selector(step).find(facts.root))
    return next(steps, None) == "json-ld"


def subheads(facts: Facts) -> set[HtmlElement] | None:
    """The elements that the layout says are sub-headlines, and blocks that hold nothing else; None: it does not say."""
    if not facts.rule("subhead"):
        return None
    found = {element for step in facts.rule("subhead") for element in selector(step).find(facts.root)}
    return found | {parent for element in found if (parent := _same_text(element)) is not None}


def _same_text(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return parent if parent is not None and clean(parent.text_content()) == clean(element.text_content()) else None
