"""The index made again from the WARC files alone: the same extraction, comparison and storing as in a crawl."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from crawler.collection.articles import Articles
from crawler.collection.imports import list_captures
from crawler.collection.lock import Lock
from crawler.collection.pages import first_outcome
from crawler.collection.pool import ExtractionPool
from crawler.collection.reading import Reading
from crawler.errors import BadRecord, FolderNotUsable, Incomplete
from crawler.index.captures import add_capture
from crawler.index.database import Connection, open_index, put_in_place, remove_index
from crawler.index.fulltext import optimize
from crawler.index.ledger import SealedRow, add_event, add_sealed, counts, imported_files, known_files
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Event
from crawler.warc.manifest import SealedWarc, replaced, sealed
from crawler.warc.names import archive_folder
from crawler.warc.recovery import Listener, recover, tell

logger = logging.getLogger(__name__)

UNFINISHED = "index.db.unfinished"
"""What a reindex writes to; the next one goes on with it."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What the new index holds."""

    files: int
    captures: int
    articles: int
    revisions: int
    left_out: tuple[str, ...] = ()
    """What could not be read, each with its file and the reason."""


def reindex(
    folder: Path,
    *,
    workers: int,
    incomplete: bool = False,
    on_progress: Callable[[str], None] = lambda said: None,
) -> Reindexed:
    """Rebuilds a collection's index.db; the old one stays until the new one is whole.

    ``incomplete``: what cannot be read is left out; else that raises Incomplete, as the old index may be all that is
    left of it. Raises FolderNotUsable where there are no WARC files, CollectionInUse while a crawl writes, DiskFull.
    """
    if not archive_folder(folder).is_dir():
        raise FolderNotUsable(f"{folder} has no folder archive/ with WARC files; give another with -s ARCHIVES_DIR=")
    lock = Lock(folder)
    try:
        return rebuild(folder, workers=workers, incomplete=incomplete, on_progress=on_progress)
    finally:
        lock.release()


def rebuild(
    folder: Path, *, workers: int, incomplete: bool, on_progress: Callable[[str], None], afresh: bool = False
) -> Reindexed:
    """As ``reindex``, for who holds the collection's lock already; ``afresh`` leaves an unfinished one aside."""
    recover(folder, lambda capture: None)  # what a killed crawl left open is sealed first
    path = folder / UNFINISHED
    if afresh:
        remove_index(path)
    with ExitStack() as last:
        index = IndexWriter(open_index(path))
        last.callback(index.close)
        pool = ExtractionPool(workers)
        last.callback(pool.close)
        left_out = _Listing(folder, index, on_progress, incomplete=incomplete).list_records()
        if left_out and not incomplete:
            raise _lacking(folder, left_out)
        reading = Reading(folder, index, Articles(folder, index, pool), on_progress)
        reading.read_pending()
        index.submit(optimize).result()
        counted = Reindexed(*index.submit(counts).result(), left_out=(*left_out, *reading.left_out))
    if reading.left_out and not incomplete:  # a file went meanwhile: what was listed of it is worth nothing
        remove_index(path)
        raise _lacking(folder, reading.left_out)
    put_in_place(path, folder / "index.db")
    return counted


def _lacking(folder: Path, left_out: Sequence[str]) -> Incomplete:
    return Incomplete(
        f"{folder / 'index.db'} stays as it was: a new one would lack what cannot be read; put copies in the place of "
        "the files named, or make an index of the rest with scrapy reindex --incomplete",
        left_out,
    )


class _Listing:
    """The first of the two passes: rows for all records. Their articles follow, in the order of capture."""

    def __init__(self, folder: Path, index: IndexWriter, say: Callable[[str], None], *, incomplete: bool) -> None:
        self._folder, self._index, self._say, self._incomplete = folder, index, say, incomplete
        self._left_out: list[str] = []

    def list_records(self) -> list[str]:
        """What could not be read; with ``incomplete`` there are rows for the rest of its file, else for nothing in it.

        A file without a row in ``warcs`` is read again by the next reindex.
        """
        known = self._index.submit(known_files).result()
        listed = sealed(archive_folder(self._folder))
        gone = replaced(listed)
        files = [entry for entry in listed if entry.filename not in known or self._is_missing(entry, gone)]
        for number, entry in enumerate(files, 1):
            self._say(f"file {number} of {len(files)}: {entry.filename}")
            self._list(None if entry.filename in gone else archive_folder(self._folder) / entry.filename, entry)
        self._list_strays({entry.filename for entry in listed})
        self._list_imported()
        return self._left_out

    def _is_missing(self, entry: SealedWarc, gone: frozenset[str]) -> bool:
        return entry.filename not in gone and not (archive_folder(self._folder) / entry.filename).exists()

    def _list(self, path: Path | None, entry: SealedWarc | None) -> None:
        """Of a file that another replaced, only its row is left."""
        found: list[Capture | Event] = []
        left_out: list[str] = []
        try:
            if path is not None:
                tell(path, Listener(found.append, found.append, left_out.append))
        except (OSError, BadRecord) as error:  # it is not there, or not ours to read
            self._left_out.append(str(error))
            return
        self._left_out += left_out
        if left_out and not self._incomplete:
            return
        rows = [self._index.submit(partial(_add, found=each)) for each in found]
        for row in rows:
            row.result()
        if entry is not None:
            sealed_row = SealedRow(**asdict(entry))
            self._index.submit(lambda db: add_sealed(db, sealed_row)).result()

    def _list_strays(self, listed: set[str]) -> None:
        """Files that the manifest does not name: they hold records all the same."""
        for path in sorted(archive_folder(self._folder).glob("*.warc.gz")):
            if path.name not in listed:
                logger.warning("%s is not in the manifest; its records are indexed all the same", path.name)
                self._list(path, None)

    def _list_imported(self) -> None:
        for name in self._index.submit(imported_files).result():
            self._say(name)
            try:
                list_captures(self._index, Path(name))
            except (OSError, BadRecord) as error:
                self._left_out.append(str(error))


def _add(db: Connection, found: Capture | Event) -> None:
    if isinstance(found, Event):
        add_event(db, found)
    else:
        add_capture(db, found, first_outcome(found))
