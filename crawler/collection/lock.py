"""One process writes to a collection at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from crawler.errors import CollectionInUse, FolderNotUsable


class Lock:
    """Held until ``release``, or until the process ends in whatever way. Raises CollectionInUse, FolderNotUsable."""

    def __init__(self, folder: Path) -> None:
        path = folder / "lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise FolderNotUsable(
                f"{folder} cannot be written to ({error.strerror}); give another folder with -s ARCHIVES_DIR=FOLDER"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(self._file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise CollectionInUse(
                f"{folder} is being written to by process {owner}; wait for it, or give another -s COLLECTION=NAME"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        os.close(self._file)
