"""Everything that is kept, held against everything else: WARC files, manifest, CDXJ and index, in both directions."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from dataclasses import asdict, astuple, dataclass, field, replace
from pathlib import Path

from crawler.changes.content import content_sha256
from crawler.collection.imports import owned_captures
from crawler.collection.lock import alive
from crawler.collection.parts import reports
from crawler.errors import BadRecord
from crawler.index.checking import (
    begin,
    capture_faults,
    content_faults,
    crawl_faults,
    event_faults,
    files_without_row,
    imports,
    invented_faults,
    is_in,
    sealed_faults,
    stray_faults,
    table_faults,
)
from crawler.index.database import Connection, read_index
from crawler.index.ledger import SealedRow
from crawler.index.seen import Seen, SeenResponse
from crawler.items import Event, Fault
from crawler.warc.cdxj import cdxj_line
from crawler.warc.checking import PartReport, Reference, listing_faults
from crawler.warc.manifest import Chain, SealedWarc, chain, replaced
from crawler.warc.names import OPEN, archive_folder, warc_name
from crawler.warc.reader import file_sha256
from crawler.warc.records import target_uri, warc_date

WORKERS = 2
"""Processes; each reads a part of a file at a time."""


@dataclass(slots=True)
class FileReport:
    """What was looked at of one file, put together from its parts."""

    filename: str
    bytes: int = 0
    records: int = 0
    sha256: str = ""
    is_readable: bool = True
    lines: set[str] = field(default_factory=set)
    """That its CDXJ should have."""


@dataclass(slots=True)
class Verification:
    """What was looked at, and what was found."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    head: str | None = None
    """The sha256 of the manifest; None: nothing was ever sealed."""
    being_written: list[str] = field(default_factory=list)
    """Files of a crawl under way, which are left out."""
    faults: list[Fault] = field(default_factory=list)


def verify(
    folder: Path,
    *,
    head: str | None = None,
    workers: int = WORKERS,
    on_file: Callable[[FileReport], None] = lambda report: None,
) -> Verification:
    """Checks a collection. Raises FolderNotUsable where there is none, IndexTooNew.

    ``head`` is one that was printed earlier and kept elsewhere: what was sealed until then must still be as it was.
    """
    with closing(read_index(folder / "index.db")) as db, closing(Seen()) as seen:
        return _Check(folder, db, seen).run(head, workers, on_file)


