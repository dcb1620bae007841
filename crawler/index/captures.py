"""The rows of ``captures``: what is on record, and what came of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from crawler.index.moments import stamp
from crawler.items import Capture, Evidence
from crawler.normalisation.encodable import encodable
from crawler.normalisation.policy import linked_licences, reservation, terms
from crawler.normalisation.urls import host_of, surt

LIVE = "('new', 'revised', 'unchanged')"
"""Outcomes of captures that hold an article."""

COLUMNS = (
    *("url", "urlkey", "host", "captured_at", "method", "status", "mime", "kind", "record_id", "warc"),
    *("offset", "length", "payload_digest", "payload_sha256", "ip", "tls", "truncated", "via", "publisher_id"),
    *("purpose", "outcome", "etag", "last_modified", "refers_to", "page_of", "robots"),
    *("x_robots_tag", "tdm_reservation", "tdm_policy", "license"),
)

ADD = f"""
    INSERT INTO captures ({", ".join(f'"{name}"' for name in COLUMNS)}, crawl_id)
    VALUES ({", ".join(f":{name}" for name in COLUMNS)},
        (SELECT id FROM crawls WHERE started_at = :started_at AND spider = :spider))
    ON CONFLICT (record_id) DO NOTHING
"""

SEVERAL = " | "
"""Between the values of header fields or metas of one name."""

TDM_RESERVATION, TDM_POLICY = "tdm-reservation", "tdm-policy"

COPIED = (
    *("url", "method", "status", "mime", "kind", "record_id", "warc", "offset", "length", "payload_digest"),
    *("payload_sha256", "ip", "truncated", "etag", "last_modified", "refers_to"),
)
"""Columns that hold what the Capture's field of that name does."""


def add_capture(db: sqlite3.Connection, capture: Capture, outcome: str | None) -> None:
    """A row for a record; one that has a row keeps it as it is."""
    spider, _, started_at = (capture.notes.crawl or "").rpartition(" ")
    crawl = {"spider": spider, "started_at": started_at}
    db.execute(ADD, capture_row(capture) | crawl | {"outcome": outcome})


def set_place(db: sqlite3.Connection, capture: Capture) -> None:
    """Where a record is, since its file was written anew."""
    place = (capture.warc, capture.offset, capture.record_id)
    db.execute('UPDATE captures SET warc = ?, "offset" = ? WHERE record_id = ?', place)


def crawl_name(spider: str, started_at: datetime) -> str:
    """How captures name their crawl."""
    return f"{spider} {stamp(started_at)}"


def capture_row(capture: Capture) -> dict[str, Any]:
    """The columns that the record says all of."""
    row = {name: getattr(capture, name) for name in COPIED}
    notes = capture.notes
    return row | {
        "urlkey": surt(capture.url),
        "host": host_of(capture.url),
        "captured_at": stamp(capture.captured_at),
        "tls": json.dumps(asdict(capture.tls)) if capture.tls else None,
        "via": notes.via,
        "publisher_id": notes.publisher_id,
        "purpose": notes.purpose,
        "page_of": notes.page_of,
        "robots": notes.robots,
        "x_robots_tag": SEVERAL.join(_asked(capture, "x-robots-tag")) or None,
        **_tdm(capture, {}),
        "license": next(iter(linked_licences(_asked(capture, "link"))), None),
    }


def set_policy(db: sqlite3.Connection, capture: Capture, evidence: Iterable[Evidence]) -> None:
    """What an article's page asks of those who keep or use it: its header, and what was read on it."""
    said: dict[str, list[str]] = {}
    for each in evidence:
        if each.chosen:
            said.setdefault(each.field, []).append(each.value)
    robots, tdm = said.get("robots", []), _tdm(capture, said)
    license_ = next(iter([*said.get("license", []), *linked_licences(_asked(capture, "link"))]), None)
    asked = terms([*_asked(capture, "x-robots-tag"), *robots], tdm["tdm_reservation"], license_)
    row = {"meta_robots": SEVERAL.join(robots) or None, **tdm, "license": license_, "policy": json.dumps(asked)}
    columns = ", ".join(f"{name} = :{name}" for name in row)
    given = {name: encodable(value) for name, value in row.items()} | {"record_id": capture.record_id}
    db.execute(f"UPDATE captures SET {columns} WHERE record_id = :record_id", given)


def _tdm(capture: Capture, said: Mapping[str, list[str]]) -> dict[str, Any]:
    """What is said of text and data mining by the page, else by its header, else by its site; each part by itself."""

    def places(name: str) -> list[list[str]]:
        return [said.get(name, []), _asked(capture, name), _named(name, capture.notes.site_asks)]

    policies = (policy for place in places(TDM_POLICY) for policy in place)
    return {"tdm_reservation": reservation(*places(TDM_RESERVATION)), "tdm_policy": next(policies, None)}


def _asked(capture: Capture, name: str) -> list[str]:
    return _named(name, capture.asks)


def _named(name: str, fields: Iterable[tuple[str, str]]) -> list[str]:
    return [value for field, value in fields if field == name]


def set_outcome(db: sqlite3.Connection, record_id: str, outcome: str) -> None:
    """What became of an article's page that is no article in the index; what was stored before stays so."""
    db.execute(
        f"UPDATE captures SET outcome = ? WHERE record_id = ? AND coalesce(outcome, '') NOT IN {LIVE}",
        (outcome, record_id),
    )


@dataclass(frozen=True, slots=True)
class Pending:
    """A page that is on record and not extracted."""

    record_id: str
    warc: str
    offset: int


def pending(db: sqlite3.Connection) -> list[Pending]:
    """The pages that nobody came to extract, oldest first."""
    query = """SELECT record_id, warc, "offset" FROM captures WHERE outcome = 'pending' ORDER BY captured_at"""
    return [Pending(*row) for row in db.execute(query)]


def capture_id(db: sqlite3.Connection, record_id: str) -> int:
    """The row of a record. Raises LookupError where there is none."""
    row = db.execute("SELECT id FROM captures WHERE record_id = ?", (record_id,)).fetchone()
    if row is None:
        raise LookupError(f"no capture {record_id} in the index; run scrapy reindex")
    return int(row[0])
