"""The one pass over the tree: every element is touched once, and what it is for is noted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.elements import (
    BOXES,
    HEADINGS,
    LEAVES,
    MENUS,
    PLAYERS,
    PROP_FLAGS,
    ROLE_FLAGS,
    SKIPPED,
    TAG_FLAGS,
    TELLING,
    inherited,
    is_menu,
)
from crawler.extraction.hints import hinted
from crawler.extraction.outline import (
    BODY,
    BYLINE,
    CAPTION,
    CREDIT,
    CRUMBS,
    EMBED,
    FIGURE,
    FOREIGN,
    HIDDEN,
    NAV,
    TIME,
    Box,
    Line,
    Outline,
    Picture,
)
from crawler.normalisation.text import clean

RUNNING = 60
"""Characters from which on a line is running text, if it is not a link."""
MAX_LEVEL = 240
"""Of elements inside each other; what is deeper is left out, and the page marked."""
MAX_TITLE = 2000
"""Characters of a page's title: each heading is looked for in it."""


class Walk:
    """State of the pass. ``walked`` is the way in.

    A method for each kind of element takes the element, its tag and its level; the hot path, so attribute look-ups
    and calls are kept to what is needed.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.outline = Outline([Box(root, "html", None, 0, 0)])
        self.order = 0
        self._at: tuple[Box, str, int, HtmlElement] = (self.outline.boxes[0], "html", 0, root)
        """The block that the running line stands in: its box, tag, flags and element."""
        self._buffer: list[str] = []
        self._linked = 0
        self._bold = 0
        self._anchors: list[HtmlElement] = []
        self._link: HtmlElement | None = None
        self._in_bold = 0
        self._captioned = 0
        self._caption_flags = 0

    def inside(self, element: HtmlElement, level: int) -> None:
        """Text and children of an element."""
        if level > MAX_LEVEL:
            self.outline.too_deep = True
            return
        text = element.text
        if text and (self._buffer or not text.isspace()):
            self.say(text)
        level += 1
        for child in element:
            tag = child.tag
            _HANDLERS.get(tag, _UNKNOWN)(self, child, tag, level)  # type: ignore[arg-type]  # a str in HTML
            tail = child.tail
            if tail and (self._buffer or not tail.isspace()):
                self.say(tail)

    def block(self, element: HtmlElement, tag: str, level: int) -> None:
        """An element whose children may be blocks: a box, and of its own lines the one that runs between them."""
        if self._buffer or self._anchors:
            self.end_line()
        flags = self._flags_of(element, tag)
        self.order += 1
        outer, bold = self._at, self._in_bold
        box = Box(element, tag, outer[0], flags, self.order)
        self.outline.boxes.append(box)
        # A box in a heading is one for its looks.
        self._at, self._in_bold = (box, outer[1] if outer[1] in HEADINGS else tag, flags, element), 0
        if tag not in MENUS or not is_menu(element, flags):
            self.inside(element, level)
        if self._buffer or self._anchors:
            self.end_line()
        self._at, self._in_bold = outer, bold
        box.end = self.order

    def leaf(self, element: HtmlElement, tag: str, level: int) -> None:
        """A paragraph or heading: a line of its own, several where it holds blocks."""
        if self._buffer or self._anchors:
            self.end_line()
        outer = self._at
        flags = self._flags_of(element, tag)
        if tag in HEADINGS and (flags ^ outer[2]) & (NAV | FOREIGN):
            flags &= ~(NAV | FOREIGN) | outer[2]  # it is called after what it leads to or stands over
        self._at = (outer[0], tag, flags, element)
        self.inside(element, level)
        if self._buffer or self._anchors:
            self.end_line()
        self._at = outer

    def _flags_of(self, element: HtmlElement, tag: str) -> int:
        flags = self._at[2] | TAG_FLAGS.get(tag, 0)
        attributes = element.items()
        if not attributes:
            return flags
        own = self.attributes(element, attributes, flags)
        return inherited(flags, own) if own else flags

    def anchor(self, element: HtmlElement, tag: str, level: int) -> None:
        rel = element.get("rel")
        if rel:
            self._relation(rel, element)
        elif element.get("itemprop"):
            self.attributes(element, element.items(), self._at[2])
        self._anchors.append(element)
        outer, self._link = self._link, element
        self.inside(element, level)
        self._link = outer

    def _relation(self, rel: str, element: HtmlElement) -> None:
        words = rel.lower().split()
        if "author" in words:
            self.outline.bylines.append((self.tick(), element, self._at[2]))
        elif "tag" in words:
            self.outline.tags.append(element)
        elif "next" in words or "prev" in words:
            self.outline.rels.append((rel.lower(), element))

    def inline(self, element: HtmlElement, tag: str, level: int) -> None:
        """What stands in the running line; unknown elements too."""
        attributes = element.items()
        if attributes:
            flags = self._at[2]
            own = self.attributes(element, attributes, flags)
            if own & HIDDEN and not (flags | own) & BODY:
                return
            if own & (CAPTION | CREDIT):
                self._caption(element, own & (CAPTION | CREDIT), level)
                return
            if tag == "time":
                self.outline.times.append((self.tick(), element, flags | own))
        self.inside(element, level)

    def _caption(self, element: HtmlElement, own: int, level: int) -> None:
        """What is called a caption in the running line: where it is most of it, the line is one."""
        before = len(self._buffer)
        self.inside(element, level)
        self._captioned += sum(map(len, self._buffer[before:]))
        self._caption_flags |= own

    def bold(self, element: HtmlElement, tag: str, level: int) -> None:
        self._in_bold += 1
        self.inline(element, tag, level)
        self._in_bold -= 1

    def picture(self, element: HtmlElement, tag: str, level: int) -> None:
        box, held_by, flags, holder = self._at
        leaf = holder if held_by in LEAVES else None
        self.outline.pictures.append(Picture(element, self.tick(), flags, box, leaf))

    def video(self, element: HtmlElement, tag: str, level: int) -> None:
        self.outline.videos.append((self.tick(), element))

    def script(self, element: HtmlElement, tag: str, level: int) -> None:
        self.outline.scripts.append((element.get("type") or "", element.get("id") or "", element.text or ""))

    def skip(self, element: HtmlElement, tag: str, level: int) -> None:
        """What readers do not see."""

    def noscript(self, element: HtmlElement, tag: str, level: int) -> None:
        """A second copy for those without scripts: of an image it may be the only one that names its address."""
        inner = next(element.iter("img"), None)
        parent = element.getparent()
        if inner is None or parent is None or parent.tag in ("body", "head"):
            return
        if sum(1 for _ in islice(parent.iter("img"), 2)) == 1:
            self.picture(inner, "img", level)

    def button(self, element: HtmlElement, tag: str, level: int) -> None:
        """Left out, unless it shows an image with its caption in large."""
        if next(element.iter("img"), None) is not None:
            self.inline(element, tag, level)

    def rule(self, element: HtmlElement, tag: str, level: int) -> None:
        self.end_line()

    def head(self, element: HtmlElement, tag: str, level: int) -> None:
        self.inside(element, level)
        self._buffer.clear()

    def title(self, element: HtmlElement, tag: str, level: int) -> None:
        if self.outline.title is None:
            self.outline.title = clean(element.text_content()[:MAX_TITLE])

    def relation(self, element: HtmlElement, tag: str, level: int) -> None:
        if rel := element.get("rel"):
            self.outline.rels.append((rel.lower(), element))

    def meta(self, element: HtmlElement, tag: str, level: int) -> None:
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := element.get(attribute)):
                self.outline.metas.append((name.strip().lower(), content))

    def attributes(self, element: HtmlElement, attributes: list[tuple[str, str]], flags: int) -> int:
        """The bits an element's own attributes add; what they declare is noted on the way."""
        own = 0
        for name, value in attributes:
            if name in ("class", "id"):
                own |= hinted(value)
            elif name in TELLING:
                own |= self._told(element, name, value, flags)
        if own & (BYLINE | CRUMBS | TIME | EMBED):
            self._note(element, own, flags)
            if own & CRUMBS:
                own = own & ~CRUMBS | NAV
        return own

    def _told(self, element: HtmlElement, name: str, value: str, flags: int) -> int:
        if name == "role":
            return ROLE_FLAGS.get(value, 0)
        if name == "itemprop":
            self.outline.props.append((value, element, flags))
            return PROP_FLAGS.get(value, 0)
        if name == "style":
            hides = "none" in value and "display:none" in value.replace(" ", "")
        else:
            # A caption that repeats the image's alternative text is often hidden from screen readers only.
            hides = name == "hidden" or (value == "true" and not flags & FIGURE)
        return HIDDEN if hides else 0

    def _note(self, element: HtmlElement, own: int, flags: int) -> None:
        outline = self.outline
        if own & EMBED:
            outline.videos.append((self.order, element))
        if own & CRUMBS:
            outline.crumbs.append(element)
        if own & BYLINE:
            outline.bylines.append((self.tick(), element, flags | own))
        if own & TIME:
            outline.times.append((self.tick(), element, flags | own))

    def tick(self) -> int:
        self.order += 1
        return self.order

    def say(self, text: str) -> None:
        """Text goes into the running line, which begins with more than space: callers see to that."""
        self._buffer.append(text)
        if self._link is not None:
            self._linked += len(text.strip())
        if self._in_bold:
            self._bold += len(text.strip())

    def line_break(self, element: HtmlElement, tag: str, level: int) -> None:
        """One break is a space; two in a row end the paragraph."""
        buffer = self._buffer
        at = len(buffer) - 1
        while at >= 0 and buffer[at].isspace() and buffer[at] != "\n\n":
            at -= 1
        if at >= 0 and buffer[at] == "\n\n":
            self.end_line()
        elif buffer:
            buffer.append("\n\n")

    def end_line(self) -> None:
        """Ends the running line: what comes next is another block."""
        if self._buffer:
            self._flush()
            self._buffer.clear()
            self._linked = self._bold = 0
        if self._anchors:
            self._anchors = [] if self._link is None else [self._link]

    def _flush(self) -> None:
        text = clean("".join(self._buffer))
        if not text:
            return
        self.order += 1
        box, tag, flags, element = self._at
        if self._captioned:
            if self._captioned > 0.7 * len(text):
                flags |= self._caption_flags
            self._captioned = self._caption_flags = 0
        length = len(text)
        running = float(length) if length > RUNNING and self._linked < 0.5 * length else 0.0
        line = Line(text, tag, box, flags, self.order, self._linked, self._bold, element, list(self._anchors), running)
        self.outline.lines.append(line)
        self.outline.size += length
        if tag in HEADINGS:
            self.outline.headings.append(line)


_HANDLERS: dict[str, Callable[[Walk, HtmlElement, str, int], None]] = {
    **dict.fromkeys(BOXES, Walk.block),
    **dict.fromkeys(LEAVES, Walk.leaf),
    **dict.fromkeys(("b", "strong"), Walk.bold),
    **dict.fromkeys(PLAYERS, Walk.video),
    **dict.fromkeys(SKIPPED, Walk.skip),
    "a": Walk.anchor,
    "br": Walk.line_break,
    "hr": Walk.rule,
    "img": Walk.picture,
    "amp-img": Walk.picture,
    "noscript": Walk.noscript,
    "button": Walk.button,
    "script": Walk.script,
    "head": Walk.head,
    "title": Walk.title,
    "link": Walk.relation,
    "meta": Walk.meta,
}
_UNKNOWN = Walk.inline


def walked(root: HtmlElement) -> Outline:
    """The outline of a page."""
    walk = Walk(root)
    walk.inside(root, 1)
    walk.end_line()
    walk.outline.boxes[0].end = walk.order
    return walk.outline