class _Check:
    """The state of one verification."""

    def __init__(self, folder: Path, db: Connection, seen: Seen) -> None:
        self._folder, self._db, self._seen = folder, db, seen
        self._found = Verification()
        self._unsealed: set[str] = set()
        """Files that are not looked into: what a crawl writes, or one that was killed has left."""
        self._events: list[Event] = []
        self._looked_into: set[str] = set()

    def run(self, head: str | None, workers: int, on_file: Callable[[FileReport], None]) -> Verification:
        found = self._found
        crawling = bool(alive(self._folder))
        found.faults += begin(self._db)
        # In the order in which a crawl goes on: what the index has by now is open or sealed, what is sealed is listed.
        found.faults += self._open_faults()
        files = sorted(path.name for path in archive_folder(self._folder).glob("*.warc.gz"))
        manifest = chain(archive_folder(self._folder))
        if crawling or alive(self._folder):
            manifest = self._without_new(manifest)
        found.faults += manifest.faults
        found.head = manifest.heads[-1] if manifest.heads else None
        if head is not None and head not in manifest.heads:
            found.faults.append(Fault("head", "manifest.sha256", f"was never {head}: what was sealed then was changed"))
        listed = {entry.filename: entry for entry in manifest.entries}
        for report in self._files([name for name in files if name not in found.being_written], workers):
            found.faults += self._file_faults(report, listed.get(report.filename))
            on_file(report)
        self._check_together(manifest)
        found.faults = list(dict.fromkeys(found.faults))  # a file that cannot be read says so for each of its parts
        return found

    def _without_new(self, manifest: Chain) -> Chain:
        """Without the files that a crawl is sealing: their last rows are not in the index yet."""
        new = files_without_row(self._db, [entry.filename for entry in manifest.entries])
        for filename in new:
            self._leave_out(filename)
        return replace(manifest, entries=[entry for entry in manifest.entries if entry.filename not in new])

    def _leave_out(self, filename: str) -> None:
        self._unsealed.add(filename)
        if filename not in self._found.being_written:
            self._found.being_written.append(filename)

    def _files(self, files: list[str], workers: int) -> Iterator[FileReport]:
        """Sealed files, in the order given, when all parts of each are taken."""
        whole = FileReport("")
        for part in reports(self._folder, files, workers):
            if part.filename != whole.filename:
                whole = FileReport(part.filename, part.bytes, sha256=part.sha256)
            self._take(part, whole)
            if part.is_last:
                yield whole

    def _take(self, part: PartReport, whole: FileReport) -> None:
        whole.records += part.records
        whole.is_readable &= part.is_readable
        whole.lines.update(map(cdxj_line, part.captures))
        self._events += part.events
        self._seen.add_records(part.record_ids)
        self._seen.add_captures(part.captures)
        self._seen.add_references(map(astuple, part.references))
        self._found.faults += part.faults
        self._found.faults += capture_faults(self._db, part.filename, part.captures)

    def _file_faults(self, report: FileReport, entry: SealedWarc | None) -> Iterator[Fault]:
        self._found.files += 1
        self._found.records += report.records
        self._found.bytes += report.bytes
        self._looked_into.add(report.filename)
        yield from _manifest_faults(report, entry)
        if report.is_readable:
            yield from listing_faults(self._folder, report.filename, report.lines)

    def _check_together(self, manifest: Chain) -> None:
        found = self._found
        there = {warc_name(path) for path in archive_folder(self._folder).glob("*.warc.gz*")}
        found.faults += (
            Fault("sealed-missing", entry.filename, "is in the manifest, and not in the folder")
            for entry in manifest.entries
            if entry.filename not in there and entry.filename not in replaced(manifest.entries)
        )
        imported, forgotten = imports(self._db)
        found.faults += (
            fault for name, sha256 in imported.items() for fault in self._imported_faults(name, sha256, forgotten)
        )
        found.faults += stray_faults(self._db, there | imported.keys())
        found.faults += (
            Fault("cdxj-stray", f"indexes/{path.name}", "is of a file that is not there")
            for path in sorted(self._folder.glob("indexes/*.cdxj"))
            if path.name.removesuffix(".cdxj") not in there
        )
        found.faults += invented_faults(self._db, self._looked_into, self._seen)
        found.faults += (
            Fault("record-doubled", record_id, f"is the id of {times} records")
            for record_id, times in self._seen.doubled()
        )
        found.faults += (
            fault
            for said, original in self._seen.references()
            if (fault := self._reference_fault(Reference(*said), original))
        )
        found.faults += sealed_faults(self._db, [SealedRow(**asdict(entry)) for entry in manifest.entries])
        if not found.being_written:
            found.faults += crawl_faults(self._db, self._events)
            found.faults += event_faults(self._db, self._events)
        found.faults += table_faults(self._db)
        found.faults += content_faults(self._db, content_sha256)

    def _imported_faults(self, name: str, sha256: str, forgotten: Container[str]) -> Iterator[Fault]:
        """Of another program's file: that it is there as it was, and indexed as it is."""
        path = Path(name)
        try:
            if (digest := file_sha256(path)) != sha256:
                yield Fault("imported-sha256", name, f"{digest}, where it was {sha256} when it was imported")
            for capture in owned_captures(path, forgotten):
                self._seen.add_captures([capture])
                yield from capture_faults(self._db, name, [capture])
            self._looked_into.add(name)
        except (OSError, BadRecord) as error:
            why = error.strerror if isinstance(error, OSError) else error
            yield Fault("imported-file", name, f"cannot be read: {why}")

    def _open_faults(self) -> Iterator[Fault]:
        for path in sorted(archive_folder(self._folder).glob("*.warc.gz" + OPEN)):
            self._unsealed.add(warc_name(path))
            if _is_written(path):
                self._leave_out(warc_name(path))
            else:
                yield Fault("unsealed", path.name, "was left by a crawl that was killed; the next one seals it")

    def _reference_fault(self, reference: Reference, original: SeenResponse | None) -> Fault | None:
        if original is None and is_in(self._db, reference.record_id, self._unsealed):
            return None
        if original is None:
            what = f"refers to {reference.record_id} ({reference.url}), a response that is nowhere on record"
            return Fault("revisit", reference.where, what)
        said = (reference.url, reference.date, reference.payload_digest)
        true = (target_uri(original.url), warc_date(original.captured_at), original.payload_digest)
        if said != true:
            return Fault("revisit", reference.where, f"says of what it refers to {said}, which is {true}")
        if original.truncated or original.status != 200 or original.captured_at > reference.captured_at:
            return Fault(
                "revisit", reference.where, f"refers to {reference.record_id}, which is cut, an error or later"
            )
        return None


def _manifest_faults(report: FileReport, entry: SealedWarc | None) -> Iterator[Fault]:
    """Of a file beside its entry in the manifest."""
    if entry is None:
        yield Fault("unlisted", report.filename, "is in the folder, and not in the manifest")
        return
    if report.sha256 != entry.sha256:
        what = f"{report.sha256} of {report.bytes} bytes, where the manifest has {entry.sha256} of {entry.bytes}"
        yield Fault("sealed-sha256", report.filename, what)
    if report.records != entry.records:
        what = f"{report.records} records can be read, where the manifest has {entry.records}"
        yield Fault("sealed-records", report.filename, what)


def _is_written(path: Path) -> bool:
    """Whether a process holds the file, or has sealed it by now."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return True
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
