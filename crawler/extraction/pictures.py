"""Which lines of a page are captions: what stands with an image, by its markup, else by its place alone."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from crawler.extraction.credits import caption_and_credit
from crawler.extraction.elements import HEADINGS
from crawler.extraction.outline import (
    BUTTON,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    FIGURE,
    FOOTER,
    NAV,
    TIME,
    Box,
    Line,
    Outline,
    Picture,
)

LEVELS = 6
"""Of boxes round an image that are looked at."""
LONGEST = 1500
"""Characters of all that stands with an image; more is text that images stand in."""
MOST_SIZES = 40
"""In which one image may stand in a box; so many are several images."""
MOST_LINES = 40
"""That may be the caption of all images of a figure together."""
NEAR = 6
"""Elements between an image and a caption after its figure."""
PLAIN = 220
"""Characters of a caption that no markup calls one."""
SHORT = 140
"""Characters of a line below an image that is neither a paragraph nor a link."""
_NEVER = NAV | FOOTER | COMMENT
_LONGEST_BYLINE = 120
_ENDS = frozenset(("html", "body", "main", "article", "table", "tr"))
_ICON = re.compile(
    r"(?:pixel|spacer|blank|1x1|logo|icon|avatar|sprite|placeholder|zoom|emoji)[\w.-]*(?:\?|$)|\.svg(?:\?|$)"
)
"""For the end of an address in lower case: without re.I a search takes a third of the time."""
_SMALL = frozenset(map(str, range(50)))
_OF_THE_PAGE = re.compile(
    r"[\d:\s]+|(?:foto|bilder)strecke\b.{0,20}|(?:bild )?vergrößern|view (?:\d+|all|the)? ?(?:images?|gallery|photos?)|open image.{0,20}|"
    r"(?:click|tap) to .{0,20}|enlarge(?: image)?|zoom.{0,15}|expand.{0,12}|full ?screen|helskärm|vollbild|camera icon|image \d+ of \d+|"
    r"\d+ ?/ ?\d+|ampliar.{0,12}|agrandir.{0,12}|拡大.{0,6}|사진 확대|watch.{0,12}|play(?: video)?|advertisement|loading.{0,5}",
    re.I,
)
"""What buttons over images say."""
_BY = re.compile(r"^(?:by|von|par|por|di|door|af|av|text)\s+\w", re.I)


def is_icon(picture: Picture) -> bool:
    """Whether an image is a part of the page's own look."""
    element = picture.element
    if element.get("width") in _SMALL and element.get("height") in _SMALL and not picture.flags & FIGURE:
        return True
    source = element.get("data-src") or element.get("src") or ""
    return source[:5] != "data:" and _ICON.search(source[-60:].lower()) is not None


def captioned(outline: Outline) -> None:
    """Gives every image its captions, and marks their lines: they are none of the body."""
    outline.pictures = [picture for picture in outline.pictures if not is_icon(picture)]
    orders = [picture.order for picture in outline.pictures]
    places = [line.order for line in outline.lines]
    for at, picture in enumerate(outline.pictures):
        if picture.flags & _NEVER:
            continue
        following = orders[at + 1] if at + 1 < len(orders) else outline.boxes[0].end
        for line in _captions(picture, following, outline, orders, places):
            line.flags |= CAPTION
            picture.captions.append(line)
    _give_orphans(outline, orders)


def _give_orphans(outline: Outline, orders: list[int]) -> None:
    """Captions that stand beside the figure, not in it, belong to the image right before them."""
    given = {line for picture in outline.pictures for line in picture.captions}
    for line in outline.lines:
        if line.tag != "figcaption" or line in given:
            continue
        at = bisect_left(orders, line.order) - 1
        if at < 0:
            continue
        picture = outline.pictures[at]
        if not picture.captions and line.order - picture.order <= NEAR:
            picture.captions.append(line)


