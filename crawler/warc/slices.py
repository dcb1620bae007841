"""Part of an archive as one WARC file: the records as they are, member by member, behind a warcinfo of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from crawler.errors import BadRecord
from crawler.items import Capture, Place
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.groups import warcinfo
from crawler.warc.names import is_imported, warc_path
from crawler.warc.reader import READ_BYTES, Record, read_file, readable, records


@dataclass(slots=True)
class Slice:
    """What was copied."""

    records: int = 0
    bytes: int = 0


def copy_exchanges(
    folder: Path,
    places: Iterable[Place],
    out: BinaryIO,
    *,
    filename: str,
    info: Mapping[str, str],
    on_capture: Callable[[Capture], None] = lambda capture: None,
) -> Slice:
    """Copies exchanges, each told with its place in the new file. Before the first of a file comes its warcinfo.

    Raises BadRecord where a record cannot be read, OSError where nothing can be written.
    """
    copied = Slice()
    _put(out, b"".join(warcinfo(info, filename, datetime.now(UTC)).pieces()), 1, copied)
    last = None
    for place in places:
        path = warc_path(folder, place.warc)
        if place.warc != last:
            if path.suffix != ".wacz" and (first := read_file(path, 0)).type == "warcinfo":  # that begins as a ZIP file
                _put(out, _bytes(path, [first]), 1, copied)
            last = place.warc
        group = _exchange(path, place.warc, place.offset)
        on_capture(replace(capture_of(group), warc=filename, offset=copied.bytes, length=group[0].length))
        _put(out, _bytes(path, group), len(group), copied)
    return copied


def all_exchanges(folder: Path, filenames: Iterable[str]) -> Iterator[Place]:
    """The places of all exchanges of some files, in their order."""
    for filename in filenames:
        for group in groups(records(warc_path(folder, filename))):
            if is_exchange(group):
                yield Place(filename, group[0].offset)


def _exchange(path: Path, warc: str, offset: int) -> list[Record]:
    # After a record of a file that others made may come the rest of a ZIP file, or a cut.
    found = readable(path, offset) if is_imported(warc) else records(path, offset)
    group = next(groups(found), None)
    if group is None or not is_exchange(group):
        raise BadRecord(f"{path}:{offset}: no exchange begins here; scrapy verify says what is wrong")
    return group


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
