"""What happened lately, in numbers: crawls, captures, articles, changes, and what went wrong."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.index.moments import stamp

FAULTS = ("broken-exchange", "exchange-refused", "host-down", "seized", "pages-cut-off", "mirror-differs")
"""Kinds of events that somebody should look at."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are of something."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened between two moments, the later one included."""

    new: int
    """Articles that were seen for the first time."""
    events: tuple[Counted, ...]
    """By kind, the commonest first: edited, silently-edited, gone, blocked, moved, restored, broken-exchange, …"""
    captures: int
    """All of them: feeds, sitemaps and robots.txt too."""
    refusals: tuple[Refusal, ...]

    def of(self, kind: str) -> int:
        """How many events of a kind there were."""
        return next((event.count for event in self.events if event.name == kind), 0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was none."""

    host: str
    status: int
    """From 400."""
    count: int


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run of a spider."""

    spider: str
    arguments: tuple[str, ...]
    started_at: str
    finished_at: str | None
    """None: it is running, or was killed."""
    finish_reason: str | None
    software: str
    stats: dict[str, Any] | None
    """Scrapy's counters; None: it is running or was killed, or the index was made again since."""


EVENTS = "SELECT kind, count(*) FROM events WHERE at > :since AND at <= :until GROUP BY kind ORDER BY 2 DESC, kind"
NEW = "SELECT count(*) FROM articles WHERE first_seen_at > :since AND first_seen_at <= :until"
CAPTURES = """
    SELECT status, CASE WHEN status >= 400 THEN host END, count(*) FROM captures
    WHERE captured_at > :since AND captured_at <= :until GROUP BY 1, 2
"""


def lately(db: sqlite3.Connection, since: datetime, until: datetime) -> Lately:
    """What happened after ``since`` and not after ``until``."""
    asked = {"since": stamp(since), "until": stamp(until)}
    refusals: Counter[tuple[str, int]] = Counter()
    captures = 0
    for status, host, count in db.execute(CAPTURES, asked):
        captures += count
        if host:
            refusals[host, status] += count
    return Lately(
        new=db.execute(NEW, asked).fetchone()[0],
        events=tuple(Counted(*row) for row in db.execute(EVENTS, asked)),
        captures=captures,
        refusals=tuple(Refusal(*of, count) for of, count in refusals.most_common()),
    )


def held(db: sqlite3.Connection) -> tuple[int, int]:
    """How many articles there are, of how many publishers."""
    query = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM publishers)"
    articles, publishers = db.execute(query).fetchone()
    return int(articles), int(publishers)


def last_crawls(db: sqlite3.Connection, limit: int = 1) -> list[Crawl]:
    """The crawls that began last, the last first."""
    query = """
        SELECT spider, arguments, started_at, finished_at, finish_reason, software, stats FROM crawls
        ORDER BY started_at DESC, id DESC LIMIT ?
    """
    return [_crawl(dict(row)) for row in db.execute(query, (limit,))]


def _crawl(row: dict[str, Any]) -> Crawl:
    stats = json.loads(row["stats"]) if row["stats"] else None
    return Crawl(**row | {"arguments": tuple(json.loads(row["arguments"])), "stats": stats})
