"""manifest.sha256: every sealed file of a collection, in the order of sealing, each with the hash of the one before.

``sha256sum -c manifest.sha256`` in the archive folder checks the files; what is ours stands in comment lines.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.items import Fault
from crawler.warc.durable import sync, write_all
from crawler.warc.records import moment_of, warc_date

NAME = "manifest.sha256"

_ENTRY = re.compile(
    r"# sealed (?P<at>\S+) bytes (?P<bytes>\d+) records (?P<records>\d+) previous (?P<previous>[0-9a-f]{64}|none)"
    r"(?: replaces (?P<replaces>\S+))?\n"
    r"(?P<sha256>[0-9a-f]{64})  (?P<filename>\S+)\n"
)


_TORN = re.compile(r"#[^\n]*(?:\n[0-9a-f]*(?: {1,2}\S*)?)?")
"""The beginning of an entry."""


@dataclass(frozen=True, slots=True)
class SealedWarc:
    """A WARC file that will not change any more."""

    filename: str
    bytes: int
    records: int
    """All of them, the warcinfo too."""
    sealed_at: datetime
    sha256: str
    """Of the file, in hex."""
    previous_sha256: str | None
    """Of the file that was sealed before it in this collection; None: it is the first."""
    replaces: str | None = None
    """The file whose records it holds but for some that were taken out; that one is gone."""


def sealed(archive: Path) -> list[SealedWarc]:
    """The sealed files of an archive folder, in order; an entry that a crash cut short is passed over."""
    try:
        data = (archive / NAME).read_bytes()
    except FileNotFoundError:
        return []
    return [entry for _, entry in _entries(data)]


def add(
    archive: Path,
    filename: str,
    *,
    size: int,
    records: int,
    sealed_at: datetime,
    sha256: str,
    replaces: str | None = None,
) -> SealedWarc:
    """The new last entry, on disk. A file that is listed with this hash already is not listed again."""
    with _locked(archive / NAME) as descriptor:
        before = sealed(archive)
        for entry in before:
            if (entry.filename, entry.sha256) == (filename, sha256):
                return entry
        previous = before[-1].sha256 if before else None
        entry = SealedWarc(filename, size, records, sealed_at, sha256, previous, replaces)
        _cut_torn_entry(descriptor, archive / NAME)
        write_all(descriptor, _written(entry))
        sync(descriptor)
    return entry


@dataclass(frozen=True, slots=True)
class Chain:
    """The manifest as a whole."""

    entries: list[SealedWarc]
    heads: list[str]
    """For each entry, the sha256 of the manifest up to it: who keeps one can tell whether anything before changed."""
    faults: list[Fault]


def chain(archive: Path) -> Chain:
    """The manifest of an archive folder, with what is wrong with it."""
    try:
        data = (archive / NAME).read_bytes()
    except FileNotFoundError:
        data = b""
    read = Chain([], [], [])
    end, previous = 0, None
    for found, entry in _entries(data):
        where = f"{NAME}: {entry.filename}"
        if found.start() != end:
            read.faults.append(Fault("manifest-line", where, "there is something before it that is no entry"))
        if entry.previous_sha256 != previous:
            what = f"follows a file of sha256 {entry.previous_sha256 or 'none'}, where {previous or 'none'} stands"
            read.faults.append(Fault("chain", where, f"{what}: entries were removed, changed or re-ordered"))
        if entry.filename in {known.filename for known in read.entries}:
            read.faults.append(Fault("chain", where, "is listed twice"))
        end, previous = found.end(), entry.sha256
        read.entries.append(entry)
        read.heads.append(hashlib.sha256(data[:end]).hexdigest())
    if end != len(data):
        read.faults.append(Fault("manifest-line", NAME, f"ends with {len(data) - end} bytes that are no entry"))
    return read


def replaced(entries: Iterable[SealedWarc]) -> frozenset[str]:
    """The files that others stand for now."""
    return frozenset(entry.replaces for entry in entries if entry.replaces)


@contextmanager
def _locked(manifest: Path) -> Iterator[int]:
    descriptor = os.open(manifest, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _cut_torn_entry(descriptor: int, manifest: Path) -> None:
    """Takes away what a crash left of an entry: its first line, or part of either. Any other line stays to be seen."""
    text = manifest.read_bytes().decode("latin-1")
    end = max((found.end() for found in _ENTRY.finditer(text)), default=0)
    os.ftruncate(descriptor, end if _TORN.fullmatch(text, end) else text.rfind("\n") + 1)


def _entries(data: bytes) -> Iterator[tuple[re.Match[str], SealedWarc]]:
    """The entries, each with where it stands; what is damaged is none."""
    # Each byte a character, so that places in the text are places in the file.
    for found in _ENTRY.finditer(data.decode("latin-1")):
        with suppress(ValueError):  # a day or an hour that there never was
            yield found, _read(found)


def _written(entry: SealedWarc) -> bytes:
    return (
        f"# sealed {warc_date(entry.sealed_at)} bytes {entry.bytes} records {entry.records} "
        f"previous {entry.previous_sha256 or 'none'}{f' replaces {entry.replaces}' if entry.replaces else ''}\n"
        f"{entry.sha256}  {entry.filename}\n"
    ).encode()


def _read(found: re.Match[str]) -> SealedWarc:
    previous = found["previous"]
    return SealedWarc(
        filename=found["filename"],
        bytes=int(found["bytes"]),
        records=int(found["records"]),
        sealed_at=moment_of(found["at"]),
        sha256=found["sha256"],
        previous_sha256=None if previous == "none" else previous,
        replaces=found["replaces"],
    )
