"""The rows that frame the captures: publishers, crawls, sealed files, events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.index.aliases import MERGED, merge_ids
from crawler.index.learnt import LEARNT, learn
from crawler.index.mirrors import DECISIONS, decide
from crawler.index.moments import stamp
from crawler.index.naming import NAMED, note_named, suggest_named
from crawler.items import Event


@dataclass(frozen=True, slots=True)
class PublisherRow:
    """Who publishes, as the index names it."""

    id: str
    name: str
    domains: Sequence[str]
    country: str | None = None
    languages: Sequence[str] = ()
    notes: str | None = None
    is_stated: bool = False
    """Whether the name is one that a page states, rather than a definition's."""


_SHORTEST = """
    CASE WHEN excluded.name = excluded.id THEN publishers.name
    WHEN publishers.name = publishers.id THEN excluded.name
    WHEN (length(excluded.name), excluded.name) < (length(publishers.name), publishers.name) THEN excluded.name
    ELSE publishers.name END
"""


def put_publisher(db: sqlite3.Connection, publisher: PublisherRow) -> None:
    """A row for the publisher; domains that an earlier crawl found stay, behind those given now.

    Of several names that pages state it is called by the shortest, whichever page was stored first.
    """
    known = db.execute("SELECT domains FROM publishers WHERE id = ?", (publisher.id,)).fetchone()
    domains = list(dict.fromkeys([*publisher.domains, *(json.loads(known[0]) if known else ())]))
    db.execute(
        "INSERT INTO publishers (id, name, country, languages, domains, notes) VALUES (?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (id) DO UPDATE SET name = {_SHORTEST if publisher.is_stated else 'excluded.name'}, "
        "country = excluded.country, languages = excluded.languages, domains = excluded.domains, "
        "notes = excluded.notes",
        (
            publisher.id,
            publisher.name,
            publisher.country,
            json.dumps(list(publisher.languages)),
            json.dumps(domains),
            publisher.notes,
        ),
    )
    if known is None:
        suggest_named(db, publisher.id)


def domains_of(db: sqlite3.Connection, publisher_id: str) -> list[str]:
    """The hosts of a publisher, in order of preference; none where no article of it is held."""
    row = db.execute("SELECT domains FROM publishers WHERE id = ?", (publisher_id,)).fetchone()
    return [str(domain) for domain in json.loads(row[0])] if row else []


CRAWL_STARTED = "crawl-started"
CRAWL_FINISHED = "crawl-finished"
"""Kinds of events that are rows of ``crawls``. The detail of both names the crawl: ``spider``, ``started_at``."""


def crawl_started(spider: str, arguments: Sequence[str], at: datetime, software: str) -> Event:
    """The event that a crawl begins with."""
    detail: dict[str, object] = {"spider": spider, "arguments": list(arguments), "software": software}
    return Event(CRAWL_STARTED, at, detail={**detail, "started_at": stamp(at)})


def crawl_finished(spider: str, started_at: datetime, reason: str, at: datetime) -> Event:
    """The event that it ends with."""
    return Event(
        CRAWL_FINISHED, at, detail={"spider": spider, "started_at": stamp(started_at), "finish_reason": reason}
    )


def add_stats(db: sqlite3.Connection, spider: str, started_at: datetime, stats: Mapping[str, Any]) -> None:
    """Scrapy's counters of a crawl, which are nowhere but in the index."""
    row = (json.dumps(dict(stats), ensure_ascii=False, default=str), spider, stamp(started_at))
    db.execute("UPDATE crawls SET stats = ? WHERE spider = ? AND started_at = ?", row)


def _start_crawl(db: sqlite3.Connection, event: Event) -> None:
    row = crawl_row(event)
    db.execute(
        "INSERT INTO crawls (spider, started_at, arguments, software) SELECT :spider, :started_at, :arguments, "
        ":software WHERE NOT EXISTS (SELECT 1 FROM crawls WHERE started_at = :started_at AND spider = :spider)",
        row,
    )


