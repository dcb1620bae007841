"""Where the files of a collection are, and what they are called."""

from __future__ import annotations

import os
import re
import socket
from datetime import datetime
from pathlib import Path

OPEN = ".open"
"""Ends the name of a WARC file that is being written."""

_PROCESS = re.compile(r"-(\d+)~[^/]*$")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._~-]+")


def archive_folder(folder: Path) -> Path:
    """Of a collection: its WARC files and their manifest."""
    return folder / "archive"


def index_path(folder: Path, filename: str) -> Path:
    """The CDXJ of a WARC file."""
    return folder / "indexes" / (filename + ".cdxj")


def warc_path(folder: Path, filename: str) -> Path:
    """A WARC file of a collection as it is on disk now: sealed, or still ".open". A whole path stays what it is."""
    sealed = archive_folder(folder) / filename
    opened = sealed.with_name(sealed.name + OPEN)
    return opened if opened.exists() and not sealed.exists() else sealed


def is_imported(filename: str) -> bool:
    """Whether a WARC file that the index names is one that others made, outside the collection."""
    return Path(filename).is_absolute()


def warc_name(path: Path) -> str:
    """The name that a WARC file has once it is sealed, and in the index from the beginning."""
    return path.name.removesuffix(OPEN)


def new_warc_name(prefix: str, serial: int, at: datetime) -> str:
    """PREFIX-yyyymmddhhmmssmmm-serial-pid~host.warc.gz, as Heritrix names its files. ``at`` in UTC."""
    stamp = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
    return f"{_plain(prefix) or 'warc'}-{stamp}-{serial:05d}-{os.getpid()}~{_plain(_host())}.warc.gz"


def process_of(filename: str) -> str | None:
    """The number of the process that wrote a file with a name of ours."""
    found = _PROCESS.search(filename)
    return found[1] if found else None


def _host() -> str:
    return socket.gethostname().partition(".")[0] or "localhost"


def _plain(text: str) -> str:
    return re.sub("-{2,}", "-", _NOT_IN_NAMES.sub("-", text)).strip("-.")
