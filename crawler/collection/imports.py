"""Articles out of WARC and WACZ files that others made; the files stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from crawler.collection.collection import Collection
from crawler.collection.pages import first_outcome
from crawler.collection.reading import Reading
from crawler.collection.resume import adopted
from crawler.errors import BadArgument, BadRecord
from crawler.index.captures import add_capture
from crawler.index.forgetting import address_digest, forgotten_addresses
from crawler.index.ledger import IMPORTED, counts
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Event
from crawler.warc.foreign import ENDINGS, foreign_captures
from crawler.warc.reader import file_sha256


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of the files."""

    captures: int
    articles: int
    """New in the index."""


def import_files(
    collection: Collection, paths: Iterable[Path], on_progress: Callable[[str], None] = lambda said: None
) -> Imported:
    """Indexes the captures of files, in the order of their captures. Importing a file again changes nothing.

    Raises BadArgument, before anything is changed, for what is no such file; BadRecord where one cannot be read.
    """
    files = [_checked(path) for path in paths]
    before = collection.index.submit(counts).result()
    for path in files:
        on_progress(path.name)
        list_captures(collection.index, path)
        detail: dict[str, object] = {"file": str(path), "bytes": path.stat().st_size, "sha256": file_sha256(path)}
        collection.warc.event(Event(IMPORTED, datetime.now(UTC), detail=detail)).result()
    Reading(collection.folder, collection.index, collection.articles, on_progress).read_pending()
    collection.articles.learning.finish()
    after = collection.index.submit(counts).result()
    return Imported(after[1] - before[1], after[2] - before[2])


def list_captures(index: IndexWriter, path: Path) -> None:
    """Rows for the exchanges of a file. Raises BadRecord, OSError."""
    captures = owned_captures(path, index.submit(forgotten_addresses).result())
    rows = [index.submit(partial(add_capture, capture=each, outcome=first_outcome(each))) for each in captures]
    for row in rows:
        row.result()


def owned_captures(path: Path, forgotten: Container[str]) -> Iterator[Capture]:
    """The captures of a file, each with its publisher. Raises BadRecord, OSError.

    Without what was fetched from addresses with the digests ``forgotten``, and what only refers to that: the file is
    not ours to change, but articles that were taken down stay out of the index.
    """
    left_out: set[str] = set()
    for capture in foreign_captures(path):
        if capture.refers_to in left_out or address_digest(capture.url) in forgotten:
            left_out.add(capture.record_id)
        else:
            yield adopted(capture)


def _checked(path: Path) -> Path:
    if not path.name.endswith(ENDINGS):
        raise BadArgument(f"{path} is neither {' nor '.join(ENDINGS)}; give a file that is")
    try:
        next(foreign_captures(path), None)
    except OSError as error:
        raise BadArgument(f"{path}: {error.strerror}; give a file that can be read") from error
    except BadRecord as error:
        raise BadArgument(str(error)) from error
    return path.resolve()
