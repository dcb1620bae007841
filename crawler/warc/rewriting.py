"""A sealed WARC file without some of its records: a new file in its place, and a chain that says so.

The steps are ordered so that a crash between any two loses nothing: the new file is whole before the manifest names
it, and the old one goes last. ``finish`` makes up for a crash.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.cdxj import cdxj_line, write_index
from crawler.warc.durable import storage_errors, sync, sync_folder
from crawler.warc.fields import CONTENT_TYPE
from crawler.warc.groups import draft
from crawler.warc.manifest import SealedWarc, add, sealed
from crawler.warc.names import archive_folder, index_path, new_warc_name
from crawler.warc.reader import Record, records
from crawler.warc.records import Draft, moment_of
from crawler.warc.sealing import Contents

UNFINISHED = ".rewriting"
"""Ends the name of a file that is being written in the place of another."""


def rewrite(
    folder: Path, filename: str, dropped: Container[str], blocks: Mapping[str, bytes] = MappingProxyType({})
) -> SealedWarc:
    """Takes the exchanges and events with these record ids out of a collection's sealed file.

    The records that ``blocks`` names have these from now on. All others are byte for byte as they were; the warcinfo
    record names the new file, and the one it replaces.
    Raises BadRecord where the file is damaged, DiskFull, FolderNotUsable; then the old file is as it was.
    """
    archive = archive_folder(folder)
    name = _new_name(archive, filename)
    path = archive / (name + UNFINISHED)
    with storage_errors(path):
        contents, lines = _copy(archive / filename, path, name, dropped, blocks)
        write_index(folder, name, lines)
        entry = add(
            archive,
            name,
            size=contents.size,
            records=contents.records,
            sealed_at=datetime.now(UTC),
            sha256=contents.sha256.hexdigest(),
            replaces=filename,
        )
        finish(folder)
    return entry


def finish(folder: Path) -> None:
    """Puts in place what a rewriting has listed, and removes what it left over. Raises OSError."""
    archive = archive_folder(folder)
    for entry in sealed(archive):
        if entry.replaces is None:
            continue
        path, old = archive / entry.filename, archive / entry.replaces
        unfinished = archive / (entry.filename + UNFINISHED)
        if unfinished.exists():
            unfinished.rename(path)
            sync_folder(archive)
        if path.exists() and old.exists():
            old.unlink()
            index_path(folder, old.name).unlink(missing_ok=True)
            sync_folder(archive)
    for left in archive.glob("*" + UNFINISHED):
        index_path(folder, left.name.removesuffix(UNFINISHED)).unlink(missing_ok=True)
        left.unlink()


def _copy(
    old: Path, new: Path, name: str, dropped: Container[str], blocks: Mapping[str, bytes]
) -> tuple[Contents, list[str]]:
    contents, lines = Contents(), []
    with old.open("rb") as source, new.open("wb") as out:
        for group in groups(records(old)):
            first = group[0]
            if first.type == "warcinfo":
                data = _warcinfo(first, name)
            elif first.record_id in dropped:
                continue
            else:
                data = b"".join(_copied(source, record, blocks) for record in group)
            if is_exchange(group):
                lines.append(cdxj_line(replace(capture_of(group), warc=name, offset=contents.size)))
            out.write(data)
            contents.take(data)
            contents.records += len(group)
        out.flush()
        sync(out.fileno())
    return contents, lines


def _warcinfo(record: Record, name: str) -> bytes:
    """With the id that all other records name."""
    fields = (("WARC-Filename", name), ("Content-Type", CONTENT_TYPE))
    block = record.block + f"replaces: {record.warc}\r\n".encode()
    return b"".join(draft("warcinfo", moment_of(record.date), fields, block, record_id=record.record_id).pieces())


def _copied(source: BinaryIO, record: Record, blocks: Mapping[str, bytes]) -> bytes:
    if record.record_id in blocks:
        return _with_block(record, blocks[record.record_id])
    source.seek(record.offset)
    return source.read(record.length)


def _with_block(record: Record, block: bytes) -> bytes:
    """With all fields that do not depend on the block."""
    of_block = ("warc-block-digest", "content-length")
    fields = tuple(field for field in record.headers if field[0].lower() not in of_block)
    return b"".join(Draft(record.record_id, fields, block).pieces())


def _new_name(archive: Path, filename: str) -> str:
    now = datetime.now(UTC)
    return next(name for name in _names(filename.partition("-")[0], now) if not _is_taken(archive, name))


def _names(prefix: str, at: datetime) -> Iterator[str]:
    for serial in count():
        yield new_warc_name(prefix, serial, at)


def _is_taken(archive: Path, name: str) -> bool:
    return any(archive.glob(name + "*"))
