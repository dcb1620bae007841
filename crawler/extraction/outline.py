"""A page as its reader sees it: boxes and lines in reading order, from one pass over the tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

# What surrounds a line, as bits: inherited from every box it stands in.
(
    NAV,
    ASIDE,
    FOOTER,
    HEADER,
    FIGURE,
    CAPTION,
    QUOTE,
    FORM,
    HIDDEN,
    LIST,
    TABLE,
    ARTICLE,
    BODY,
    FOREIGN,
    BYLINE,
    COMMENT,
) = (1 << bit for bit in range(16))
CREDIT, LEAD, EMBED, TIME, BUTTON, CRUMBS, KICKER = (1 << bit for bit in range(16, 23))
APART = FOREIGN | COMMENT
"""What is not the article's, wherever it stands."""


@dataclass(slots=True, eq=False)
class Box:
    """A block element that holds lines and other boxes."""

    element: HtmlElement
    tag: str
    parent: Box | None
    flags: int
    order: int
    end: int = 0
    """Order of the last thing in it."""
    value: float = 0.0
    """What the body would gain by it: set by the choice of the body."""


@dataclass(slots=True, eq=False)
class Line:
    """A run of text that the page shows as one block."""

    text: str
    tag: str
    """Of the block element it stands in; for a run between boxes, of the box."""
    box: Box
    flags: int
    order: int
    linked: int
    """Characters inside links."""
    bold: int
    """Characters in bold."""
    element: HtmlElement
    anchors: list[HtmlElement]
    running: float
    """Characters, if it is running text; else none."""
    value: float = 0.0


@dataclass(slots=True, eq=False)
class Picture:
    """An image of the page, and what stands with it."""

    element: HtmlElement
    order: int
    flags: int
    box: Box
    leaf: HtmlElement | None
    """The paragraph it stands in, if it stands in one."""
    figure: bool = False
    captions: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """Everything one pass finds."""

    boxes: list[Box]
    """The root first, each before what it holds. Boxes know what holds them and not what they hold: without cycles
    a page is gone when its article is made, and the garbage collector has nothing to find."""
    lines: list[Line] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    """(name, property or itemprop in lower case; content), in the page's order."""
    rels: list[tuple[str, HtmlElement]] = field(default_factory=list)
    title: str | None = None
    scripts: list[tuple[str, str, str]] = field(default_factory=list)
    """(type, id, text)."""
    headings: list[Line] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    videos: list[tuple[int, HtmlElement]] = field(default_factory=list)
    times: list[tuple[int, HtmlElement, int]] = field(default_factory=list)
    props: list[tuple[str, HtmlElement, int]] = field(default_factory=list)
    """(itemprop, element, flags)."""
    bylines: list[tuple[int, HtmlElement, int]] = field(default_factory=list)
    crumbs: list[HtmlElement] = field(default_factory=list)
    tags: list[HtmlElement] = field(default_factory=list)
    """rel=tag links."""
    too_deep: bool = False
    size: int = 0
