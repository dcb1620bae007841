"""Publishers, and what is held of each."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.index.ledger import DERIVED
from crawler.index.overview import Counted


@dataclass(frozen=True, slots=True)
class PublisherLine:
    """One publisher among all."""

    id: str
    name: str
    country: str | None
    """ISO 3166-1 alpha-2."""
    languages: tuple[str, ...]
    articles: int
    revisions: int
    """Of all articles, the first ones too."""
    away: int
    """Articles that are gone, blocked or moved."""
    domains: tuple[str, ...]
    """In order of preference."""
    newest_id: str | None
    """The article that was published last; None: none states a date. So with the following two."""
    newest_headline: str | None
    newest_at: str | None
    last_captured_at: str | None
    """When anything of it was fetched last."""


@dataclass(frozen=True, slots=True)
class PublisherFacts:
    """What is known of one publisher."""

    line: PublisherLine
    notes: str | None
    first_captured_at: str | None
    captures: int
    away: tuple[Counted, ...]
    """Articles by state that are not live: gone, moved, blocked."""
    changes: tuple[Counted, ...]
    """Events by kind: edited, silently-edited, gone, …"""
    sections: tuple[Section, ...]
    """Of the newest articles, those with most first; so are ``authors`` and ``languages``."""
    authors: tuple[Counted, ...]
    """As bylines name them."""
    languages: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a publisher."""

    path: tuple[str, ...]
    """From the general to the particular."""
    articles: int


# An article's id begins with its publisher's; "0" is what follows "/".
LINES = """
    SELECT p.id, p.name, p.country, p.languages, p.domains, p.notes,
        (SELECT count(*) FROM articles WHERE publisher_id = p.id),
        (SELECT count(*) FROM revisions WHERE article_id >= p.id || '/' AND article_id < p.id || '0'),
        (SELECT count(*) FROM articles WHERE publisher_id = p.id AND state <> 'live'), a.id, a.headline, a.published_at,
        (SELECT max(captured_at) FROM captures WHERE publisher_id = p.id)
    FROM publishers p LEFT JOIN articles a ON a.number = (
        SELECT number FROM articles WHERE publisher_id = p.id AND published_at IS NOT NULL
        ORDER BY published_at DESC, number DESC LIMIT 1)
"""

CAPTURES = "SELECT min(captured_at), count(*) FROM captures WHERE publisher_id = ?"
CHANGES = f"""
    SELECT kind, count(*) FROM events WHERE publisher_id = ? AND kind IN {tuple(sorted(DERIVED))}
    GROUP BY kind ORDER BY 2 DESC, kind
"""
AWAY = """
    SELECT state, count(*) FROM articles WHERE publisher_id = ? AND state <> 'live' GROUP BY state ORDER BY 2 DESC
"""
NEWEST = """
    SELECT section_path, authors, language FROM articles WHERE publisher_id = ? ORDER BY published_at DESC LIMIT ?
"""

LOOKED_AT = 10_000
"""Articles whose sections, authors and languages are counted, those published last."""
SHOWN = 20
"""Sections and authors."""


def publisher_lines(db: sqlite3.Connection) -> list[PublisherLine]:
    """All publishers, by name."""
    lines = [_line(*row) for row in db.execute(LINES)]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.id))


@dataclass(frozen=True, slots=True)
class LastCaptured:
    """When anything of a publisher was fetched last."""

    id: str
    name: str
    at: str


LAST_CAPTURED = """
    SELECT id, name, (SELECT max(captured_at) FROM captures WHERE publisher_id = p.id) AS at FROM publishers p
    WHERE at IS NOT NULL ORDER BY at DESC, id LIMIT ?
"""


def last_captured(db: sqlite3.Connection, limit: int) -> list[LastCaptured]:
    """The publishers from which something was fetched last, the last first."""
    return [LastCaptured(*row) for row in db.execute(LAST_CAPTURED, (limit,))]


def publisher_names(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Ids and names of all publishers, by name."""
    rows = db.execute("SELECT id, name FROM publishers").fetchall()
    return sorted(((row[0], row[1]) for row in rows), key=lambda each: (each[1].casefold(), each[0]))


def publisher_facts(db: sqlite3.Connection, publisher_id: str) -> PublisherFacts | None:
    """One publisher; None where no article of it is held."""
    row = db.execute(f"{LINES} WHERE p.id = ?", (publisher_id,)).fetchone()
    if row is None:
        return None
    one = (publisher_id,)
    first, captures = db.execute(CAPTURES, one).fetchone()
    newest = db.execute(NEWEST, (publisher_id, LOOKED_AT)).fetchall()
    sections = Counter(path for path, _, _ in newest if path != "[]").most_common(SHOWN)
    return PublisherFacts(
        line=_line(*row),
        notes=row["notes"],
        first_captured_at=first,
        captures=captures,
        away=tuple(Counted(*found) for found in db.execute(AWAY, one)),
        changes=tuple(Counted(*found) for found in db.execute(CHANGES, one)),
        sections=tuple(Section(tuple(json.loads(path)), count) for path, count in sections),
        authors=_commonest(_names(authors for _, authors, _ in newest)),
        languages=_commonest(Counter(language for _, _, language in newest if language)),
    )


def _names(bylines: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for byline, count in Counter(bylines).items():
        found.update(dict.fromkeys(json.loads(byline), count))
    return found


def _commonest(counter: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(*item) for item in counter.most_common(SHOWN))


def _line(
    publisher_id: str,
    name: str,
    country: str | None,
    languages: str | None,
    domains: str,
    _notes: str | None,
    articles: int,
    revisions: int,
    away: int,
    *newest_and_last: str | None,
) -> PublisherLine:
    spoken, hosts = (tuple(json.loads(listed or "[]")) for listed in (languages, domains))
    return PublisherLine(publisher_id, name, country, spoken, articles, revisions, away, hosts, *newest_and_last)
