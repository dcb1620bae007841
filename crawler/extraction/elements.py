"""What the elements and attributes of HTML say of what stands in them."""

from __future__ import annotations

from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.outline import (
    APART,
    ARTICLE,
    ASIDE,
    BODY,
    BYLINE,
    CAPTION,
    CRUMBS,
    FIGURE,
    FOOTER,
    FOREIGN,
    FORM,
    HEADER,
    LEAD,
    LIST,
    NAV,
    QUOTE,
    TABLE,
)

BOXES = frozenset(
    "html body div section article main aside header footer nav form fieldset table tbody thead tfoot tr ul ol dl"
    " figure blockquote details center td th li dd menu hgroup dialog address".split()
)
LEAVES = frozenset("p h1 h2 h3 h4 h5 h6 dt figcaption caption pre summary legend".split())
SKIPPED = frozenset(
    "style svg rt rp template select option input textarea object embed canvas math map area datalist".split()
)
PLAYERS = frozenset(
    "iframe video audio amp-iframe amp-youtube amp-vimeo amp-dailymotion amp-twitter amp-instagram amp-jwplayer amp-brightcove"
    " lite-youtube lite-vimeo video-js".split()
)
"""Not looked into: what stands in them is for those whose browser cannot show them."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TELLING = frozenset(("itemprop", "role", "style", "hidden", "aria-hidden"))
MENUS = frozenset(("nav", "footer"))
_OF_ARTICLES = ("p", "h1", "article", "time", "figure", "main")
TAG_FLAGS = {
    "nav": NAV,
    "menu": NAV,
    "aside": ASIDE,
    "footer": FOOTER,
    "header": HEADER,
    "figure": FIGURE,
    "figcaption": CAPTION,
    "blockquote": QUOTE,
    "form": FORM,
    "ul": LIST,
    "ol": LIST,
    "dl": LIST,
    "table": TABLE,
    "article": ARTICLE,
    "address": BYLINE,
}
ROLE_FLAGS = {
    "navigation": NAV,
    "complementary": ASIDE,
    "contentinfo": FOOTER,
    "banner": HEADER,
    "search": FORM,
    "dialog": FOREIGN,
    "menu": NAV,
    "menubar": NAV,
    "article": ARTICLE,
}
PROP_FLAGS = {"articleBody": BODY, "author": BYLINE, "caption": CAPTION, "description": LEAD, "breadcrumb": CRUMBS}
MENU = 8
"""Links that make a nav or footer without text a menu, which is left out: a sixth of the elements of a page."""


def is_menu(element: HtmlElement, flags: int) -> bool:
    """Whether a nav or footer has links only, and too many for a trail or for an article's own topics."""
    if flags & ARTICLE or next(element.iter(*_OF_ARTICLES), None) is not None:
        return False
    links = list(islice(element.iter("a"), MENU))
    return len(links) == MENU and not any("tag" in (link.get("rel") or "") for link in links)


def inherited(outer: int, own: int) -> int:
    """The bits inside an element: between "this is the body" and "this is something else" the inner one decides."""
    if own & BODY:
        return outer & ~APART | own
    if own & APART:
        return outer & ~BODY | own
    return outer | own
