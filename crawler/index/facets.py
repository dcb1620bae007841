"""What the articles that a query finds are made up of: publishers, sections, authors, topics, days and more."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
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
    SELECT publisher_id, section_path, authors, topics, language, published_at, state,
           (SELECT json_group_array(credit) FROM images i WHERE i.revision_id = a.revision_id AND credit IS NOT NULL)
               AS credits
    FROM articles a WHERE number IN (SELECT value FROM json_each(?))
"""


def facets(db: sqlite3.Connection, query: Query, *, top: int = TOP) -> Facets:
    """The ``top`` values of each field among the articles that a query finds, as their newest revisions have them.

    Raises BadArgument for a publisher that is not there.
    """
    asked = search_for(db, query)
    found = total(db, asked)
    numbers = newest(db, asked, limit=SAMPLE, among=found)
    rows = db.execute(COUNTED, (json.dumps(numbers),)).fetchall()
    made_of = (
        _named(db, _commonest("publisher", _values(rows, "publisher_id"), top)),
        _commonest("section", _lists(rows, "section_path"), top),
        _commonest("author", _lists(rows, "authors"), top),
        _commonest("topic", _lists(rows, "topics"), top),
        _commonest("language", _values(rows, "language"), top),
        _moments([row["published_at"] for row in rows if row["published_at"]]),
        _commonest("state", _values(rows, "state"), top),
        _commonest("credit", _lists(rows, "credits"), top),
    )
    return Facets(found, len(numbers), tuple(facet for facet in made_of if facet.values))


def _lists(rows: Iterable[sqlite3.Row], column: str) -> Iterator[tuple[list[str], int]]:
    """What a column of JSON arrays holds, with the number of articles: many are alike, and read once."""
    for array, articles in Counter(row[column] for row in rows).items():
        yield json.loads(array), articles


def _values(rows: Iterable[sqlite3.Row], column: str) -> Iterator[tuple[list[str], int]]:
    """As ``_lists``, of a column of single values."""
    for value, articles in Counter(row[column] for row in rows).items():
        yield [value] if value else [], articles


def _commonest(field: str, held: Iterable[tuple[list[str], int]], top: int) -> Facet:
    spelt: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    for values, articles in held:
        for key, value in {_key(value): value for value in values}.items():
            spelt[key, value] += articles
            totals[key] += articles
    usual = dict(sorted(spelt, key=lambda each: (-spelt[each], each[1].isupper(), each[1]), reverse=True))
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    found = _asked_for(field, ((usual[key], totals[key]) for key in ordered))
    return Facet(field, tuple(islice(found, top)))


@lru_cache(maxsize=1 << 14)
def _key(value: str) -> str:
    return folded(value)


def _asked_for(field: str, counts: Iterable[tuple[str, int]]) -> Iterator[FacetValue]:
    for value, articles in counts:
        if query := term(field, value):
            yield FacetValue(value, articles, query)


def _named(db: sqlite3.Connection, publishers: Facet) -> Facet:
    names = dict(db.execute("SELECT id, name FROM publishers").fetchall())
    return replace(publishers, values=tuple(replace(each, value=names[each.value]) for each in publishers.values))


def _moments(times: list[str]) -> Facet:
    """By day, month or year, whichever suits the span."""
    length = _length(min(times), max(times)) if times else YEAR
    counts = Counter(time[:length] for time in times)
    return Facet("day", tuple(_asked_for("day", sorted(counts.items(), reverse=True))))


def _length(first: str, last: str) -> int:
    """How much of a time names the day, month or year that it is told by."""
    months = 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7])
    if months >= MONTHS:
        return YEAR
    days = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
    return DAY if days < DAYS else MONTH
