"""Part of an archive as one WARC file: the records as they are, member by member, behind a warcinfo of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from crawler.errors import BadRecord
from crawler.items import Capture, Event, Place
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.events import event_of, is_event
from crawler.warc.groups import warcinfo
from crawler.warc.names import is_imported, warc_path
from crawler.warc.reader import READ_BYTES, Record, everything, readable, records


@dataclass(slots=True)
class Slice:
    """What was copied."""

    records: int = 0
    bytes: int = 0


def copy_records(
    folder: Path,
    places: Iterable[Place],
    out: BinaryIO,
    *,
    filename: str,
    info: Mapping[str, str],
    on_capture: Callable[[Capture], None] = lambda capture: None,
) -> Slice:
    """Copies exchanges, each told with its place in the new file, and events. Before the first of a file comes its
    warcinfo, also where that file is one of several in a WACZ.

    Raises BadRecord where a record cannot be read, OSError where nothing can be written.
    """
    copied = Slice()
    _put(out, b"".join(warcinfo(info, filename, datetime.now(UTC)).pieces()), 1, copied)
    last = None
    for place in places:
        path = warc_path(folder, place.warc)
        group = _group(path, place.warc, place.offset)
        origin = place.warc, group[0].uri("WARC-Warcinfo-ID")
        if origin != last:
            described = _warcinfo(path, origin[1])
            if described is not None:
                _put(out, _bytes(path, [described]), 1, copied)
            last = origin
        if is_exchange(group):
            on_capture(replace(capture_of(group), warc=filename, offset=copied.bytes, length=group[0].length))
        _put(out, _bytes(path, group), len(group), copied)
    return copied


def all_places(
    folder: Path, filenames: Iterable[str], is_wanted: Callable[[Sequence[Record]], bool] = is_exchange
) -> Iterator[Place]:
    """The places of all exchanges of some files, or of the groups wanted, in their order."""
    for filename in filenames:
        for group in groups(records(warc_path(folder, filename))):
            if is_wanted(group):
                yield Place(filename, group[0].offset)


def is_event_that(group: Sequence[Record], is_wanted: Callable[[Event], bool]) -> bool:
    """Whether a group is an event, and one that is wanted. Raises BadRecord where it cannot be read."""
    return is_event(group[0]) and is_wanted(event_of(group[0]))


def _group(path: Path, warc: str, offset: int) -> list[Record]:
    # After a record of a file that others made may come the rest of a ZIP file, or a cut.
    found = readable(path, offset) if is_imported(warc) else records(path, offset)
    group = next(groups(found), None)
    if group is None or not (is_exchange(group) or is_event(group[0])):
        raise BadRecord(f"{path}:{offset}: no exchange begins here; scrapy verify says what is wrong")
    return group


def _warcinfo(path: Path, record_id: str | None) -> Record | None:
    """The warcinfo record with this id, or the first where no id is given; None: there is none, or it is damaged."""
    for record in everything(path):
        if isinstance(record, Record) and record.type == "warcinfo" and record_id in (None, record.record_id):
            return record
    return None


def _bytes(path: Path, group: list[Record]) -> bytes:
    """Of neighbouring records, as they are in their file."""
    length = group[-1].offset + group[-1].length - group[0].offset
    with path.open("rb", buffering=READ_BYTES) as file:
        file.seek(group[0].offset)
        return file.read(length)


def _put(out: BinaryIO, data: bytes, count: int, copied: Slice) -> None:
    out.write(data)
    copied.bytes += len(data)
    copied.records += count
