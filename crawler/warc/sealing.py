"""The end of a WARC file's growth: its CDXJ, its entry in the manifest, its final name, in this order.

A crash in between leaves an ``.open`` file, which recovery seals again: each step finds what the last one left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.warc.cdxj import write_index
from crawler.warc.durable import sync_folder
from crawler.warc.manifest import SealedWarc, add
from crawler.warc.names import warc_name


@dataclass(slots=True)
class Contents:
    """What sealing must know of a file's bytes, kept up while they are written."""

    size: int = 0
    records: int = 0
    sha256: hashlib._Hash = field(default_factory=hashlib.sha256)

    def take(self, data: bytes) -> None:
        self.size += len(data)
        self.sha256.update(data)

    def copy(self) -> Contents:
        return Contents(self.size, self.records, self.sha256.copy())


def seal(folder: Path, opened: Path, contents: Contents, lines: Iterable[str]) -> SealedWarc:
    """The synced ``.open`` file of a collection, sealed. Raises OSError."""
    filename = warc_name(opened)
    write_index(folder, filename, lines)
    entry = add(
        opened.parent,
        filename,
        size=contents.size,
        records=contents.records,
        sealed_at=datetime.now(UTC),
        sha256=contents.sha256.hexdigest(),
    )
    opened.rename(opened.with_name(filename))
    sync_folder(opened.parent)
    return entry
