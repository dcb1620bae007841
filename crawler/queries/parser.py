"""Reads a query: words, "phrases", beginnings*, field:value, AND, OR, NOT and parentheses."""

from __future__ import annotations

from crawler.errors import BadQuery
from crawler.normalisation.encodable import encodable
from crawler.queries.fields import FIELDS
from crawler.queries.tokens import Token, has_word, tokens
from crawler.queries.tree import EVERYTHING, Not, Or, Query, Value, Words, both

LONGEST = 2000
"""Characters of a query: a long paragraph, as a phrase."""

MOST_TERMS = 100
"""Words, phrases and fields in one query: what SQLite can hold in one expression, several times over."""

DEEPEST = 30
"""Parentheses and NOTs within one another."""


def parse(query: str) -> Query:
    """What a query asks for; EVERYTHING for an empty one.

    Words and fields side by side must all be there; AND does the same, OR binds less, NOT and a "-" before a word
    bind most. Operators are upper-case. Raises BadQuery, which says what is wrong, where, and what to write.
    """
    query = str(encodable(query)).replace("\0", " ")
    if len(query) > LONGEST:
        raise BadQuery(f"it has {len(query)} characters; {LONGEST} are the most", LONGEST + 1)
    if not query.strip():
        return EVERYTHING
    found = tokens(query)
    if not found:
        raise BadQuery(f"no word in {query!r}; give letters or digits to search for")
    terms = [token for token in found if token.kind in ("word", "phrase", "address")]
    if len(terms) > MOST_TERMS:
        what = f'there are {len(terms)} words, and {MOST_TERMS} are the most; put a phrase into "quotation marks"'
        raise BadQuery(what, terms[MOST_TERMS].at)
    return _Parser(found).whole()


def field_query(field: str, value: str) -> Query:
    """What ``field:"value"`` asks for; a final star makes it a beginning where words are asked for. Raises BadQuery."""
    value = str(encodable(value)).replace("\0", " ").strip()
    reader = FIELDS[field]
    words = value.rstrip("* ")
    if not has_word(words) or len(value) > LONGEST:
        raise BadQuery(f"{field}: cannot be {value[:40]!r}; write {reader.forms or 'a word'}")
    if reader.read is None:
        return Words(words, words != value, field)
    query = reader.read(value)
    if query is None:
        raise BadQuery(f"{field}: cannot be {value!r}; write {reader.forms}")
    return query


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0

    def whole(self) -> Query:
        query = self._either(None, 0)
        if (token := self._peek()) is not None:
            raise BadQuery("this parenthesis closes none; remove it, or open one before it", token.at)
        return query

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _either(self, field: Token | None, depth: int) -> Query:
        """Parts with OR between them."""
        parts = [self._all(field, depth)]
        while (token := self._peek()) is not None and token.kind == "OR":
            self._take()
            parts.append(self._all(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, field: Token | None, depth: int) -> Query:
        """Parts side by side, with or without AND between them."""
        parts = [self._operand(field, depth)]
        while (token := self._peek()) is not None and token.kind not in ("OR", ")"):
            if token.kind == "AND":
                self._take()
            parts.append(self._operand(field, depth))
        return both(parts)

    def _operand(self, field: Token | None, depth: int) -> Query:
        token = self._peek()
        if token is None or token.kind in ("AND", "OR", ")"):
            raise self._nothing_here(token)
        if depth > DEEPEST:
            raise BadQuery(f"more than {DEEPEST} parentheses or NOTs within one another; write it shorter", token.at)
        self._take()
        if token.kind in ("NOT", "-"):
            return Not(self._operand(field, depth + 1))
        if token.kind == "(":
            return self._group(token, field, depth)
        if token.kind == "field":
            return self._field(token, field, depth)
        if token.kind == "address":
            return self._address(token, field)
        return Words(token.text, token.prefix, field.text if field else None)

    def _nothing_here(self, token: Token | None) -> BadQuery:
        before = self._tokens[self._next - 1] if self._next else None
        if before is not None and before.kind == "(" and token is not None and token.kind == ")":
            return BadQuery("there is nothing between the parentheses; write a word there, or remove them", before.at)
        if before is not None and before.kind in ("AND", "OR", "NOT", "-"):
            word = before.text
            return BadQuery(f'nothing to search for follows {word}; write it there, or "{word}" as a word', before.at)
        if before is not None and token is None:
            return BadQuery("the parenthesis is not closed; write ) where it ends", before.at)
        assert token is not None  # a query has tokens, and none came before
        if token.kind == ")":
            return BadQuery("this parenthesis closes none; remove it, or open one before it", token.at)
        return BadQuery(f'nothing stands before {token.text}; write it there, or "{token.text}" as a word', token.at)

    def _group(self, opened: Token, field: Token | None, depth: int) -> Query:
        query = self._either(field, depth + 1)
        if self._peek() is None:
            raise BadQuery("the parenthesis is not closed; write ) where it ends", opened.at)
        self._take()
        return query

    def _field(self, named: Token, outer: Token | None, depth: int) -> Query:
        if outer is not None:
            raise BadQuery(f"{named.text}: stands within {outer.text}:(…); close that parenthesis first", named.at)
        value = self._take()  # a field without one is no token
        reader = FIELDS[named.text]
        if value.kind == "(":
            if reader.read is not None:
                raise BadQuery(f"{named.text}: takes one value; write ({named.text}:A OR {named.text}:B)", value.at)
            return self._group(value, named, depth)
        if reader.read is None:
            return Words(value.text, value.prefix, named.text)
        query = None if value.prefix else reader.read(value.text.strip())
        if query is None:
            written = value.text + "*" * value.prefix
            raise BadQuery(f"{named.text}: cannot be {written!r}; write {reader.forms}", value.at)
        return query

    def _address(self, token: Token, field: Token | None) -> Query:
        if field is not None:
            raise BadQuery(f"an address stands within {field.text}:(…); close that parenthesis first", token.at)
        return Value("url", token.text)
