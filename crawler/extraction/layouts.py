"""A publisher's own layouts: which one a page has, and the body it names."""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.extraction.body import Body, taken_from
from crawler.extraction.facts import Facts
from crawler.normalisation.urls import host_of
from crawler.publishers.base import Layout, Publisher


def layout_of(root: HtmlElement, publisher: Publisher | None, url: str) -> Layout | None:
    """The layout whose marker the page has; else the one in use today."""
    if publisher is None or not publisher.covers(host_of(url)):
        return None
    for layout in publisher.layouts:
        if layout.marker is not None and root.cssselect(layout.marker):
            return layout
    return next((layout for layout in publisher.layouts if layout.marker is None), None)


def laid_out_body(facts: Facts) -> Body | None:
    """The body in the element that the layout names; None where it names none that the page has."""
    if facts.layout is None or not facts.layout.body:
        return None
    holders = facts.selected(facts.layout.body)
    removed = [element for selector in facts.layout.remove for element in facts.root.cssselect(selector)]
    return taken_from(facts.outline, holders[0], removed) if holders else None