def _captions(picture: Picture, following: int, outline: Outline, orders: list[int], places: list[int]) -> list[Line]:
    if found := _in_leaf(picture, outline, places):
        return found
    for box in _boxes_round(picture.box):
        start, end = bisect_left(places, box.order), bisect_right(places, box.end)
        first, last = bisect_left(orders, box.order), bisect_right(orders, box.end)
        if box.tag == "figure":
            picture.figure = True
            if last - first > 1:
                own = bisect_right(places, picture.order), min(bisect_left(places, following), end)
                start, end = own if own[0] < own[1] else (start, min(end, start + MOST_LINES))
        elif last - first > MOST_SIZES or _are_several(outline.pictures[first:last]):
            return []
        lines = outline.lines[start:end]
        if box.tag != "figure" and sum(len(line.text) for line in lines) > LONGEST:
            return []
        if lines and (found := _told(lines, picture, box)):
            return found
        if any(line.tag in HEADINGS for line in lines):
            return []
    return []


def _in_leaf(picture: Picture, outline: Outline, places: list[int]) -> list[Line]:
    """The line of the paragraph that an image stands in, if it is its caption."""
    if picture.leaf is None:
        return []
    at = bisect_left(places, picture.order)
    lines = [line for line in outline.lines[at : at + 2] if line.element is picture.leaf]
    return [line for line in lines if line.flags & CAPTION or (len(line.text) <= PLAIN and _names_a_source(line))]


def _boxes_round(box: Box | None) -> Iterator[Box]:
    for _ in range(LEVELS):
        if box is None or box.tag in _ENDS:
            return
        yield box
        box = box.parent


def _are_several(pictures: list[Picture]) -> bool:
    """Whether these are different images, rather than one in several sizes."""
    shown = {picture.element.get("src") or picture.element.get("data-src") for picture in pictures}
    return len(shown) > 1


def _told(lines: list[Line], picture: Picture, box: Box) -> list[Line]:
    """Of the lines with an image, those that its markup calls captions; all in a figure; else a short one below it."""
    usable = [line for line in lines if not line.flags & (BUTTON | NAV) and not _OF_THE_PAGE.fullmatch(line.text)]
    if any(_BY.match(line.text) and len(line.text) < _LONGEST_BYLINE for line in usable[:1]):
        picture.flags |= BYLINE
        return []
    if marked := [line for line in usable if line.flags & (CAPTION | CREDIT)]:
        return marked if any(line.flags & CAPTION for line in marked) else _up_to(marked[-1], usable, picture)
    if box.tag == "figure":
        below = [line for line in usable if line.order > picture.order and line.tag not in HEADINGS]
        return [line for line in below if line.linked < 0.6 * len(line.text)]
    return usable if _are_plain(usable, picture, box) else []


def _up_to(credit: Line, lines: list[Line], picture: Picture) -> list[Line]:
    """A credit, and the short lines between it and the image above it."""
    between = [line for line in lines if picture.order < line.order <= credit.order and line.tag not in HEADINGS]
    return between if sum(len(line.text) for line in between) <= 2 * PLAIN else [credit]


def _are_plain(lines: list[Line], picture: Picture, box: Box) -> bool:
    """Whether lines without markup are a caption: short, below the image, no links, in a box between paragraphs."""
    if not 0 < len(lines) <= 2 or sum(len(line.text) for line in lines) > len(lines) * PLAIN:
        return False
    if any(line.tag in HEADINGS or line.linked > 0.4 * len(line.text) or line.order < picture.order for line in lines):
        return False
    if any(line.flags & (BYLINE | TIME) for line in lines):
        return False
    if len(lines) == 1 and lines[0].tag not in ("p", "li") and len(lines[0].text) < SHORT and not lines[0].linked:
        return True
    return picture.figure or bool(picture.flags & FIGURE) or _names_a_source(lines[-1])


def _names_a_source(line: Line) -> bool:
    return caption_and_credit(line.text)[1] is not None
