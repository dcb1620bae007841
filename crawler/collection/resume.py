"""After a kill: what is on record is extracted from there, and its URLs are not fetched again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.errors import BadRecord
from crawler.frontier.protocol import End, Lease
from crawler.frontier.schedule import next_due
from crawler.items import Capture, Event
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.names import warc_path
from crawler.warc.reader import records
from crawler.warc.records import target_uri


@dataclass(frozen=True, slots=True)
class Recovered:
    """What WARC files say that an earlier process may not have brought into the index."""

    captures: list[Capture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def capture_at(folder: Path, warc: str, offset: int) -> Capture:
    """The capture whose records begin at an offset of a collection's file. Raises BadRecord."""
    path = warc_path(folder, warc)
    group = next(groups(records(path, offset)), None)
    if group is None or not is_exchange(group):
        raise BadRecord(f"{path}:{offset}: no exchange begins here")
    return capture_of(group)


def ends_of(leases: Iterable[Lease], capture: Capture, now: datetime) -> list[End]:
    """The end of the lease that a page was fetched under, where nobody came to store it."""
    return [_end(lease, capture, now) for lease in leases if target_uri(lease.entry.url) == capture.url]


def _end(lease: Lease, capture: Capture, now: datetime) -> End:
    return End(
        lease,
        "done",
        due_at=next_due("article", "done", 0, lease.seen_at, now),
        status=capture.status,
        etag=capture.etag,
        last_modified=capture.last_modified,
        payload_digest=capture.payload_digest,
    )
