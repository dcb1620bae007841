"""After a kill: what is on record is extracted from there, and its URLs are not fetched again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crawler.discovery.sources import publisher_at
from crawler.errors import BadRecord
from crawler.frontier.protocol import End, Lease
from crawler.frontier.verdicts import Verdict, end_of
from crawler.items import Capture, Event
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.names import is_imported, warc_path
from crawler.warc.reader import readable
from crawler.warc.records import target_uri

PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What WARC files say that an earlier process may not have brought into the index."""

    captures: list[Capture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def capture_at(folder: Path, warc: str, offset: int) -> Capture:
    """The capture whose records begin at an offset of a file: a collection's, or one that was imported.

    Raises BadRecord.
    """
    path = warc_path(folder, warc)
    group = next(groups(readable(path, offset)), None)
    if group is None or not is_exchange(group):
        raise BadRecord(f"{path}:{offset}: no exchange begins here")
    capture = replace(capture_of(group), warc=warc)
    return adopted(capture) if is_imported(warc) else capture


def adopted(capture: Capture) -> Capture:
    """A capture of an imported file with what ours say of themselves: whose it is, and whether it may be a page.

    Where the file is ours after all, an export say, that stays as it is.
    """
    notes = capture.notes
    if notes.publisher_id is not None:
        return capture
    is_page = capture.kind == "revisit" or (capture.status == 200 and capture.mime in PAGES)
    purpose = "article" if is_page else notes.purpose
    return replace(capture, notes=replace(notes, publisher_id=publisher_at(capture.url).id, purpose=purpose))


def ends_of(leases: Iterable[Lease], capture: Capture, now: datetime) -> list[End]:
    """The end of the lease that a page was fetched under, where nobody came to store it."""
    done = Verdict("done")
    return [end_of(lease, done, capture, now) for lease in leases if target_uri(lease.entry.url) == capture.url]
