"""What a query asks of an article, as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase."""

    text: str
    """As typed, with a letter or digit in it; words that follow one another where there are several."""
    prefix: bool = False
    """Whether the last word is only a beginning."""
    field: str | None = None
    """Where it must stand; None: in headline, summary, text or a caption."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field that must have this value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Published:
    """Published within bounds: days, months or years as prefixes of times ("2022-01-05", "2022-01", "2022")."""

    since: str | None = None
    """The first; None: no bound."""
    before: str | None = None
    """The first that is too late; None: no bound."""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """What must be so, all of it; without parts: every article."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Of what one must be so; never without parts."""

    parts: tuple[Query, ...]


Query: TypeAlias = Words | Value | Published | Not | And | Or

EVERYTHING = And(())


def both(queries: Iterable[Query]) -> Query:
    """What asks for all that these ask for."""
    parts: list[Query] = []
    for query in queries:
        parts += query.parts if isinstance(query, And) else (query,)
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def sought(query: Query) -> tuple[Words, ...]:
    """The words that articles are to have, in any field: without those they must not have."""
    match query:
        case Words():
            return (query,)
        case And(parts) | Or(parts):
            return tuple(words for part in parts for words in sought(part))
        case _:
            return ()
