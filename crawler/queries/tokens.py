"""Cuts what a person typed into words, phrases, fields, operators and parentheses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.errors import BadQuery
from crawler.normalisation.folding import unmarked
from crawler.queries.fields import FIELDS, meant

Kind = Literal["word", "phrase", "field", "address", "AND", "OR", "NOT", "-", "(", ")"]

# Marks that open a phrase, each with those that close it. In German “ closes what „ opens.
_QUOTES = {'"': '"＂', "＂": '"＂', "“": "”“", "„": "“”", "«": "»", "»": "«", "‟": "”"}
_PARENTHESES = {"(": "(", ")": ")", "（": "(", "）": ")"}
_FIELD = re.compile(r"([a-z][a-z_-]*)[:：]", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_OF_OTHER_LANGUAGES = {"|": "OR", "||": "OR", "&&": "AND", "!": "NOT"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query."""

    kind: Kind
    text: str
    """Of a phrase without its quotation marks; of a field its name; of a word without its final star."""
    at: int
    """Where it begins: the first character is 1."""
    prefix: bool = False
    """Whether a star followed."""


def tokens(query: str) -> list[Token]:
    """The pieces in order, without what has neither letter nor digit. Raises BadQuery."""
    return list(_Reader(query).read())


def has_word(text: str) -> bool:
    """Whether there is anything to search for in a text: a letter, digit or vowel sign."""
    return any(unicodedata.category(letter)[0] in "LNM" for letter in unmarked(text))


class _Reader:
    def __init__(self, query: str) -> None:
        self._query = query
        self._at = 0

    def read(self) -> Iterator[Token]:
        while self._at < len(self._query):
            letter = self._query[self._at]
            if letter.isspace():
                self._at += 1
            elif kind := _PARENTHESES.get(letter):
                yield self._token("(" if kind == "(" else ")", letter, 1)
            elif letter in _QUOTES:
                yield self._phrase()
            elif letter == "-" and self._negates():
                yield self._token("-", letter, 1)
            elif address := _ADDRESS.match(self._query, self._at):
                yield self._token("address", address[0], len(address[0]))
            elif (field := self._field()) is not None:
                yield field
                yield from self._value(field)
            else:
                yield from self._word(may_be_operator=True)

    def _token(self, kind: Kind, text: str, length: int, *, prefix: bool = False) -> Token:
        at = self._at
        self._at += length
        return Token(kind, text, at + 1, prefix)

    def _negates(self) -> bool:
        after = self._query[self._at + 1 : self._at + 2]
        return bool(after) and (has_word(after) or after in _QUOTES or _PARENTHESES.get(after) == "(")

    def _phrase(self) -> Token:
        closing = _QUOTES[self._query[self._at]]
        ends = (
            n for n in range(self._at + 1, len(self._query)) if self._query[n] in closing and not self._is_inside(n)
        )
        end = next(ends, None)
        if end is None:
            words = self._query[self._at + 1 :].strip(" *")
            raise BadQuery(f'the quotation marks are not closed; write "{_short(words)}"', self._at + 1)
        text = self._query[self._at + 1 : end]
        if not has_word(text):
            raise BadQuery(
                "there is no word between the quotation marks; write one there, or remove them", self._at + 1
            )
        starred = self._query[end + 1 : end + 2] == "*"
        return self._token("phrase", text.rstrip("* "), end + 1 + starred - self._at, prefix=starred or text[-1] == "*")

    def _is_inside(self, at: int) -> bool:
        """Whether a quotation mark stands within a Hebrew word: an abbreviation, as it is typed."""
        around = self._query[at - 1 : at] + self._query[at + 1 : at + 2]
        return len(around) == 2 and all("א" <= letter <= "ת" for letter in around)

    def _field(self) -> Token | None:
        found = _FIELD.match(self._query, self._at)
        if found is None:
            return None
        name, after = found[1].lower(), self._query[found.end() : found.end() + 1]
        if name in FIELDS:
            return self._token("field", name, len(found[0]))
        if not after or after.isspace():  # "Iran: talks go on" is a headline
            return None
        raise BadQuery(f"there is no field {found[1]}; {_advice(name, self._rest())}", self._at + 1)

    def _value(self, field: Token) -> Iterator[Token]:
        """What follows a colon, where it is no phrase and no parenthesis."""
        after = self._query[self._at : self._at + 1]
        if not after or after.isspace() or _PARENTHESES.get(after) == ")":
            beside = " without a space" if self._query[self._at :].strip() and after.isspace() else ""
            raise BadQuery(f"nothing follows {field.text}: ; write {field.text}:VALUE{beside}", field.at)
        if after in _QUOTES or after in _PARENTHESES:
            return
        at = self._at
        found = list(self._word(may_be_operator=False))
        if not found:
            raise BadQuery(f"there is no word after {field.text}: ; write {field.text}:VALUE", at + 1)
        yield from found

    def _word(self, *, may_be_operator: bool) -> Iterator[Token]:
        word = self._rest()
        if may_be_operator and word in ("AND", "OR", "NOT"):
            yield self._token("AND" if word == "AND" else "OR" if word == "OR" else "NOT", word, len(word))
            return
        if may_be_operator and word in _OF_OTHER_LANGUAGES:
            raise BadQuery(f"{word} is no operator here; write {_OF_OTHER_LANGUAGES[word]}", self._at + 1)
        stem = word.rstrip("*")
        if "*" in stem and has_word(stem):
            raise BadQuery(
                f"* can only end a word; write {stem[: stem.index('*')] or stem.strip('*')}*, "
                f'or "{stem.replace("*", " ").strip()}" for the words around it',
                self._at + 1 + stem.index("*"),
            )
        if stem != word and not has_word(stem):
            raise BadQuery("* stands alone; write the beginning of a word before it, such as chem*", self._at + 1)
        token = self._token("word", stem, len(word), prefix=stem != word)
        if has_word(stem):
            yield token

    def _rest(self) -> str:
        """From here to the next space, parenthesis or quotation mark."""
        for end in range(self._at + 1, len(self._query)):
            letter = self._query[end]
            if letter.isspace() or letter in _PARENTHESES or (letter in _QUOTES and not self._is_inside(end)):
                return self._query[self._at : end]
        return self._query[self._at :]


def _advice(name: str, written: str) -> str:
    as_words = f'put "{_short(written)}" in quotation marks to search for the words'
    field = meant(name)
    if field:
        return f"write {field}: instead, or {as_words}"
    return f"there are {', '.join(FIELDS)}; or {as_words}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
