"""Makes of a query the SQL condition, with names for its values, that an article must meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.errors import BadArgument
from crawler.index.addresses import page_key
from crawler.normalisation.folding import folded, folded_phrase
from crawler.queries.tree import And, Not, Or, Published, Query, Value, Words, both

TEXTS = {"headline": "headline", "summary": "summary", "text": "text", "caption": "captions", None: None}
"""Of the fields of words, those that articles_fts has, with their columns; None: all of them."""

NAMES = {"author": "authors", "agency": "agencies", "section": "section_path", "topic": "topics", "credit": "credits"}
"""Those that articles_fts_names has."""


LAST_ASKED = """(
    SELECT c.policy FROM captures c WHERE c.article_id = a.id AND c.policy IS NOT NULL
    ORDER BY c.captured_at DESC LIMIT 1)"""
"""Of ``articles a``: what its page asked when it was read last."""


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over ``articles a``."""

    sql: str
    given: Mapping[str, Any]
    """What the names in it stand for."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query for its words and for the rest, both of which must be so."""

    words: str | None
    """FTS5's expression over articles_fts; None: there is nothing that every hit says."""
    rest: Condition


def condition(db: sqlite3.Connection, query: Query) -> Condition:
    """What the articles meet that a query asks for. Raises BadArgument for a publisher that is not there."""
    compiler = _Compiler(db)
    return Condition(compiler.sql(query), compiler.given)


def chosen(db: sqlite3.Connection, query: Query, article_ids: Iterable[str]) -> Condition:
    """As ``condition``, of the articles with these ids only if there are any."""
    asked = condition(db, query)
    named = {f"article_{number}": article_id for number, article_id in enumerate(article_ids)}
    one_of = f" AND a.id IN ({', '.join(f':{name}' for name in named)})" if named else ""
    return Condition(f"({asked.sql}){one_of}", {**asked.given, **named})


def search_for(db: sqlite3.Connection, query: Query) -> Search:
    """A query made ready to be ranked by its words. Raises BadArgument for a publisher that is not there."""
    parts = query.parts if isinstance(query, And) else (query,)
    of_words = [part for part in parts if expression(_without_not(part), TEXTS)]
    words = expression(And(tuple(of_words)), TEXTS)
    rest = both(part for part in parts if part not in of_words) if words else query
    return Search(words, condition(db, rest))


def publishers_called(db: sqlite3.Connection, name: str) -> list[str]:
    """The ids of the publishers with this id or name; mostly one. Raises BadArgument where there is none."""
    known = db.execute("SELECT id, name FROM publishers ORDER BY id").fetchall()
    exact = [publisher for publisher, _ in known if publisher == name]
    found = exact or [publisher for publisher, named in known if folded(name) in (folded(publisher), folded(named))]
    if not found:
        ids = ", ".join(f"{publisher} ({named})" if named != publisher else publisher for publisher, named in known)
        raise BadArgument(f"no articles of {name!r} here; there are: {ids or 'none yet'}")
    return found


def expression(query: Query, columns: Mapping[Any, str | None]) -> str | None:
    """FTS5's expression for a query, over a table with these columns; None where it has none.

    FTS5 knows "this, not that", and nothing that is only "not that".
    """
    match query:
        case Words(text, prefix, field) if field in columns:
            column = columns[field]
            phrase = folded_phrase(text, prefix=prefix)
            return f"{column} : {phrase}" if column else phrase
        case And(parts):
            wanted = _joined((part for part in parts if not isinstance(part, Not)), " AND ", columns)
            unwanted = [expression(part.part, columns) for part in parts if isinstance(part, Not)]
            if wanted is None or None in unwanted:
                return None
            return "".join((wanted, *(f" NOT ({each})" for each in unwanted)))
        case Or(parts):
            return _joined(parts, " OR ", columns)
    return None


def _without_not(query: Query) -> Query:
    return query.part if isinstance(query, Not) else query


def _joined(parts: Iterable[Query], operator: str, columns: Mapping[Any, str | None]) -> str | None:
    found = [expression(part, columns) for part in parts]
    if not found or None in found:
        return None
    return f"({operator.join(f'({each})' for each in found)})"


class _Compiler:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.given: dict[str, Any] = {}

    def sql(self, query: Query) -> str:
        for columns, table in ((TEXTS, "articles_fts"), (NAMES, "articles_fts_names")):
            if words := expression(query, columns):
                return f"a.number IN (SELECT rowid FROM {table} WHERE {table} MATCH {self._value(words)})"
        match query:
            case And(parts):
                return self._together(parts, " AND ") if parts else "1"
            case Or(parts):
                return self._together(parts, " OR ")
            case Not(part):
                # A value that the page does not state is not the one that is not wanted.
                return f"({self.sql(part)}) IS NOT TRUE"
            case Published():
                return self._published(query)
            case Value(field, value):
                return _VALUES[field](self, value)
            case Words():
                raise AssertionError(f"no column for {query}")

    def _together(self, parts: Iterable[Query], operator: str) -> str:
        return f"({operator.join(self.sql(part) for part in parts)})"

    def _value(self, value: str) -> str:
        name = f"query_{len(self.given)}"
        self.given[name] = value
        return f":{name}"

    def _published(self, query: Published) -> str:
        # Days are prefixes of times: "2022-01-05" sorts before "2022-01-05T10:00:00Z", and that before "2022-01-06".
        bounds = [f"a.published_at >= {self._value(query.since)}"] if query.since else []
        bounds += [f"a.published_at < {self._value(query.before)}"] if query.before else []
        return " AND ".join(bounds)

    def publisher(self, value: str) -> str:
        found = publishers_called(self._db, value)
        return f"a.publisher_id IN ({', '.join(self._value(each) for each in found)})"

    def language(self, value: str) -> str:
        code = self._value(value)
        # "." is what follows "-": from "pt-" to "pt." are all regions of pt.
        return f"(a.language = {code} OR (a.language >= {code} || '-' AND a.language < {code} || '.'))"

    def host(self, value: str) -> str:
        host, below = self._value(value), self._value(f".{value}")
        return (
            "a.number IN (SELECT seen.number FROM article_urls u JOIN articles seen ON seen.id = u.article_id "
            f"WHERE u.host = {host} OR substr(u.host, -length({below})) = {below})"
        )

    def url(self, value: str) -> str:
        key = self._value(page_key(value if "://" in value else f"http://{value}"))
        return f"a.id IN (SELECT article_id FROM article_urls WHERE urlkey = {key})"

    def policy(self, value: str) -> str:
        wanted = self._value(value)
        # Few pages ask for anything: those that ever asked for this are looked at more closely.
        return (
            "(a.number IN (SELECT seen.number FROM captures c JOIN articles seen ON seen.id = c.article_id "
            f"WHERE c.policy IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(c.policy) WHERE value = {wanted})) "
            f"AND EXISTS (SELECT 1 FROM json_each({LAST_ASKED}) WHERE value = {wanted}))"
        )

    def column(self, name: str, value: str) -> str:
        return f"a.{name} = {self._value(value)}"


_VALUES: Mapping[str, Callable[[_Compiler, str], str]] = {
    "publisher": _Compiler.publisher,
    "language": _Compiler.language,
    "host": _Compiler.host,
    "url": _Compiler.url,
    "policy": _Compiler.policy,
    "state": lambda compiler, value: compiler.column("state", value),
    "access": lambda compiler, value: compiler.column("access", value),
    "form": lambda compiler, value: compiler.column("form", value),
}
