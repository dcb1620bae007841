"""Which box of a page holds the article: what each line is worth, and the way down to where most of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crawler.extraction.elements import HEADINGS
from crawler.extraction.outline import (
    APART,
    ARTICLE,
    ASIDE,
    BODY,
    BUTTON,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    FOOTER,
    FOREIGN,
    FORM,
    HEADER,
    HIDDEN,
    NAV,
    TIME,
    Box,
    Line,
    Outline,
)
from crawler.normalisation.text import ends_sentence, weight

NEVER = HIDDEN | NAV | FOOTER | CAPTION
PARDONABLE = NAV | ASIDE | FOOTER | HEADER | FORM | HIDDEN | FOREIGN | BUTTON | TIME | BYLINE | CREDIT | CAPTION
PARDONED_FROM = 0.5
"""Of the page's running text: a box that holds more is no box beside the article."""
WITH_HEADLINE = 0.3
"""Of the best box's value: from there on the one that holds the headline is the article's."""
LEAST = 300.0
"""Characters, or what is worth as many: with less than this beside the headline the best box is the article's."""
PLACEHOLDER = 3
"""Times that a line stands in a body which is no text."""
_ASKS = "ookie"
"""Of "Cookie" and "cookies", in every language: texts that ask for consent may be longer than the article."""
LIKE = 0.1
"""Of the best box's value: from there on boxes that look like it hold parts of the article too."""
_LISTS = frozenset(("ul", "ol", "dl", "li", "dd", "table", "tbody", "thead", "tfoot", "tr", "td", "th"))
_ENTRIES = frozenset(("li", "dd", "dt", "td", "th", "pre"))


def pardon(outline: Outline) -> None:
    """Takes back what class names say of a box that holds most of the page's text: "read-more" may wrap it all."""
    told = dict.fromkeys(outline.boxes, 0.0)
    for line in outline.lines:
        told[line.box] += line.running
    least = PARDONED_FROM * sum(told.values())
    if not least:
        return
    for box in reversed(outline.boxes):  # what a box holds comes before it
        running = told[box]
        if not running:
            continue
        if box.parent is not None:
            told[box.parent] += running
        own = box.flags & ~(box.parent.flags if box.parent else 0) & PARDONABLE
        if own and running >= least:
            _take_back(outline, box, own)


def pardon_comments(outline: Outline, headline: Line | None) -> None:
    """Comments may well be most of the text: they are pardoned only round the headline."""
    anchor = headline or next((line for line in outline.headings if line.tag == "h1"), None)
    for box in _boxes_round(anchor):
        if box.flags & COMMENT and not (box.parent and box.parent.flags & COMMENT):
            _take_back(outline, box, COMMENT)


def _take_back(outline: Outline, box: Box, flags: int) -> None:
    for inner in outline.boxes:
        if box.order <= inner.order <= box.end:
            inner.flags &= ~flags
    for line in outline.lines:
        if box.order <= line.order <= box.end:
            line.flags &= ~flags
    for picture in outline.pictures:
        if box.order <= picture.order <= box.end:
            picture.flags &= ~flags


def _boxes_round(line: Line | None) -> list[Box]:
    found: list[Box] = []
    box = line.box if line is not None else None
    while box is not None:
        found.append(box)
        box = box.parent
    return found


def container(outline: Outline, headline: Line | None) -> Box:
    """The box that holds the body: the way down from the root, by value, or to the headline where enough is there."""
    loose = dict.fromkeys(outline.boxes, 0.0)
    for box in outline.boxes:
        box.value = 0.0
    prose = _prose(outline)
    for line in outline.lines:
        line.value = line_value(line, prose)
        line.box.value += line.value
        loose[line.box] += max(line.value, 0.0)
    inner: dict[Box, list[Box]] = {}
    for box in reversed(outline.boxes):  # what a box holds comes before it
        if box.value > 0 and box.parent is not None:
            box.parent.value += box.value
            inner.setdefault(box.parent, []).append(box)
    round_headline = set(_boxes_round(headline))
    box, heir = outline.boxes[0], _heir(inner.get(outline.boxes[0], []), loose[outline.boxes[0]], round_headline)
    while heir is not None:
        box, heir = heir, _heir(inner.get(heir, []), loose[heir], round_headline)
    return box


