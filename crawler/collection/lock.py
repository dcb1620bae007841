"""Who may write to a collection: one process that changes what is there, or any number that crawl together."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from crawler.errors import CollectionInUse, FolderNotUsable

WORKERS = "workers"
"""Folder with a file for each process that crawls, which that holds locked as long as it lives."""


class Lock:
    """Nobody else writes, until ``release`` or until the process ends. Raises CollectionInUse, FolderNotUsable."""

    def __init__(self, folder: Path) -> None:
        with door(folder):
            self._file = _entered(folder, fcntl.LOCK_EX)

    def release(self) -> None:
        os.close(self._file)


class Membership:
    """This process among those that crawl over a collection. Raises CollectionInUse, FolderNotUsable.

    To be entered, and what a dead member left to be seen to, with the ``door`` held.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = _entered(folder, fcntl.LOCK_SH)
        self._folder = folder / WORKERS
        self.owner = f"{os.getpid()}-{token_hex(4)}"
        """The process as the frontier names it: its number, and what tells it from others that had the number."""
        self._file = os.open(self._folder / self.owner, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def alive(self) -> frozenset[str]:
        """The processes that crawl now, this one included."""
        return alive(self._folder.parent)

    def release(self) -> None:
        (self._folder / self.owner).unlink(missing_ok=True)
        os.close(self._file)
        os.close(self._lock)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes, and a crawl that starts meanwhile waits: for what is soon done.

    Raises CollectionInUse, FolderNotUsable.
    """
    with door(folder):
        file = _entered(folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(file)


def alive(folder: Path) -> frozenset[str]:
    """The processes that crawl over a collection now."""
    return frozenset(file.name for file in _files(folder) if _is_held(file))


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """One process at a time comes in and sees to what dead ones left; their files go. Raises FolderNotUsable."""
    try:
        (folder / WORKERS).mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(None, "Permission denied")
        handle = os.open(folder / WORKERS, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise FolderNotUsable(
            f"{folder} cannot be written to ({error.strerror}); give another folder with -s ARCHIVES_DIR=FOLDER"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for file in _files(folder):
            if not _is_held(file):
                file.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def process_of(owner: str) -> str:
    """The number of the process that a worker is."""
    return owner.partition("-")[0]


def _entered(folder: Path, how: int) -> int:
    try:
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise FolderNotUsable(
            f"{folder} cannot be written to ({error.strerror}); give another folder with -s ARCHIVES_DIR=FOLDER"
        ) from error
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(file)
        processes = ", ".join(sorted(map(process_of, alive(folder)))) or holder
        raise CollectionInUse(
            f"{folder} is being written to by process {processes}; wait for it, or give another -s COLLECTION=NAME"
        ) from error
    if how == fcntl.LOCK_EX:
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
    return file


def _files(folder: Path) -> list[Path]:
    try:
        return list((folder / WORKERS).iterdir())
    except OSError:
        return []


def _is_held(file: Path) -> bool:
    """Whether the process of that file lives."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared: others may look at the same moment.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)
