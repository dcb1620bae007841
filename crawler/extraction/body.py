"""Which lines of a page are the article's body: the container first, then what to leave out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.blocks import is_bold_heading
from crawler.extraction.boilerplate import names_hosts_only
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
    LEAD,
    NAV,
    QUOTE,
    TIME,
    Box,
    Line,
    Outline,
)
from crawler.normalisation.text import folded, weight

NEVER = HIDDEN | NAV | FOOTER | CAPTION
PARDONABLE = NAV | ASIDE | FOOTER | HEADER | FORM | HIDDEN | FOREIGN | BUTTON | TIME | BYLINE | CREDIT | CAPTION
WITH_HEADLINE = 0.35
"""Of the best box's value: from there on the one that holds the headline is the article's."""
LEAST = 300.0
"""Characters, or what is worth as many: with less than this beside the headline the best box is the article's."""
OPENING = 120
"""Characters above the body's box that make a first paragraph; a shorter stand-first is the summary only."""
AFTER = re.compile(
    r"^(?:more\b|related|read (?:more|next|also)|most (?:read|popular|viewed)|trending|popular|latest|recommended|comments?\b|"
    r"\d+ comments?|top .{0,12}comments|you (?:may|might)|also (?:on|in|read)|see also|share|follow|about the author|sponsored|"
    r"don.t miss|editor.?s.? (?:picks?|choice)|other (?:news|stories|articles)|up next|next (?:article|story|post)|newsletter|"
    r"(?:das )?könnte sie|mehr (?:zum|aus|von|news)|meist|weitere (?:artikel|meldungen|themen|nachrichten)|kommentare?\b|"
    r"lesen sie auch|auch interessant|empfohlen|neueste|zum thema|passend zum|à lire|lire aussi|sur le même|commentaires?\b|"
    r"les plus lus|dans la même|más (?:noticias|leíd|sobre)|relacionad|te puede|comentarios?\b|lo más|leggi anche|potrebbe|"
    r"correlati|commenti\b|leia (?:mais|também)|mais lidas|veja (?:mais|também)|lees (?:ook|meer)|meer (?:over|nieuws)|reacties\b|"
    r"czytaj|zobacz|polecane|komentarze|читайте|также|похожие|комментари|другие|ilgili|yorum|son haber|les (?:også|mer)|"
    r"läs (?:även|mer|också)|lue (?:myös|lisää)|関連|おすすめ|あわせて|相关|推荐|更多|評論|评论|관련|댓글|인기|مرتبط|بیشتر|نظرات|اقرأ)",
    re.I,
)
"""How the heading of what follows an article begins."""
PARDONED_FROM = 0.5
"""Of the page's running text: a box that holds more is no box beside the article."""
CAPTIONS = re.compile(
    r"^(?:(?:beitrags|titel|symbol|vorschau)?bild(?:quelle|nachweis|unterschrift)?|abbildung|abb\.?|fotos?|figure|fig\.|photos?|"
    r"image|picture|screenshot|crédits? photo|foto van|kuva|zdjęcie|fot\.|фото|写真|图)(?: ?\d+)? ?[:：©]|^(?:zum )?vergrößern\b",
    re.I,
)
"""How a line below a picture begins where no element says so."""
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:]['\"”’»)\]]*$|[。！？]")
_ENTRIES = frozenset(("li", "dd", "dt", "td", "th", "pre"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True)
class Body:
    """The lines of the article, and where in the page they stand."""

    lines: list[Line]
    box: Box
    start: int
    """Order of the first line."""
    end: int


def body_of(outline: Outline, headline: Line | None, known: frozenset[str] = frozenset()) -> Body:
    """The body of a page; ``known`` are folded texts that other fields hold, such as the headline."""
    _pardon_comments(outline, headline)
    box = container(outline, headline)
    kept: list[Line] = []
    _collect(box, kept)
    after = headline.order if headline is not None and _holds(kept, headline) else 0
    lines = [line for line in kept if line.order > after and folded(line.text) not in known]
    lines = _trimmed(lines)
    if headline is not None and lines:
        lines = _opening(outline, headline, lines[0].order, known) + lines
    return Body(lines, box, lines[0].order if lines else 0, lines[-1].order if lines else 0)


def _opening(outline: Outline, headline: Line, start: int, known: frozenset[str]) -> list[Line]:
    """What stands between the headline and the box of the body, and is long enough to be its first paragraph."""
    found = [line for line in outline.lines if headline.order < line.order < start][:8]
    return [line for line in found if _opens(line) and folded(line.text) not in known]


def _opens(line: Line) -> bool:
    flags = line.flags
    if flags & (NEVER | FORM | COMMENT | BUTTON | CREDIT | BYLINE | TIME | QUOTE) or line.linked > 0.3 * len(line.text):
        return False
    if len(line.text) < OPENING or (line.tag in _HEADINGS and len(line.text) < 2 * OPENING):
        return False
    return bool(flags & LEAD) or (not flags & (FOREIGN | ASIDE) and _SENTENCE_END.search(line.text) is not None)


def _holds(lines: list[Line], headline: Line) -> bool:
    """Whether most of the text follows the headline: else it is shown below, or is another one."""
    following = sum(len(line.text) for line in lines if line.order > headline.order)
    return following > 0.5 * sum(len(line.text) for line in lines)


def line_value(line: Line) -> float:
    """How much the body gains by a line, in characters; negative for what looks like something else."""
    flags = line.flags
    if flags & NEVER:
        return 0.0
    size = weight(line.text)
    length = len(line.text)
    linked = line.linked / length
    if line.tag in _HEADINGS:
        return 0.0
    if linked > 0.6 and not (linked < 0.9 and size > 120):
        return -min(size, 60)
    ends = _SENTENCE_END.search(line.text) is not None
    value = size * (1.0 - linked)
    if line.tag not in ("p", "pre") and not ends:
        value *= 0.3
    if size < 80 and not ends:
        value = 5.0 if line.tag == "p" else 2.0 if _is_entry(line) else -5.0
    if flags & APART and not flags & BODY:
        value *= 0.15
    elif flags & (FORM | ASIDE | BUTTON | TIME | BYLINE | CREDIT) and not flags & BODY:
        value *= 0.4
    elif flags & BODY:
        value *= 1.5
    return value


def _is_entry(line: Line) -> bool:
    """Whether a line is an item of a list or table inside the article, rather than of a menu."""
    return line.tag in _ENTRIES and not line.linked and bool(line.flags & (ARTICLE | BODY))


def pardon(outline: Outline) -> None:
    """Takes back what class names say of a box that holds most of the page's text: "read-more" may wrap it all."""
    total = sum(_told(line) for line in outline.lines)
    if total > 0:
        _pardon(outline.root, PARDONED_FROM * total)


def _pardon_comments(outline: Outline, headline: Line | None) -> None:
    """Comments may well be most of the text: they are pardoned only round the headline."""
    anchor = headline or next((line for line in outline.headings if line.tag == "h1"), None)
    box = anchor.box if anchor is not None else None
    while box is not None:
        if box.flags & COMMENT and not (box.parent and box.parent.flags & COMMENT):
            _take_back(box, COMMENT)
        box = box.parent


def _pardon(box: Box, least: float) -> float:
    """The text below the box; flags are taken back on the way up, where it is enough."""
    told = 0.0
    for child in box.children:
        told += _told(child) if isinstance(child, Line) else _pardon(child, least)
    own = box.flags & ~(box.parent.flags if box.parent else 0) & PARDONABLE
    if own and told >= least:
        _take_back(box, own)
    return told


def _take_back(box: Box, flags: int) -> None:
    box.flags &= ~flags
    for child in box.children:
        if isinstance(child, Line):
            child.flags &= ~flags
        else:
            _take_back(child, flags)


def _told(line: Line) -> float:
    """Characters of running text."""
    return float(len(line.text)) if len(line.text) > 60 and line.linked < 0.5 * len(line.text) else 0.0


def container(outline: Outline, headline: Line | None) -> Box:
    """The box that holds the body: the way down from the root, by value, or to the headline where enough is there."""
    for line in outline.lines:
        line.value = line_value(line)
    _sum(outline.root)
    round_headline = _boxes_round(headline)
    box = outline.root
    while (inner := _heir(box, round_headline)) is not None:
        box = inner
    return box


def _boxes_round(line: Line | None) -> set[Box]:
    found: set[Box] = set()
    box = line.box if line is not None else None
    while box is not None:
        found.add(box)
        box = box.parent
    return found


def _sum(box: Box) -> float:
    total = 0.0
    for child in box.children:
        total += child.value if isinstance(child, Line) else max(_sum(child), 0.0)
    box.value = total
    return total


def _heir(box: Box, round_headline: set[Box]) -> Box | None:
    """The child that holds nearly all that the box holds; or the headline, and a good part of it."""
    inner = [child for child in box.children if isinstance(child, Box)]
    best = max(inner, key=lambda child: child.value, default=None)
    if best is None or best.value <= 0:
        return None
    titled = next((child for child in inner if child in round_headline), None)
    if titled is not None and titled is not best and _may_hold_body(titled, best):
        return titled
    rest = sum(child.value for child in box.children if child is not best and child.value > 0)
    return best if best.value > 2.2 * rest else None


def _may_hold_body(titled: Box, best: Box) -> bool:
    """Whether the box with the headline has enough beside it; a stand-first above the body is not enough."""
    return not titled.flags & HEADER and titled.value > max(LEAST, WITH_HEADLINE * best.value)


def _collect(box: Box, kept: list[Line]) -> None:
    """The lines below a box that may be the body's; whole boxes that gain nothing are left out."""
    for child in box.children:
        if isinstance(child, Box):
            if child.value > 0 or _is_transparent(child):
                _collect(child, kept)
        elif _is_kept(child):
            kept.append(child)


def _is_transparent(box: Box) -> bool:
    """A box that only wraps a heading."""
    return bool(box.children) and all(isinstance(child, Line) and child.tag in _HEADINGS for child in box.children)


def _is_kept(line: Line) -> bool:
    if CAPTIONS.match(line.text):
        return False
    if line.flags & NEVER or (line.flags & APART and not line.flags & BODY):
        return False
    if line.tag in _HEADINGS:
        return not line.flags & ASIDE and line.linked < 0.5 * len(line.text)
    if line.flags & (BYLINE | TIME | CREDIT | BUTTON) and not line.flags & BODY and len(line.text) < 200:
        return False
    if line.value > 0 or (line.tag == "p" and line.linked <= 0.6 * len(line.text)):
        return True
    # A sub-headline that is only bold; and a list of the site's other addresses, which leaves the text as data.
    return is_bold_heading(line) or names_hosts_only(line.text)


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without what stands below a heading such as "More stories", and without headings that nothing follows."""
    lines = lines[: _end_of_text(lines)]
    end = len(lines)
    while end and lines[end - 1].tag in _HEADINGS:
        end -= 1
    return lines[:end]


def _end_of_text(lines: list[Line]) -> int:
    """Where the lines after the article begin: below a telling heading, in other boxes than most of the text."""
    told: dict[Box, float] = {}
    for line in lines:
        told[line.box] = told.get(line.box, 0.0) + _told(line)
    if not told:
        return len(lines)
    main = max(told, key=lambda box: told[box])
    last = max(at for at, line in enumerate(lines) if line.box is main)
    for at in range(last + 1, len(lines)):
        if (lines[at].tag in _HEADINGS or len(lines[at].text) < 60) and AFTER.search(lines[at].text):
            return at
    return len(lines)


def taken_from(outline: Outline, holder: HtmlElement, removed: list[HtmlElement]) -> Body | None:
    """All lines inside an element, but for captions and what is to be removed; None where it holds no text."""
    inside = set(holder.iter()) - {inner for element in removed for inner in element.iter()}
    lines = [line for line in outline.lines if line.element in inside and not line.flags & (CAPTION | HIDDEN)]
    return Body(lines, lines[0].box, lines[0].order, lines[-1].order) if lines else None
