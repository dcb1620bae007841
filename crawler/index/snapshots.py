"""Captures as a reader of archived pages meets them: one with all its facts, and those around it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, fields
from typing import Any

from crawler.items import Place, Tls


@dataclass(frozen=True, slots=True)
class Policy:
    """What was asked of those who keep or use a page, as one capture shows it. None: nothing was said."""

    robots: str | None
    """Of robots.txt: allowed, not-asked."""
    x_robots_tag: str | None
    """As sent, several joined by " | "; so are those of ``meta_robots``."""
    meta_robots: str | None
    tdm_reservation: int | None
    """Of TDMRep: 1 reserved, 0 not."""
    tdm_policy: str | None
    """Address of the terms for text and data mining."""
    license: str | None
    """As the page names it."""
    terms: tuple[str, ...] | None
    """What all that comes to: noai, noarchive, tdm-reserved, …; None: the page was not read for it."""


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """One exchange on record."""

    id: int
    """Of this index only; ``record_id`` stays when the index is made again."""
    record_id: str
    url: str
    host: str
    captured_at: str
    method: str
    status: int
    mime: str | None
    kind: str
    """response, revisit."""
    warc: str
    """File name below ``archive/``."""
    offset: int
    """Of the record's gzip member, bytes."""
    length: int
    """Of that member, bytes."""
    payload_digest: str | None
    payload_sha256: str | None
    ip: str | None
    truncated: str | None
    via: str | None
    publisher_id: str | None
    purpose: str
    article_id: str | None
    outcome: str | None
    verdict: str | None
    """Why no article was there; None: it was, or none was looked for."""
    location: str | None
    """Of an article's redirect: where it leads, as sent."""
    etag: str | None
    last_modified: str | None
    refers_to: str | None
    """Of a revisit: the record_id of the response that has the payload."""
    page_of: str | None
    tls: Tls | None
    policy: Policy
    payload: Place | None
    """Where the payload is: here, or of a revisit where it was first; None: that is not on record here."""
    headline: str | None
    """Of the article, as it is now."""
    revision: int | None
    """The number of the article's revision that this capture shows; None: it shows no article."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a capture stands among all of its address, by record_id."""

    number: int
    """From 1, the oldest."""
    count: int
    previous: str | None
    next: str | None


FACTS = """
    SELECT c.*, o.warc AS payload_warc, o."offset" AS payload_offset, a.headline, CASE WHEN c.verdict IS NULL THEN (
        SELECT number FROM revisions r WHERE r.article_id = c.article_id AND r.seen_at <= c.captured_at
        ORDER BY r.seen_at DESC, r.number DESC LIMIT 1) END AS revision
    FROM captures c LEFT JOIN captures o ON o.record_id = coalesce(c.refers_to, c.record_id)
    LEFT JOIN articles a ON a.id = c.article_id
    WHERE {condition}
"""

MADE = ("tls", "policy", "payload")
"""Fields of CaptureFacts that are no columns of a row as they are."""

SAID = ("robots", "x_robots_tag", "meta_robots", "tdm_reservation", "tdm_policy", "license")


def capture_with_id(db: sqlite3.Connection, row_id: int) -> CaptureFacts | None:
    """The capture with this number in this index."""
    return _facts(db.execute(FACTS.format(condition="c.id = ?"), (row_id,)).fetchone())


def capture_of_record(db: sqlite3.Connection, record_id: str) -> CaptureFacts | None:
    """The capture with this WARC-Record-ID, without angle brackets; it has it in every index made of the archive."""
    return _facts(db.execute(FACTS.format(condition="c.record_id = ?"), (record_id,)).fetchone())


def _facts(row: sqlite3.Row | None) -> CaptureFacts | None:
    if row is None:
        return None
    plain = {field.name: row[field.name] for field in fields(CaptureFacts) if field.name not in MADE}
    here = row["payload_warc"] is not None
    return CaptureFacts(
        **plain,
        tls=Tls(**json.loads(row["tls"])) if row["tls"] else None,
        policy=_policy(row),
        payload=Place(row["payload_warc"], row["payload_offset"]) if here else None,
    )


def _policy(row: sqlite3.Row) -> Policy:
    terms = None if row["policy"] is None else tuple(json.loads(row["policy"]))
    return Policy(**{name: row[name] for name in SAID}, terms=terms)


POLICY = f"""
    SELECT {", ".join(SAID)}, policy FROM captures WHERE article_id = ? AND page_of IS NULL AND verdict IS NULL
    ORDER BY policy IS NULL, captured_at DESC, id DESC LIMIT 1
"""


def policy_of(db: sqlite3.Connection, article_id: str) -> Policy | None:
    """What was asked when an article's page was read last; None where it has no capture."""
    row = db.execute(POLICY, (article_id,)).fetchone()
    return _policy(row) if row else None


EARLIER = "url = :url AND (captured_at, id) < (:captured_at, :id)"
LATER = "url = :url AND (captured_at, id) > (:captured_at, :id)"
ONE = "SELECT record_id FROM captures WHERE {which} ORDER BY captured_at {way}, id {way} LIMIT 1"
AROUND = f"""
    SELECT 1 + (SELECT count(*) FROM captures WHERE {EARLIER}), (SELECT count(*) FROM captures WHERE url = :url),
        ({ONE.format(which=EARLIER, way="DESC")}), ({ONE.format(which=LATER, way="ASC")})
"""


def neighbours(db: sqlite3.Connection, capture: CaptureFacts) -> Neighbours:
    """What comes before and after a capture of the same address."""
    named: dict[str, Any] = {name: getattr(capture, name) for name in ("url", "captured_at", "id")}
    return Neighbours(*db.execute(AROUND, named).fetchone())


# A 304 names no type; an SVG is a document to the viewer, and no image.
REQUISITE = """
    SELECT record_id FROM captures
    WHERE url = :url AND (status = 200 OR kind = 'revisit') AND mime IS NOT 'image/svg+xml'
        AND (mime LIKE 'image/%' OR mime = 'text/css' OR (kind = 'revisit' AND mime IS NULL))
    ORDER BY abs(julianday(captured_at) - julianday(:at)), id LIMIT 1
"""


def requisite_near(db: sqlite3.Connection, url: str, captured_at: str) -> str | None:
    """The record_id of the capture of an image or style sheet that is nearest to a moment; None: there is none."""
    row = db.execute(REQUISITE, {"url": url, "at": captured_at}).fetchone()
    return row[0] if row else None