def _heir(inner: list[Box], loose: float, round_headline: set[Box]) -> Box | None:
    """Of the boxes in a box, last first, the one that holds nearly all; or the headline, and a good part of it.

    ``loose`` is the value of the lines between them.
    """
    best = max(reversed(inner), key=lambda box: box.value, default=None)
    if best is None:
        return None
    titled = next((box for box in inner if box in round_headline), None)
    if titled is not None and titled is not best and _may_hold_body(titled, best):
        return None if _goes_on_beside(titled, inner) else titled
    rest = loose + sum(box.value for box in inner if box is not best)
    if best.value <= 2.2 * rest or (titled is None and _has_its_like(best, inner)):
        return None
    return best


def _may_hold_body(titled: Box, best: Box) -> bool:
    """Whether the box with the headline has enough beside it; a stand-first above the body is not enough."""
    return not titled.flags & HEADER and titled.value > max(LEAST, WITH_HEADLINE * best.value)


def _goes_on_beside(titled: Box, inner: list[Box]) -> bool:
    """Whether the text runs on in boxes like the one with the headline, each a part of it."""
    like = [box for box in inner if box is not titled and look(box) == look(titled) and box.order > titled.order]
    return sum(box.value for box in like) > titled.value


def _has_its_like(best: Box, inner: list[Box]) -> bool:
    """Whether a good part of the text stands in boxes that look like the best one: each is a part of the article."""
    return sum(box.value for box in inner if box is not best and look(box) == look(best)) > LIKE * best.value


def look(box: Box) -> tuple[str, str]:
    """What makes two boxes alike: their element and its classes."""
    return box.tag, box.element.get("class") or ""


def lines_in(outline: Outline, container: Box) -> Iterator[Line]:
    """The lines below a box, without those in boxes that gain nothing."""
    lines = [line for line in outline.lines if container.order <= line.order <= container.end]
    headings_only = _round({line.box for line in lines if line.tag in HEADINGS}, container)
    times = Counter(line.text for line in lines)  # "Article content" may stand over each part, for screen readers
    seen = (line for line in lines if not line.flags & HIDDEN and times[line.text] < PLACEHOLDER)
    headings_only -= _round({line.box for line in seen if line.tag not in HEADINGS}, container)
    open_boxes = {container}
    for box in outline.boxes:  # what holds a box comes before it
        if box.parent in open_boxes and (box.value > 0 or box in headings_only):
            open_boxes.add(box)
    return (line for line in lines if line.box in open_boxes)


def _round(boxes: set[Box], container: Box) -> set[Box]:
    """These boxes, and those that hold them."""
    found: set[Box] = set()
    for inner in boxes:
        box: Box | None = inner
        while box is not None and box is not container and box not in found:
            found.add(box)
            box = box.parent
    return found


def _prose(outline: Outline) -> set[Box]:
    """The boxes that hold paragraphs themselves."""
    told: dict[Box, float] = {}
    for line in outline.lines:
        if line.tag == "p" and not line.flags & NEVER:
            told[line.box] = told.get(line.box, 0.0) + line.running
    return {box for box, running in told.items() if running > LEAST}


def line_value(line: Line, prose: set[Box]) -> float:
    """How much the body gains by a line, in characters; negative for what looks like something else."""
    flags = line.flags
    if flags & NEVER:
        return 0.0
    size = weight(line.text)
    length = len(line.text)
    linked = line.linked / length
    if line.tag in HEADINGS:
        return 0.0
    if linked > 0.6 and not (linked < 0.9 and size > 120):
        return -min(size, 60)
    ends = ends_sentence(line.text)
    value = size * (1.0 - linked)
    if line.tag not in ("p", "pre") and not ends:
        value *= 0.3
    if size < 80 and not ends:
        value = 5.0 if line.tag == "p" else 2.0 if _is_entry(line, prose) else -5.0
    if (flags & APART or _ASKS in line.text) and not flags & BODY:
        value *= 0.15
    elif flags & (FORM | ASIDE | BUTTON | TIME | BYLINE | CREDIT) and not flags & BODY:
        value *= 0.4
    elif flags & BODY:
        value *= 1.5
    return value


def _is_entry(line: Line, prose: set[Box]) -> bool:
    """Whether a line is an item of a list or table inside the article, rather than of a menu."""
    if line.tag not in _ENTRIES or line.linked:
        return False
    box: Box | None = line.box
    while box is not None and box.tag in _LISTS:
        box = box.parent
    return bool(line.flags & (ARTICLE | BODY)) or box in prose
