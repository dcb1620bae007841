"""The one pass over the tree: every element is touched once, and what it is for is noted."""

from __future__ import annotations

from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.hints import hinted
from crawler.extraction.outline import (
    APART,
    ARTICLE,
    ASIDE,
    BODY,
    BYLINE,
    CAPTION,
    CREDIT,
    CRUMBS,
    FIGURE,
    FOOTER,
    FOREIGN,
    FORM,
    HEADER,
    HIDDEN,
    LEAD,
    LIST,
    NAV,
    QUOTE,
    TABLE,
    TIME,
    Box,
    Line,
    Outline,
)
from crawler.normalisation.text import clean

MAX_LEVEL = 240
MAX_TEXT = 4_000_000
"""Characters of text that are kept."""

_BOXES = frozenset(
    "html body div section article main aside header footer nav form fieldset table tbody thead tfoot tr ul ol dl figure"
    " blockquote details center td th menu hgroup dialog address".split()
)
_LEAVES = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd figcaption caption pre summary legend".split())
_SKIPPED = frozenset(
    "style svg template select option input textarea object embed canvas math audio map area button datalist".split()
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD = frozenset(("b", "strong"))
_TAG_FLAGS = {
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
_ROLE_FLAGS = {
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
_PROP_FLAGS = {"articleBody": BODY, "author": BYLINE, "caption": CAPTION, "description": LEAD, "breadcrumb": CRUMBS}


class Walk:
    """State of the pass. ``walked`` is the way in."""

    def __init__(self, root: HtmlElement) -> None:
        self.outline = Outline(Box(root, "html", None, 0, 0, 0))
        self.order = 0
        self._buffer: list[str] = []
        self._linked = 0
        self._bold = 0
        self._anchors: list[HtmlElement] = []
        self._in_link = 0
        self._in_bold = 0

    # The two below are the hot path: attribute look-ups and calls are kept to what is needed.
    def box(self, element: HtmlElement, box: Box, tag: str, flags: int, level: int) -> None:
        """Everything inside a block element whose children may be blocks."""
        if level > MAX_LEVEL:
            self.outline.too_deep = True
            return
        text = element.text
        if text:
            self.say(text)
        for child in element:
            name = child.tag
            if name in _BOXES:
                self._enter(child, name, box, tag, flags, level)
            else:
                self.other(child, name, box, tag, flags, level, element)
            tail = child.tail
            if tail:
                self.say(tail)
        if self._buffer:
            self.flush(box, tag, flags, element)

    def other(
        self, child: HtmlElement, name: Any, box: Box, tag: str, flags: int, level: int, holder: HtmlElement
    ) -> None:
        """An element that is no box: a leaf block, an inline element, or something to note."""
        if name in _LEAVES:
            self._flush_if_any(box, tag, flags, holder)
            self.leaf(child, name, box, flags, level)
        elif name == "br":
            self.line_break(box, tag, flags, holder)
        elif name == "a":
            self.anchor(child, box, tag, flags, level, holder)
        elif name == "img":
            self.outline.pictures.append((self.tick(), child, flags))
        elif name in ("span", "b", "strong", "em", "i", "font", "u", "time", "cite", "small", "mark"):
            self.inline(child, name, box, tag, flags, level, holder)
        elif name == "script":
            self.outline.scripts.append((child.get("type") or "", child.get("id") or "", child.text or ""))
        elif name in ("iframe", "video", "amp-iframe", "amp-youtube"):
            self.outline.videos.append((self.tick(), child))
        elif name == "hr":
            self._flush_if_any(box, tag, flags, holder)
        elif name in ("meta", "link", "title", "head", "noscript"):
            self.head(child, name, box, tag, flags, level)
        elif isinstance(name, str) and name not in _SKIPPED:
            self.inline(child, name, box, tag, flags, level, holder)

    def _enter(self, child: HtmlElement, name: str, box: Box, tag: str, flags: int, level: int) -> None:
        self._flush_if_any(box, tag, flags, box.element)
        inner = flags | _TAG_FLAGS.get(name, 0)
        if child.attrib:
            inner = inherited(inner, self.attributes(child, inner))
        self.order += 1
        new = Box(child, name, box, inner, self.order, level)
        box.children.append(new)
        saved, self._in_link, self._in_bold = (self._in_link, self._in_bold), self._in_link, 0
        self.box(child, new, name, inner, level + 1)
        self._in_link, self._in_bold = saved
        if name == "figure":
            self.outline.figures.append(child)

    def leaf(self, element: HtmlElement, tag: str, box: Box, flags: int, level: int) -> None:
        """A paragraph, heading or list item: a line of its own, or a box where it holds blocks."""
        flags |= _TAG_FLAGS.get(tag, 0)
        if element.attrib:
            flags = inherited(flags, self.attributes(element, flags))
        if tag in ("li", "dd"):
            self.order += 1
            box.children.append(inner := Box(element, tag, box, flags, self.order, level))
            box = inner
        self.box(element, box, tag, flags, level + 1)
        if tag == "figcaption":
            self.outline.captions.append((self.order, element, flags))

    def anchor(self, element: HtmlElement, box: Box, tag: str, flags: int, level: int, holder: HtmlElement) -> None:
        rel = element.get("rel")
        if rel:
            self._relation(rel, element, flags)
        elif element.get("itemprop"):
            self.attributes(element, flags)
        self._anchors.append(element)
        self._in_link += 1
        self._inside(element, box, tag, flags, level, holder)
        self._in_link -= 1

    def _relation(self, rel: str, element: HtmlElement, flags: int) -> None:
        words = rel.lower().split()
        if "author" in words:
            self.outline.bylines.append((self.tick(), element, flags))
        elif "tag" in words:
            self.outline.tags.append(element)
        elif "next" in words or "prev" in words:
            self.outline.rels.append((rel.lower(), element))

    def inline(
        self, element: HtmlElement, name: str, box: Box, tag: str, flags: int, level: int, holder: HtmlElement
    ) -> None:
        if element.attrib:
            own = self.attributes(element, flags)
            if own & HIDDEN and not (flags | own) & BODY:
                return
            if name == "time":
                self.outline.times.append((self.tick(), element, flags | own))
        bold = name in _BOLD
        self._in_bold += bold
        self._inside(element, box, tag, flags, level, holder)
        self._in_bold -= bold

    def _inside(self, element: HtmlElement, box: Box, tag: str, flags: int, level: int, holder: HtmlElement) -> None:
        """An inline element's text goes into the running line; blocks inside it end that line."""
        if level > MAX_LEVEL:
            self.outline.too_deep = True
            return
        text = element.text
        if text:
            self.say(text)
        for child in element:
            name = child.tag
            if name in _BOXES:
                self._enter(child, name, box, tag, flags, level + 1)
            else:
                self.other(child, name, box, tag, flags, level + 1, holder)
            tail = child.tail
            if tail:
                self.say(tail)

    def head(self, child: HtmlElement, name: str, box: Box, tag: str, flags: int, level: int) -> None:
        if name == "meta":
            self._meta(child)
        elif name == "link":
            if rel := child.get("rel"):
                self.outline.rels.append((rel.lower(), child))
        elif name == "title":
            if self.outline.title is None:
                self.outline.title = clean(child.text_content())
        elif name == "head":
            self.box(child, box, tag, flags, level + 1)
            self._buffer.clear()
        # What noscript holds is a second copy for those without scripts: images, trackers.

    def _meta(self, element: HtmlElement) -> None:
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if (name := element.get(attribute)) and content:
                self.outline.metas.append((name.strip().lower(), content))

    def attributes(self, element: HtmlElement, flags: int) -> int:
        """The bits an element's own attributes add; what they declare is noted on the way."""
        get = element.get
        names, identity, prop, role = get("class"), get("id"), get("itemprop"), get("role")
        own = 0
        if names:
            for name in names.split():
                own |= hinted(name)
        if identity:
            own |= hinted(identity)
        if role:
            own |= _ROLE_FLAGS.get(role, 0)
        if prop:
            self.outline.props.append((prop, element, self.tick()))
            own |= _PROP_FLAGS.get(prop, 0)
        if own & (BYLINE | CRUMBS | CAPTION | CREDIT | TIME):
            self._note(element, own, flags)
        style = get("style")
        if style and "none" in style and "display:none" in style.replace(" ", ""):
            own |= HIDDEN
        if get("hidden") is not None or get("aria-hidden") == "true":
            own |= HIDDEN
        return own & ~CRUMBS | (NAV if own & CRUMBS else 0)

    def _note(self, element: HtmlElement, own: int, flags: int) -> None:
        outline = self.outline
        if own & CRUMBS:
            outline.crumbs.append(element)
        if own & BYLINE:
            outline.bylines.append((self.tick(), element, flags))
        if own & (CAPTION | CREDIT):
            outline.captions.append((self.tick(), element, flags | own))
        if own & TIME:
            outline.times.append((self.tick(), element, flags | own))

    def tick(self) -> int:
        self.order += 1
        return self.order

    def say(self, text: str) -> None:
        """Text goes into the running line."""
        self._buffer.append(text)
        if self._in_link or self._in_bold:
            length = len(text.strip())
            if self._in_link:
                self._linked += length
            if self._in_bold:
                self._bold += length

    def line_break(self, box: Box, tag: str, flags: int, holder: HtmlElement) -> None:
        """One break is a space; two in a row end the paragraph."""
        buffer = self._buffer
        at = len(buffer) - 1
        while at >= 0 and buffer[at].isspace() and buffer[at] != "\n\n":
            at -= 1
        if at >= 0 and buffer[at] == "\n\n":
            self.flush(box, tag, flags, holder)
        elif buffer:
            buffer.append("\n\n")

    def _flush_if_any(self, box: Box, tag: str, flags: int, element: HtmlElement) -> None:
        if self._buffer:
            self.flush(box, tag, flags, element)

    def flush(self, box: Box, tag: str, flags: int, element: HtmlElement) -> None:
        """Ends the running line."""
        text = clean("".join(self._buffer))
        self._buffer.clear()
        if text:
            self.order += 1
            line = Line(text, tag, box, flags, self.order, self._linked, self._bold, element, self._anchors)
            box.children.append(line)
            self.outline.lines.append(line)
            self.outline.size += len(text)
            if tag in _HEADINGS:
                self.outline.headings.append(line)
        if self._anchors:
            self._anchors = []
        self._linked = self._bold = 0


def inherited(outer: int, own: int) -> int:
    """The bits inside an element: between "this is the body" and "this is something else" the inner one decides."""
    if own & BODY:
        return outer & ~APART | own
    if own & APART:
        return outer & ~BODY | own
    return outer | own


def walked(root: HtmlElement) -> Outline:
    """The outline of a page."""
    walk = Walk(root)
    walk.box(root, walk.outline.root, "html", 0, 1)
    return walk.outline
