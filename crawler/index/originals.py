"""What the archive holds of an address or payload already: for conditional requests, and for revisit records."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from crawler.index.moments import stamp
from crawler.items import Place

# What a revisit may refer to: a whole response that was no error, and that is no revisit itself.
WHOLE = "kind = 'response' AND truncated IS NULL AND status = 200"
COLUMNS = "record_id, url, captured_at, payload_digest, etag, last_modified"

TRIED = 4
"""Responses with one payload: there are two where it came in chunks and without, and more only where one is lost."""

NOTHING = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""The digest of an empty payload."""

OF_ADDRESS = f"""
    SELECT {COLUMNS} FROM captures WHERE url = ? AND captured_at <= ? AND {WHOLE} AND payload_digest <> '{NOTHING}'
    ORDER BY captured_at DESC LIMIT 1
"""

OF_PAYLOAD = f"""
    SELECT {COLUMNS} FROM captures WHERE payload_digest = ? AND captured_at <= ? AND {WHOLE}
    ORDER BY captured_at, id LIMIT {TRIED}
"""

PLACE = 'SELECT warc, "offset" FROM captures WHERE record_id = ?'


@dataclass(frozen=True, slots=True)
class Held:
    """A response on record."""

    record_id: str
    url: str
    captured_at: datetime
    payload_digest: str
    etag: str | None
    last_modified: str | None


def newest_of(db: sqlite3.Connection, url: str, until: datetime) -> Held | None:
    """The last whole response of an address until a moment: a clock may have been set back since."""
    return _held(db.execute(OF_ADDRESS, (url, stamp(until))).fetchone())


def originals_of(db: sqlite3.Connection, payload_digest: str, until: datetime) -> list[Held]:
    """The first whole responses with this payload until a moment, at any address; the digest as in the WARC."""
    rows = db.execute(OF_PAYLOAD, (payload_digest, stamp(until))).fetchall()
    return [held for row in rows if (held := _held(row))]


def place_of(db: sqlite3.Connection, record_id: str) -> Place | None:
    """Where a record is."""
    found = db.execute(PLACE, (record_id,)).fetchone()
    return Place(*found) if found else None


def _held(row: tuple[str, ...] | None) -> Held | None:
    if row is None:
        return None
    record_id, url, captured_at, digest, etag, last_modified = row
    return Held(record_id, url, datetime.fromisoformat(captured_at), digest, etag, last_modified)
