"""A publisher's days: how many articles were published and captured on each, and where nothing was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from crawler.index.captures import LIVE

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day, UTC."""

    day: date
    published: int
    """Articles that are held, by the day that their pages state."""
    new: int
    """Captures that found an article for the first time."""
    captured: int
    """Captures that held an article, those among them; later pages of one article do not count."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row on which no article was published that is held."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


PUBLISHED = """
    SELECT substr(published_at, 1, 10), count(*) FROM articles
    WHERE publisher_id = :publisher AND published_at >= :since AND published_at < :before GROUP BY 1
"""

CAPTURED = f"""
    SELECT substr(captured_at, 1, 10), count(*) FILTER (WHERE outcome = 'new'), count(*) FROM captures
    WHERE publisher_id = :publisher AND captured_at >= :since AND captured_at < :before AND outcome IN {LIVE} GROUP BY 1
"""


def calendar(db: sqlite3.Connection, publisher_id: str, since: date, until: date) -> list[CalendarDay]:
    """Each day from the one to the other, both included."""
    asked = {"publisher": publisher_id, "since": since.isoformat(), "before": (until + ONE).isoformat()}
    published = dict(db.execute(PUBLISHED, asked).fetchall())
    captured = {day: (new, count) for day, new, count in db.execute(CAPTURED, asked)}
    return [
        CalendarDay(day, published.get(str(day), 0), *captured.get(str(day), (0, 0))) for day in _days(since, until)
    ]


def years(db: sqlite3.Connection, publisher_id: str) -> list[int]:
    """The years of which there are articles, by publication, the last first."""
    query = """
        SELECT DISTINCT CAST(substr(published_at, 1, 4) AS INTEGER) FROM articles
        WHERE publisher_id = ? AND published_at IS NOT NULL ORDER BY 1 DESC
    """
    return [year for (year,) in db.execute(query, (publisher_id,))]


def gaps(days: Sequence[CalendarDay], *, least: int = 2) -> list[Gap]:
    """Days in a row, as many at ``least``, on which nothing was published.

    To be asked of days between others on which something was: before the first and after the last article there is no
    gap to speak of.
    """
    runs = ((is_empty, list(run)) for is_empty, run in groupby(days, lambda day: not day.published))
    return [Gap(run[0].day, run[-1].day) for is_empty, run in runs if is_empty and len(run) >= least]


def _days(since: date, until: date) -> Iterator[date]:
    yield from (since + ONE * number for number in range((until - since).days + 1))
