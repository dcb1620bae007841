"""The rows that frame the captures: publishers, crawls, sealed files, events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.index.moments import stamp
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


def put_publisher(db: sqlite3.Connection, publisher: PublisherRow) -> None:
    """A row for the publisher; domains that an earlier crawl found stay, behind those given now."""
    known = db.execute("SELECT domains FROM publishers WHERE id = ?", (publisher.id,)).fetchone()
    domains = list(dict.fromkeys([*publisher.domains, *(json.loads(known[0]) if known else ())]))
    db.execute(
        "INSERT INTO publishers (id, name, country, languages, domains, notes) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = excluded.country, "
        "languages = excluded.languages, domains = excluded.domains, notes = excluded.notes",
        (
            publisher.id,
            publisher.name,
            publisher.country,
            json.dumps(list(publisher.languages)),
            json.dumps(domains),
            publisher.notes,
        ),
    )


def start_crawl(db: sqlite3.Connection, spider: str, arguments: Sequence[str], at: datetime, software: str) -> int:
    """The id of a new crawl."""
    row = (spider, json.dumps(list(arguments), ensure_ascii=False), stamp(at), software)
    cursor = db.execute("INSERT INTO crawls (spider, arguments, started_at, software) VALUES (?, ?, ?, ?)", row)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish_crawl(db: sqlite3.Connection, crawl_id: int, reason: str, stats: Mapping[str, Any], at: datetime) -> None:
    """How a crawl ended."""
    row = (stamp(at), reason, json.dumps(dict(stats), ensure_ascii=False, default=str), crawl_id)
    db.execute("UPDATE crawls SET finished_at = ?, finish_reason = ?, stats = ? WHERE id = ?", row)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A WARC file that will not change any more."""

    filename: str
    bytes: int
    records: int
    sealed_at: datetime
    sha256: str
    previous_sha256: str | None


def add_sealed(db: sqlite3.Connection, sealed: SealedRow) -> None:
    """A row for a sealed file; one that has a row keeps it."""
    db.execute(
        "INSERT INTO warcs (filename, bytes, records, sealed_at, sha256, previous_sha256) VALUES (?, ?, ?, ?, ?, ?) "
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
    )


def add_event(db: sqlite3.Connection, event: Event) -> None:
    """A row for an event; the same one again changes nothing."""
    db.execute(
        "INSERT INTO events (at, kind, publisher_id, article_id, detail, capture_id) "
        "VALUES (?, ?, ?, ?, ?, (SELECT id FROM captures WHERE record_id = ?)) ON CONFLICT DO NOTHING",
        (*event_row(event), event.record_id),
    )


def event_row(event: Event) -> tuple[Any, ...]:
    """Its moment, kind, publisher, article and detail, as the columns have them."""
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
    return stamp(event.at), event.kind, event.publisher_id, event.article_id, detail


def known_files(db: sqlite3.Connection) -> frozenset[str]:
    """The sealed WARC files that have a row."""
    return frozenset(name for (name,) in db.execute("SELECT filename FROM warcs"))
