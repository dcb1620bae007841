"""What the lines with an image say: the caption, and the credits that its markup or its words set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.credits import caption_and_credit, is_credit, tidy_credit, untailed
from crawler.extraction.outline import CAPTION, CREDIT, Line, Picture
from crawler.normalisation.text import clean

_PROPS = frozenset(("copyrightHolder", "author", "creditText", "creator", "copyrightNotice"))
_UNSEEN = frozenset(("script", "style", "svg", "noscript", "button", "img", "picture"))
_CREDIT = re.compile(
    r"credit|source|distributor|copyright|author|byline|photographer|agency|rights|licen[cs]e|courtesy|fotograf|quelle|fuente|bron(?![a-z])",
    re.I,
)
"""What the classes of credits are called, inside a caption."""
SHORT = 60
LONGEST = 5000
"""Characters of a caption in which credits are looked for."""
LONGEST_CREDIT = 120
"""Characters; a longer piece is a text, whatever it is called."""


@dataclass(slots=True)
class Piece:
    """A run of text in a caption."""

    text: str
    credit: HtmlElement | None
    """The element that is called a credit, if it stands in one."""


def caption_of(picture: Picture) -> tuple[str | None, str | None]:
    """The caption without credits, and the credits, parted by "; "."""
    if sum(len(line.text) for line in picture.captions) > LONGEST:
        return clean(" ".join(line.text for line in picture.captions)), None
    pieces = [piece for line in picture.captions for piece in _pieces(line)]
    marked, rest = _parted(pieces)
    found = [credit for text in marked if (credit := tidy_credit(text))]
    if not found:
        return caption_and_credit(clean("".join(piece.text for piece in pieces)))
    caption, more = caption_and_credit(untailed(rest)) if rest else (None, None)
    # A marked credit may stand in the text once more, or be one of two.
    return caption, "; ".join(dict.fromkeys("; ".join(found + ([more] if more else [])).split("; ")))


def _parted(pieces: list[Piece]) -> tuple[list[str], str]:
    """(texts that are credits, the rest)."""
    marked: dict[object, str] = {}
    rest = ""
    for at, piece in enumerate(pieces):
        short = len(piece.text) <= LONGEST_CREDIT
        if piece.credit is not None and short:
            marked[piece.credit] = marked.get(piece.credit, "") + piece.text
        elif short and (at or marked) and _ends_in_credits(pieces[at:], clean(rest), bool(marked)):
            marked[at] = piece.text
        else:
            rest += piece.text
    return list(marked.values()), clean(rest)


def _ends_in_credits(pieces: list[Piece], before: str, follows: bool) -> bool:
    """Whether a piece is the last, or the one but last, and a credit by its words or by what it follows."""
    text = clean(pieces[0].text)
    if follows:
        return len(pieces) <= 3 and len(text) <= SHORT and (not text or is_credit(text, before + "."))
    return len(pieces) == 1 and is_credit(text, before)


def _pieces(line: Line) -> list[Piece]:
    """The runs of a line; one where its element holds other lines too. The last ends in a space."""
    whole = line.element if line.flags & CREDIT and not line.flags & CAPTION else None
    runs = [Piece(text, credit) for text, credit in _runs(line.element, whole) if text.strip()]
    if (
        clean("".join(piece.text for piece in runs)) != line.text
        and clean("".join(t for t, _ in _runs(line.element, whole))) != line.text
    ):
        return [Piece(line.text + " ", whole)]
    runs[-1].text += " "
    return runs


def _runs(element: HtmlElement, credit: HtmlElement | None) -> Iterator[tuple[str, HtmlElement | None]]:
    """(text, the element that is called a credit) of an element, its inline elements apart."""
    if element.text:
        yield element.text, credit
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield from _runs(child, child if credit is None and _calls_itself_credit(child) else credit)
        if child.tail:
            yield child.tail, credit


def _calls_itself_credit(element: HtmlElement) -> bool:
    if element.get("itemprop") in _PROPS:
        return True
    return _CREDIT.search(element.get("class") or "") is not None
