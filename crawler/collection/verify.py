"""Everything that is kept, held against everything else: WARC files, manifest, CDXJ and index, in both directions."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from crawler.changes.content import content_sha256
from crawler.collection.imports import owned_captures
from crawler.collection.lock import alive
from crawler.errors import BadRecord
from crawler.index.checking import (
    begin,
    capture_faults,
    content_faults,
    crawl_faults,
    event_faults,
    files_without_row,
    imports,
    is_in,
    sealed_faults,
    stray_faults,
    table_faults,
)
from crawler.index.database import Connection, read_index
from crawler.index.ledger import SealedRow
from crawler.items import Capture, Event, Fault
from crawler.warc.checking import FileReport, Reference, check_file
from crawler.warc.manifest import Chain, SealedWarc, chain, replaced
from crawler.warc.names import OPEN, archive_folder, warc_name
from crawler.warc.reader import file_sha256
from crawler.warc.records import target_uri, warc_date

WORKERS = 2
"""Processes; each reads one file at a time."""


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
    with closing(read_index(folder / "index.db")) as db:
        return _Check(folder, db).run(head, workers, on_file)


class _Check:
    """The state of one verification."""

    def __init__(self, folder: Path, db: Connection) -> None:
        self._folder, self._db = folder, db
        self._found = Verification()
        self._unsealed: set[str] = set()
        """Files that are not looked into: what a crawl writes, or one that was killed has left."""
        self._events: list[Event] = []
        self._ids: Counter[str] = Counter()
        self._originals: dict[str, Capture] = {}
        self._references: list[Reference] = []

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
        for report in self._reports([name for name in files if name not in found.being_written], workers):
            self._take(report, {entry.filename: entry for entry in manifest.entries})
            on_file(report)
        self._check_together(manifest)
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

    def _reports(self, files: list[str], workers: int) -> Iterator[FileReport]:
        """Of sealed files, in the order given."""
        if len(files) < 2 or workers < 2:
            yield from map(partial(check_file, self._folder), files)
            return
        with ProcessPoolExecutor(min(workers, len(files)), mp_context=get_context("spawn")) as pool:
            yield from pool.map(partial(check_file, self._folder), files)

    def _take(self, report: FileReport, listed: dict[str, SealedWarc]) -> None:
        found = self._found
        found.files += 1
        found.records += report.records
        found.bytes += report.bytes
        found.faults += report.faults
        found.faults += _listing_faults(report, listed.get(report.filename))
        found.faults += capture_faults(self._db, report.filename, report.captures)
        self._events += report.events
        self._ids.update(report.record_ids)
        self._references += report.references
        self._originals |= {c.record_id: c for c in report.captures if c.kind == "response"}

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
        for record_id, times in self._ids.items():
            if times > 1:
                found.faults.append(Fault("record-doubled", record_id, f"is the id of {times} records"))
        found.faults += (fault for each in self._references if (fault := self._reference_fault(each)))
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
            captures = list(owned_captures(path, forgotten))
        except (OSError, BadRecord) as error:
            why = error.strerror if isinstance(error, OSError) else error
            yield Fault("imported-file", name, f"cannot be read: {why}")
            return
        self._originals |= {c.record_id: c for c in captures if c.kind == "response"}
        yield from capture_faults(self._db, name, captures)

    def _open_faults(self) -> Iterator[Fault]:
        for path in sorted(archive_folder(self._folder).glob("*.warc.gz" + OPEN)):
            self._unsealed.add(warc_name(path))
            if _is_written(path):
                self._leave_out(warc_name(path))
            else:
                yield Fault("unsealed", path.name, "was left by a crawl that was killed; the next one seals it")

    def _reference_fault(self, reference: Reference) -> Fault | None:
        original = self._originals.get(reference.record_id)
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
            return Fault("revisit", reference.where, f"refers to {original.record_id}, which is cut, an error or later")
        return None


def _listing_faults(report: FileReport, entry: SealedWarc | None) -> Iterator[Fault]:
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
