"""Adds a wish to what a person typed, in the language in which it is typed."""

from __future__ import annotations

import re
from collections import Counter

from crawler.errors import BadQuery
from crawler.queries.parser import field_query, parse
from crawler.queries.tokens import tokens
from crawler.queries.tree import And, Or, Query

_BARE = re.compile(r"\w[\w.-]*")
_QUOTES = re.compile('["＂]')


def term(field: str, value: str) -> str | None:
    """``field:value`` as one types it, in quotation marks where it needs them: ``author:"Ann Lee"``.

    It asks for the whole value and no beginnings. Quotation marks in the value, which full text does not know, become
    spaces where the phrase would end at them. None for a value that no query asks for: one without a letter or digit,
    or that the field cannot have.
    """
    plain = " ".join(value.replace("\0", " ").split()).rstrip("* ")
    unquoted = " ".join(_QUOTES.sub(" ", plain).split()).rstrip("* ")
    if _BARE.fullmatch(plain) and _is(f"{field}:{plain}", field, plain):
        return f"{field}:{plain}"
    for phrase in (plain, unquoted):
        if _is(f'{field}:"{phrase}"', field, phrase):
            return f'{field}:"{phrase}"'
    return None


def narrowed(query: str, also: str) -> str:
    """What asks for all that a query asks for, and for a term too. Raises BadQuery for what is no query."""
    if not query.strip():
        return also
    if isinstance(parse(query), Or):
        # An address takes all up to the next space.
        close = " )" if tokens(query)[-1].kind == "address" else ")"
        query = f"({query.strip()}{close}"
    return f"{query.strip()} {also}"


def widened(query: str, term: str) -> str | None:
    """The query without a term that ``narrowed`` added; None where it does not ask for that, or not in these words."""
    for found in re.finditer(rf"(?<!\S){re.escape(term)}(?!\S)", query):
        rest = f"{query[: found.start()].rstrip()} {query[found.end() :].lstrip()}".strip()
        try:
            if Counter(_wishes(rest)) + Counter([parse(term)]) == Counter(_wishes(query)):
                return rest
        except BadQuery:
            continue
    return None


def _wishes(query: str) -> tuple[Query, ...]:
    """All of which must be so."""
    read = parse(query)
    return read.parts if isinstance(read, And) else (read,)


def _is(written: str, field: str, value: str) -> bool:
    try:
        return parse(written) == field_query(field, value)
    except BadQuery:
        return False
