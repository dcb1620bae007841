"""A WARC file while it is written: locked, only ever appended to, cut back when an append fails, sealed at the end."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic

from crawler.errors import FolderNotUsable, StorageError
from crawler.items import Capture
from crawler.warc.cdxj import cdxj_line
from crawler.warc.durable import storage_errors, sync, sync_folder, write_all
from crawler.warc.groups import Group, warcinfo
from crawler.warc.manifest import SealedWarc
from crawler.warc.names import OPEN, archive_folder, new_warc_name
from crawler.warc.records import Located
from crawler.warc.sealing import Contents, seal

logger = logging.getLogger(__name__)

WRITE_BYTES = 4 << 20
"""Compressed bytes that are held for one write; a longer group takes several, and is cut back as one."""

_serials = count()


class WarcFile:
    """An ``.open`` file of a collection, begun with its warcinfo record.

    All methods raise DiskFull or FolderNotUsable; what was appended before stays.
    """

    def __init__(self, folder: Path, prefix: str, info: Mapping[str, str]) -> None:
        self._folder = folder
        self._opened = monotonic()
        at = datetime.now(UTC)
        with storage_errors(archive_folder(folder)):
            self._descriptor, self._path, self.name = _create(archive_folder(folder), prefix, at)
        self._contents, self._synced = Contents(), Contents()
        self._lines: list[tuple[int, str]] = []
        try:
            (first,) = self.append(Group((warcinfo(info, self.name, at),)))
        except BaseException:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            raise
        self.warcinfo_id = first.record_id

    def size(self) -> int:
        """Bytes written."""
        return self._contents.size

    def age_seconds(self) -> float:
        """Since it was made, whatever the clock was set to."""
        return monotonic() - self._opened

    def append(self, group: Group) -> list[Located]:
        """Where each record of the group is now. When it fails, none of it is in the file."""
        contents = self._contents.copy()
        try:
            with storage_errors(self._path):
                located = self._write(group, contents)
        except BaseException:
            self._cut_to(self._contents)
            raise
        self._contents = contents
        return located

    def list_capture(self, capture: Capture) -> None:
        """Keeps the line that the file's CDXJ will have."""
        self._lines.append((capture.offset, cdxj_line(capture)))

    def sync(self) -> None:
        """Waits until all that was appended is on disk. When it fails, the file is cut back to what is."""
        try:
            with storage_errors(self._path):
                sync(self._descriptor)
                _ensure_named(self._descriptor, self._path)
        except BaseException:
            self._cut_to(self._synced)
            raise
        self._synced = self._contents.copy()

    def seal(self) -> SealedWarc | None:
        """The file under its final name, with its CDXJ and its entry in the manifest; None: it held nothing."""
        try:
            if self._contents.records == 1:
                self._path.unlink(missing_ok=True)
                return None
            self.sync()
            self._ensure_whole()
            with storage_errors(self._path):
                return seal(self._folder, self._path, self._contents, (line for _, line in self._lines))
        finally:
            os.close(self._descriptor)

    def _ensure_whole(self) -> None:
        """Refuses a file that holds other than was appended: a torn group that could not be cut off, say."""
        found = os.fstat(self._descriptor).st_size
        if found != self._contents.size:
            raise StorageError(
                f"{self._path} has {found} bytes where {self._contents.size} were written; the next start mends it"
            )

    def _write(self, group: Group, contents: Contents) -> list[Located]:
        located = []
        tail = _Tail(self._descriptor, contents)
        for draft in group.drafts:
            offset = tail.position()
            for piece in draft.pieces():
                tail.add(piece)
            located.append(Located(draft.record_id, self.name, offset, tail.position() - offset))
        tail.write()
        contents.records += len(located)
        return located

    def _cut_to(self, contents: Contents) -> None:
        try:
            os.ftruncate(self._descriptor, contents.size)
        except OSError as error:
            # The next start cuts it: a group that is not whole is never taken for one.
            logger.error("torn group left at the end of %s: %s", self._path, error)
        self._contents = contents.copy()
        self._lines = [(offset, line) for offset, line in self._lines if offset < contents.size]


class _Tail:
    """What is being added to a file: gathered, so that a group of common size is one write."""

    def __init__(self, descriptor: int, contents: Contents) -> None:
        self._descriptor = descriptor
        self._contents = contents
        self._held: list[bytes] = []
        self._held_bytes = 0

    def position(self) -> int:
        return self._contents.size + self._held_bytes

    def add(self, piece: bytes) -> None:
        self._held.append(piece)
        self._held_bytes += len(piece)
        if self._held_bytes >= WRITE_BYTES:
            self.write()

    def write(self) -> None:
        data = b"".join(self._held)
        self._held, self._held_bytes = [], 0
        write_all(self._descriptor, data)
        self._contents.take(data)


def _create(archive: Path, prefix: str, at: datetime) -> tuple[int, Path, str]:
    """A new, locked file under a name that no other has."""
    archive.mkdir(parents=True, exist_ok=True)
    for name in _names(prefix, at):
        path = archive / (name + OPEN)
        if (archive / name).exists():
            continue
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # A recovery that found the file before it was locked took it for a left-over, and removed it.
        if not os.fstat(descriptor).st_nlink:
            os.close(descriptor)
            continue
        sync_folder(archive)
        return descriptor, path, name
    raise AssertionError("serial numbers do not end")


def _names(prefix: str, at: datetime) -> Iterator[str]:
    for serial in _serials:
        yield new_warc_name(prefix, serial, at)


def _ensure_named(descriptor: int, path: Path) -> None:
    if not os.fstat(descriptor).st_nlink:
        raise FolderNotUsable(f"{path} was removed while it was written; give the collection its folder back")
