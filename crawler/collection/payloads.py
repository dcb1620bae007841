"""What a capture brought, read from where it is on record: for those who look at an archived page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import BadRecord
from crawler.index.database import Connection
from crawler.index.originals import originals_of, place_of
from crawler.index.snapshots import CaptureFacts
from crawler.items import Place
from crawler.warc.reader import Record, decode, read


@dataclass(frozen=True, slots=True)
class Brought:
    """The payload of a capture."""

    data: bytes
    """Content codings removed."""
    content_type: str | None
    """As the header has it, parameters included."""
    problem: str | None
    """Why ``data`` is not all of it, or not decoded; None: nothing is wrong with it."""
    place: Place
    """Of the record that holds it: of a revisit another one than its own."""
    location: str | None
    """Where the answer sends its visitors, as sent."""

    @property
    def mime(self) -> str | None:
        """The media type, in lower case, without parameters."""
        return (self.content_type or "").split(";")[0].strip().lower() or None


def brought(folder: Path, db: Connection, capture: CaptureFacts) -> Brought:
    """The payload of a capture of this collection. Raises BadRecord: which file, where, and what to do."""
    place = _payload_place(db, capture)
    try:
        record = read(folder, place.warc, place.offset)
    except (BadRecord, OSError) as error:
        raise BadRecord(f"{error}; scrapy verify lists all that cannot be read, a copy of the file mends it") from error
    _refuse_others(record, place, capture)
    decoded = decode(record)
    head = record.http()
    return Brought(decoded.data, head.get("content-type"), decoded.problem, place, head.get("location"))


def _payload_place(db: Connection, capture: CaptureFacts) -> Place:
    """Where the payload is: of a revisit, in the response that it refers to, or else in one with its digest."""
    if capture.kind != "revisit":
        return Place(capture.warc, capture.offset)
    if capture.refers_to is not None and capture.payload is not None:
        return capture.payload
    until = datetime.fromisoformat(capture.captured_at)
    same = originals_of(db, capture.payload_digest, until) if capture.payload_digest else []
    for held in same:
        if place := place_of(db, held.record_id):
            return place
    named = f", record {capture.refers_to}," if capture.refers_to else ""
    raise BadRecord(
        f"{capture.warc}:{capture.offset}: a revisit record, whose payload is in an earlier one{named} that is not in "
        "the index; import the file that has it with scrapy reindex, or look at another capture of the address"
    )


def _refuse_others(record: Record, place: Place, capture: CaptureFacts) -> None:
    expected = capture.refers_to or (capture.record_id if capture.kind != "revisit" else record.record_id)
    if record.record_id != expected:
        raise BadRecord(
            f"{place.warc}:{place.offset}: record {record.record_id or 'without an id'} is where the index has "
            f"{expected}; scrapy reindex makes the index anew from the files"
        )
