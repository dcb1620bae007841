"""Bytes that a power cut cannot take, and what to tell the user when they cannot be written."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import DiskFull, FolderNotUsable

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def sync(descriptor: int) -> None:
    """Waits until a file is on its disk."""
    # macOS: fsync leaves the bytes in the disk's own cache.
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on its disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """All of the data, in one write where the system takes it at once. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def replace_file(path: Path, data: bytes) -> None:
    """A file with this content: the old one or the new one after a crash, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o644)
    try:
        write_all(descriptor, data)
        sync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def ensure_room(folder: Path, wanted: int) -> None:
    """Raises DiskFull where the disk of a folder, which need not be there yet, has fewer bytes free than wanted."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        disk = os.statvfs(there)
    except OSError:  # what it is will be said by whoever writes
        return
    free = disk.f_bavail * disk.f_frsize
    if free < wanted:
        raise DiskFull(
            f"no room for {folder}: {free} bytes are free, and {wanted} must be (setting MIN_FREE_BYTES); make some, "
            "or set ARCHIVES_DIR to a folder on another disk"
        )


@contextmanager
def storage_errors(path: Path, instead: str = "set another ARCHIVES_DIR") -> Iterator[None]:
    """The system's errors as ours: DiskFull, or FolderNotUsable; ``instead`` says how to write elsewhere."""
    try:
        yield
    except OSError as error:
        place = error.filename or path
        if error.errno in _NO_ROOM:
            raise DiskFull(f"no room for {place}; make some, or {instead}, on another disk") from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FolderNotUsable(f"{place} cannot be written: {reason}; mend that, or {instead}") from error
