"""Where readers' comments begin: told by the line above them, whatever their classes are called."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter

from crawler.extraction.outline import COMMENT, FOOTER, HIDDEN, NAV, Box, Line, Outline

_WORDS = (
    r"(?:responses?|comments?|replies|reactions?|thoughts?|kommentare?n?|antworten|meinungen|leserkommentare?|leserbriefe|commentaires?|réactions?|"
    r"comentarios?|comentários?|respuestas?|opiniones|commenti|reacties|opmerkingen|komentarze|komentarzy|komentarz|kommentarer|kommentarit|"
    r"комментари[яейи]+|отзыв(?:ы|ов)?|yorum(?:lar)?|评论|留言|コメント|댓글|نظرات|تعليقات|komentar|komentáře|hozzászólások|σχόλια)"
)
_HEAD = re.compile(
    rf"^(?:(?:\(?\d[\d.,]*\)?|one|ein|keine?|no|zero|all|alle|your|die|the|les|los|our|show|view|neueste|user|leser|top|rated|best|latest|most|recent|featured|letzte|reader)\s+)*{_WORDS}"
    r"(?:\s*[:(\[]?\s*\(?\d*\)?\]?\s*:?|\s+(?:to|on|zu|auf|sur|sobre|su|op|zum|for|en|so far|bisher|sind geschlossen|are closed|geschlossen)\b.{0,120})\s*$|"
    r"^(?:leave|post|write|add|submit) (?:a|your|an?other)? ?(?:reply|comment|response)|^join the (?:conversation|discussion)|^have your say|"
    r"^(?:schreibe?n?|hinterlasse|verfasse|kommentar) (?:sie )?(?:einen|ein|deinen|uns|jetzt|verfassen|schreiben|hinterlassen|abgeben)|"
    r"^(?:laisser|ajouter|écrire|poster) un commentaire|^deja (?:un|tu|una) (?:comentario|respuesta)|^deixe (?:um|seu) comentário|^lascia un commento|"
    r"^(?:die )?kommentarfunktion|^what do you think|^sag uns deine meinung|^was denken sie",
    re.I,
)
LONGEST = 110
"""Characters of a line that may stand over comments."""
BEFORE = 400.0
"""Characters of running text that come first: comments stand below what they are about."""
SHARE = 0.2
"""Of a box's running text: with more of it before the line, the box is not the comments' own."""


def mark_comments(outline: Outline) -> None:
    """Marks what follows such a line, as far as the box goes that the comments have to themselves."""
    told = [0.0, *accumulate(line.running for line in outline.lines)]
    for at, line in enumerate(outline.lines):
        if told[at] > BEFORE and _is_head(line):
            _mark(outline, line, _own_box(outline, line, told).end)


def _is_head(line: Line) -> bool:
    if len(line.text) > LONGEST or line.flags & (NAV | FOOTER | HIDDEN | COMMENT):
        return False
    return line.linked < 0.9 * len(line.text) and _HEAD.match(line.text) is not None


def _mark(outline: Outline, head: Line, end: int) -> None:
    for each in (*_between(outline.boxes, head.order, end), *_between(outline.lines, head.order, end)):
        each.flags |= COMMENT


def _between(placed: Sequence[Box | Line], start: int, end: int) -> Sequence[Box | Line]:
    """What stands between two places of the page, both counted in."""
    order = attrgetter("order")
    return placed[bisect_left(placed, start, key=order) : bisect_right(placed, end, key=order)]


def _own_box(outline: Outline, head: Line, told: list[float]) -> Box:
    """The widest box round a line that holds little text before it; ``told`` is the running text before each line."""
    box = head.box
    while (
        box.parent is not None
        and box.parent.tag not in ("body", "html")
        and _before(outline, box.parent, head, told) <= SHARE
    ):
        box = box.parent
    return box


def _before(outline: Outline, box: Box, head: Line, told: list[float]) -> float:
    """The share of a box's running text that stands before a line."""
    order = attrgetter("order")
    start, at = (bisect_left(outline.lines, place, key=order) for place in (box.order, head.order))
    end = bisect_right(outline.lines, box.end, key=order)
    whole = told[end] - told[start]
    return (told[at] - told[start]) / whole if whole else 0.0