def crawl_row(event: Event) -> dict[str, Any]:
    """What an event says of its crawl, as the columns of ``crawls`` have it."""
    row = dict(event.detail)
    if event.kind == CRAWL_FINISHED:
        return row | {"finished_at": stamp(event.at)}
    return row | {"arguments": json.dumps(row["arguments"], ensure_ascii=False)}


def _finish_crawl(db: sqlite3.Connection, event: Event) -> None:
    db.execute(
        "UPDATE crawls SET finished_at = :finished_at, finish_reason = :finish_reason "
        "WHERE spider = :spider AND started_at = :started_at",
        crawl_row(event),
    )


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A WARC file that will not change any more."""

    filename: str
    bytes: int
    records: int
    sealed_at: datetime
    sha256: str
    previous_sha256: str | None
    replaces: str | None = None


def add_sealed(db: sqlite3.Connection, sealed: SealedRow) -> None:
    """A row for a sealed file; one that has a row keeps it."""
    db.execute(
        "INSERT INTO warcs (filename, bytes, records, sealed_at, sha256, previous_sha256, replaces) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (filename) DO NOTHING",
        sealed_row(sealed),
    )


def sealed_row(sealed: SealedRow) -> tuple[Any, ...]:
    """The columns of ``warcs``, without the number."""
    return (
        sealed.filename,
        sealed.bytes,
        sealed.records,
        stamp(sealed.sealed_at),
        sealed.sha256,
        sealed.previous_sha256,
        sealed.replaces,
    )


OF_STATES = ("gone", "blocked", "moved", "restored")
"""Kinds of events by which an article's state changed."""

OF_EDITS = ("edited", "silently-edited")

DERIVED = frozenset((*OF_STATES, *OF_EDITS))
"""Kinds that are on record nowhere: they follow from the captures, in a crawl as in a reindex."""


def add_event(db: sqlite3.Connection, event: Event) -> None:
    """A row for an event, or what it changes in a crawl's; the same one again changes nothing."""
    if event.kind in OF_CRAWLS:
        OF_CRAWLS[event.kind](db, event)
        return
    db.execute(
        "INSERT INTO events (at, kind, publisher_id, article_id, detail, capture_id) "
        "VALUES (?, ?, ?, ?, ?, (SELECT id FROM captures WHERE record_id = ?)) ON CONFLICT DO NOTHING",
        (*event_row(event), event.record_id),
    )
    if event.kind in DECISIONS:
        decide(db, event)
    if event.kind == NAMED:
        note_named(db, event)
    if event.kind == LEARNT:
        learn(db, event)
    if event.kind == MERGED:
        merge_ids(db, event)


def event_row(event: Event) -> tuple[Any, ...]:
    """Its moment, kind, publisher, article and detail, as the columns have them."""
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
    return stamp(event.at), event.kind, event.publisher_id, event.article_id, detail


IMPORTED = "imported"
"""The kind of the event by which a reindex knows of another program's file: ``file``, ``bytes``, ``sha256``."""


def imported_files(db: sqlite3.Connection) -> dict[str, str]:
    """The sha256 of each imported file by its path, as it was when it was last imported."""
    query = (
        "SELECT json_extract(detail, '$.file'), json_extract(detail, '$.sha256') FROM events WHERE kind = ? ORDER BY at"
    )
    return dict(db.execute(query, (IMPORTED,)).fetchall())


def known_files(db: sqlite3.Connection) -> frozenset[str]:
    """The sealed WARC files that have a row."""
    return frozenset(name for (name,) in db.execute("SELECT filename FROM warcs"))


OF_CRAWLS = {CRAWL_STARTED: _start_crawl, CRAWL_FINISHED: _finish_crawl}


def counts(db: sqlite3.Connection) -> tuple[int, int, int, int]:
    """Sealed files, captures, articles and revisions."""
    tables = ("warcs", "captures", "articles", "revisions")
    found = db.execute(f"SELECT {', '.join(f'(SELECT count(*) FROM {table})' for table in tables)}").fetchone()
    return found[0], found[1], found[2], found[3]
