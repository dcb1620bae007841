"""What a verification came across, in a temporary database of its own: memory does not grow with the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.items import Capture

CACHE_KIB = 32 * 1024

TABLES = """
CREATE TABLE records (record_id TEXT);
CREATE TABLE captures (
    record_id TEXT, warc TEXT, kind TEXT, url TEXT, captured_at TEXT, payload_digest TEXT, status INTEGER,
    truncated TEXT
);
CREATE TABLE referring (at TEXT, record_id TEXT, url TEXT, date TEXT, payload_digest TEXT, captured_at TEXT);
"""


@dataclass(frozen=True, slots=True)
class SeenResponse:
    """What a revisit may refer to."""

    url: str
    captured_at: datetime
    payload_digest: str | None
    status: int
    truncated: str | None


class Seen:
    """To be filled first, and asked when all is in it."""

    def __init__(self) -> None:
        # Without a name: SQLite writes it into a temporary file when it outgrows the cache.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIB}; BEGIN; {TABLES}"
        )
        self._has_index = False

    def close(self) -> None:
        self._db.close()

    def add_records(self, record_ids: Iterable[str]) -> None:
        """All records of a file, the warcinfo too."""
        self._db.executemany("INSERT INTO records VALUES (?)", ((record_id,) for record_id in record_ids))

    def add_captures(self, captures: Iterable[Capture]) -> None:
        rows = (
            (c.record_id, c.warc, c.kind, c.url, c.captured_at.isoformat(), c.payload_digest, c.status, c.truncated)
            for c in captures
        )
        self._db.executemany("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def add_references(self, rows: Iterable[tuple[str, str, str, str, str, datetime]]) -> None:
        """Where a revisit is; id, URL, date and payload digest of what it says it refers to; and its own moment."""
        written = ((*row[:5], row[5].isoformat()) for row in rows)
        self._db.executemany("INSERT INTO referring VALUES (?, ?, ?, ?, ?, ?)", written)

    def doubled(self) -> Iterator[tuple[str, int]]:
        """Ids that several records have, with how many."""
        yield from self._db.execute("SELECT record_id, count(*) FROM records GROUP BY 1 HAVING count(*) > 1")

    def has_capture(self, record_id: str, warc: str) -> bool:
        """Whether a capture was in a file."""
        return bool(self._found("SELECT 1 FROM captures WHERE record_id = ? AND warc = ?", record_id, warc))

    def references(self) -> Iterator[tuple[tuple[str, str, str, str, str, datetime], SeenResponse | None]]:
        """Those that were added, each with the response that has the id."""
        for *said, captured_at in self._db.execute("SELECT * FROM referring"):
            at, record_id, url, date, digest = said
            yield (at, record_id, url, date, digest, datetime.fromisoformat(captured_at)), self._response(record_id)

    def _response(self, record_id: str) -> SeenResponse | None:
        query = "SELECT url, captured_at, payload_digest, status, truncated FROM captures WHERE record_id = ?"
        for url, captured_at, *facts in self._found(f"{query} AND kind = 'response' LIMIT 1", record_id):
            return SeenResponse(url, datetime.fromisoformat(captured_at), *facts)
        return None

    def _found(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        if not self._has_index:  # sorted once, not with each row
            self._db.execute("CREATE INDEX captures_record ON captures (record_id)")
            self._has_index = True
        return self._db.execute(query, values).fetchall()
