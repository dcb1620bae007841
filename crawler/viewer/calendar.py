"""A publisher's year as a table: a row a month, a cell a day, shaded by how many articles are held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from crawler.index.calendar import CalendarDay, Gap, gaps
from crawler.queries.narrowing import term
from crawler.viewer.filters import address

SHADES = 4
"""Beside that of no articles."""

GAPS = 6
"""Told in words, the longest ones."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the table."""

    day: CalendarDay
    shade: int
    """0: no article, up to SHADES."""
    kind: Literal["held", "gap", "outside"]
    """gap: nothing is held, though of an earlier and a later day something is."""
    look: str | None
    """The search page for its articles; None where there are none."""


@dataclass(frozen=True, slots=True)
class Month:
    """One row of the table."""

    first: date
    articles: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The table, and what it amounts to."""

    year: int
    articles: int
    days: int
    """On which something was published that is held."""
    months: tuple[Month, ...]
    gaps: tuple[Gap, ...]
    """The longest ones, in the order of the year."""


def year_of(publisher_id: str, days: Sequence[CalendarDay], first: date, last: date) -> Year:
    """The table of a year whose days are given. Gaps are told between ``first`` and ``last``: of nothing else is
    anything known.
    """
    most = max((day.published for day in days), default=0)
    of = term("publisher", publisher_id)
    cells = [_cell(day, most, is_inside=first <= day.day <= last, of=of) for day in days]
    within = [day for day in days if first <= day.day <= last]
    longest = sorted(gaps(within), key=lambda gap: -gap.days)[:GAPS]
    return Year(
        year=days[0].day.year,
        articles=sum(day.published for day in days),
        days=sum(1 for day in days if day.published),
        months=tuple(_months(cells)),
        gaps=tuple(sorted(longest, key=lambda gap: gap.first)),
    )


def _cell(day: CalendarDay, most: int, *, is_inside: bool, of: str | None) -> Cell:
    if not day.published:
        return Cell(day, 0, "gap" if is_inside else "outside", None)
    shade = -(-SHADES * day.published // most)
    look = address("/search", [("q", f"{of} day:{day.day}"), ("sort", "newest")]) if of else None
    return Cell(day, shade, "held", look)


def _months(cells: Sequence[Cell]) -> Iterator[Month]:
    for _, group in groupby(cells, lambda cell: cell.day.day.month):
        month = tuple(group)
        yield Month(month[0].day.day, sum(cell.day.published for cell in month), month)
