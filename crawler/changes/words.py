"""A text as words, in any script: what edits are made of, and what a reader is shown of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Scripts without spaces between words, a character at a time: Thai, Lao, Myanmar, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Vowels and other marks of Indic, Arabic and Hebrew, which are part of a word and no \w; ZWNJ and ZWJ.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff\u200c\u200d"
_NUMBER = r"\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,:/’']\d+)*"
_PIECE = re.compile(
    rf"{_NUMBER}|[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w{_MARKS}])+(?:['’-](?:(?![{_UNSPACED}])[\w{_MARKS}])+)*|[^\w\s]"
)
_SPACED_PIECE = re.compile(rf"(?:{_PIECE.pattern}|\S)\s*")
_GROUPING = re.compile(r"(?<=\d)[ ’',.](?=\d{3}(?!\d))")

_NUMBER_WORDS = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend millionen milliarden
    deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent mille millions milliards
    dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cien mil millones
    due tre quattro cinque sei sette otto nove dieci venti cento mila milioni miliardi
    二 三 四 五 六 七 八 九 十 百 千 万 亿
    два три четыре пять шесть семь восемь девять десять двадцать сто тысяч тысячи миллион миллиона миллиардов
    """.split()
)


def pieces(text: str) -> list[str]:
    """Words, numbers and marks in order, without the spaces between them."""
    return _PIECE.findall(text)


def spaced_pieces(text: str) -> list[str]:
    """The same, each with the space after it; joined they are the text, but for space at its beginning."""
    return _SPACED_PIECE.findall(text)


def words(text: str) -> list[str]:
    """Words and numbers, in small letters."""
    return [piece.casefold() for piece in pieces(text) if is_word(piece)]


def is_word(piece: str) -> bool:
    """Whether a piece is more than a mark."""
    return any(character.isalnum() for character in piece)


def number(piece: str) -> str | None:
    """A number in Latin digits without marks between thousands; a number word as it is; None for what is none."""
    if piece[:1].isdecimal():
        digits = "".join(_digits(piece))
        return _GROUPING.sub("", digits)
    return piece.casefold() if piece.casefold() in _NUMBER_WORDS else None


def normal(piece: str) -> str:
    """A piece as it is compared where only marks, capitals and the script of digits differ."""
    return number(piece) or piece.casefold()


def is_capitalised(piece: str) -> bool:
    """Whether a word begins with a capital letter, in a script that has them."""
    return piece[:1].isupper() and any(character.isalpha() for character in piece)


def _digits(piece: str) -> Iterator[str]:
    for character in piece:
        yield str(unicodedata.decimal(character)) if character.isdecimal() else character
