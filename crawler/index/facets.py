"""What the articles that a query finds are made up of: publishers, sections, authors, topics, days and more."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice

from crawler.index.hits import newest, total
from crawler.index.matching import search_for
from crawler.normalisation.folding import folded
from crawler.queries.narrowing import term
from crawler.queries.tree import Query

SAMPLE = 2_000
"""Articles that are looked at, the newest: what all of very many are made up of takes too long to count."""

TOP = 10

DAYS, MONTHS = 31, 24
"""The longest spans that are told by day and by month; what is longer by year."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value, and what it stands for among the articles that were counted."""

    value: str
    """For people: the spelling that most of the articles have, of a publisher its name."""
    articles: int
    """How many have it, in any spelling that full text takes for the same."""
    query: str
    """What asks for it, to be added to a query by ``narrowed``. It may find more: author:Lee finds Ann Lee too."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The commonest values of one field, the commonest first; days, months or years in order, the newest first."""

    field: str
    """As in queries."""
    values: tuple[FacetValue, ...]
    """Without those that no query can ask for, such as an author "–"."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What the articles are made up of."""

    total: int
    """How many a query finds."""
    counted: int
    """Of how many the facets tell: of all, or of the newest where there are more than ``SAMPLE``."""
    facets: tuple[Facet, ...]
    """Those that have values."""


DAY, MONTH, YEAR = len("2022-01-31"), len("2022-01"), len("2022")

COUNTED = """
    SELECT publisher_id, section_path, authors, topics, language, published_at, state
    FROM articles WHERE number IN (SELECT value FROM json_each(:numbers))
"""

CREDITS = """
    SELECT DISTINCT a.number, i.credit FROM articles a JOIN images i ON i.revision_id = a.revision_id
    WHERE a.number IN (SELECT value FROM json_each(:numbers)) AND i.credit IS NOT NULL
"""


def facets(db: sqlite3.Connection, query: Query, *, top: int = TOP) -> Facets:
    """The ``top`` values of each field among the articles that a query finds, as their newest revisions have them.

    Raises BadArgument for a publisher that is not there.
    """
    asked = search_for(db, query)
    numbers = newest(db, asked, limit=SAMPLE)
    found = total(db, asked) if len(numbers) == SAMPLE else len(numbers)
    given = {"numbers": json.dumps(numbers)}
    rows = db.execute(COUNTED, given).fetchall()
    made_of = (
        _publishers(db, (row["publisher_id"] for row in rows), top),
        _commonest("section", (_list(row["section_path"]) for row in rows), top),
        _commonest("author", (_list(row["authors"]) for row in rows), top),
        _commonest("topic", (_list(row["topics"]) for row in rows), top),
        _commonest("language", ([row["language"]] for row in rows if row["language"]), top),
        _moments([row["published_at"] for row in rows if row["published_at"]]),
        _commonest("state", ([row["state"]] for row in rows), top),
        _commonest("credit", _credits(db, given), top),
    )
    return Facets(found, len(numbers), tuple(facet for facet in made_of if facet.values))


def _list(column: str) -> list[str]:
    return list(json.loads(column)) if column != "[]" else []


def _credits(db: sqlite3.Connection, given: Mapping[str, str]) -> Iterable[list[str]]:
    """Of each article with images whose credit is stated."""
    credited: dict[int, list[str]] = defaultdict(list)
    for number, credit in db.execute(CREDITS, given):
        credited[number].append(credit)
    return credited.values()


def _commonest(field: str, articles: Iterable[Iterable[str]], top: int) -> Facet:
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for values in articles:
        for key, value in {_key(value): value for value in values}.items():
            spelt[key][value] += 1
    counts = {_usual(each): each.total() for each in spelt.values()}
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return Facet(field, tuple(islice(_values(field, ordered, counts), top)))


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda value: (-spellings[value], value.isupper(), value))


@lru_cache(maxsize=1 << 14)
def _key(value: str) -> str:
    return folded(value)


def _values(field: str, ordered: Iterable[str], counts: Mapping[str, int]) -> Iterator[FacetValue]:
    for value in ordered:
        if query := term(field, value):
            yield FacetValue(value, counts[value], query)


def _publishers(db: sqlite3.Connection, ids: Iterable[str], top: int) -> Facet:
    names = dict(db.execute("SELECT id, name FROM publishers").fetchall())
    counts = Counter(ids)
    ordered = sorted(counts, key=lambda publisher: (-counts[publisher], publisher))
    values = islice(_values("publisher", ordered, counts), top)
    return Facet("publisher", tuple(replace(value, value=names[value.value]) for value in values))


def _moments(times: list[str]) -> Facet:
    """By day, month or year, whichever suits the span."""
    length = _length(min(times), max(times)) if times else YEAR
    counts = Counter(time[:length] for time in times)
    return Facet("day", tuple(_values("day", sorted(counts, reverse=True), counts)))


def _length(first: str, last: str) -> int:
    """How much of a time names the day, month or year that it is told by."""
    months = 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7])
    if months >= MONTHS:
        return YEAR
    days = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
    return DAY if days < DAYS else MONTH
