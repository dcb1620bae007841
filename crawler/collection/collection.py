"""One folder with its WARC files, index and frontier, written in the order in which nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawler.changes.identity import article_key
from crawler.collection.futures import done, mapped, then
from crawler.collection.lock import Lock
from crawler.collection.originals import CollectionOriginals
from crawler.collection.pages import ReadPage, first_outcome
from crawler.collection.pool import Extracted, ExtractionPool, Task
from crawler.collection.resume import Recovered, capture_at, ends_of
from crawler.discovery.sources import publisher_with_id
from crawler.errors import BadRecord, ExtractionFailed
from crawler.extraction.version import EXTRACTOR
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import Pending, add_capture, pending, set_outcome
from crawler.index.database import open_index
from crawler.index.ledger import (
    PublisherRow,
    SealedRow,
    add_event,
    add_sealed,
    finish_crawl,
    known_files,
    put_publisher,
    start_crawl,
)
from crawler.index.originals import Held, location_of, newest_of
from crawler.index.writer import IndexWriter
from crawler.items import BrokenExchange, Capture, Context, Event, Exchange, Notes
from crawler.publishers.base import Publisher
from crawler.warc.manifest import SealedWarc
from crawler.warc.names import warc_path
from crawler.warc.recovery import recover
from crawler.warc.writer import WarcWriter

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a collection may use."""

    workers: int = 2
    """Processes for extraction."""
    warc_bytes: int = 10**9
    warc_seconds: float = 3600.0


class Collection:
    """Open for writing: WARC first, then the index, then the frontier; each step may be repeated without harm.

    Raises FolderNotUsable, CollectionInUse and IndexTooNew, and then has changed nothing.
    """

    def __init__(self, folder: Path, *, info: Mapping[str, str], limits: Limits) -> None:
        self.folder = folder
        self._info, self._limits = dict(info), limits
        self._crawl: tuple[int, str] | None = None
        with ExitStack() as undo:
            lock = Lock(folder)
            undo.callback(lock.release)
            index = open_index(folder / "index.db")
            undo.callback(index.close)
            self.frontier = SqliteFrontier(folder / "frontier.db")
            undo.callback(self.frontier.close)
            self.index = IndexWriter(index)
            undo.callback(self.index.close)
            self._pool = ExtractionPool(limits.workers)
            undo.callback(self._pool.close)
            self._resume()
            undo.pop_all()
        self._lock = lock
        self._originals = CollectionOriginals(folder / "index.db")
        self.warc = WarcWriter(
            folder,
            info=info,
            max_bytes=limits.warc_bytes,
            max_seconds=limits.warc_seconds,
            on_sealed=self._sealed,
            on_event=self._told,
            originals=self._originals,
        )

    def begin_crawl(self, spider: str, arguments: Sequence[str], at: datetime) -> None:
        """What is recorded from now on belongs to this crawl."""
        software = self._info["software"]
        row = self.index.submit(lambda db: start_crawl(db, spider, arguments, at, software)).result()
        self._crawl = row, f"{spider} {at:%Y-%m-%dT%H:%M:%SZ}"

    def end_crawl(self, reason: str, stats: Mapping[str, Any], at: datetime) -> None:
        """Notes how the crawl ended."""
        if self._crawl is None:
            return
        row, _ = self._crawl
        self._crawl = None
        self.index.submit(lambda db: finish_crawl(db, row, reason, stats, at))

    def record(self, exchange: Exchange, notes: Notes) -> Future[Capture]:
        """The exchange on record: its bytes synced to disk, its row in ``captures``."""
        row, name = self._crawl or (None, None)
        recorded = self.warc.record(exchange, replace(notes, crawl=name))
        return then(recorded, lambda capture: self._indexed(capture, row))

    def broken(self, exchange: BrokenExchange) -> None:
        """Notes an exchange that ended before its response had a whole header."""
        self.warc.broken(exchange)

    def held(self, url: str) -> Future[Held | None]:
        """The last whole response of an address, for a conditional request."""
        return self.index.submit(lambda db: newest_of(db, url))

    def payload_place(self, capture: Capture) -> Future[tuple[str, int]]:
        """WARC file and offset of a capture's payload: of its own record, or of the one that a revisit refers to."""
        if capture.refers_to is None:
            return done((capture.warc, capture.offset))
        original = capture.refers_to

        def location(db: Any) -> tuple[str, int]:
            found = location_of(db, original)
            if found is None:
                raise ExtractionFailed(f"{capture.url}: {original}, which its revisit record refers to, is not indexed")
            return found

        return self.index.submit(location)

    def read(self, capture: Capture) -> Future[ReadPage]:
        """The article of a captured page. Where extraction fails, ``captures`` says so and the future raises."""
        notes = capture.notes
        publisher = publisher_with_id(notes.publisher_id or "", capture.url)
        context = Context(hints=notes.hints, captured_at=capture.captured_at)

        def extracted(place: tuple[str, int]) -> Future[Extracted]:
            warc, offset = place
            return self._pool.extract(Task(warc_path(self.folder, warc), offset, capture.url, publisher, context))

        def page(extracted: Extracted) -> ReadPage:
            return ReadPage(capture, publisher, extracted.article, extracted.content_sha256)

        reading = then(self.payload_place(capture), extracted)
        reading.add_done_callback(lambda ended: self._note_failure(capture, ended))
        return mapped(reading, page)

    def store(self, page: ReadPage) -> Future[Stored | None]:
        """The article in the index; None when the page is no article."""
        record_id = page.capture.record_id
        if not page.is_article():
            return self.index.submit(lambda db: set_outcome(db, record_id, "not-article"))
        publisher = page.publisher
        key = article_key(page.article, publisher)
        seen = Seen(page.capture, page.article, publisher.id, key, page.content_sha256, EXTRACTOR)

        def stored(db: Any) -> Stored:
            put_publisher(db, publisher_row(publisher, page.article.publisher_name))
            return store_article(db, seen, publisher.hosts())

        return self.index.submit(stored)

    def close(self) -> None:
        """Finishes what is under way, seals the WARC file, closes the databases."""
        with ExitStack() as last_first:
            last_first.callback(self._lock.release)
            last_first.callback(self.frontier.close)
            last_first.callback(self.index.close)
            last_first.callback(self._originals.close)
            last_first.callback(self.warc.close)
            last_first.callback(self._pool.close)

    def _indexed(self, capture: Capture, crawl_row: int | None) -> Future[Capture]:
        def added(db: Any) -> Capture:
            add_capture(db, capture, crawl_row, first_outcome(capture))
            return capture

        return self.index.submit(added)

    def _told(self, event: Event) -> None:
        self.index.submit(partial(add_event, event=event))

    def _sealed(self, sealed: SealedWarc) -> None:
        row = SealedRow(**asdict(sealed))
        self.index.submit(lambda db: add_sealed(db, row))

    def _note_failure(self, capture: Capture, reading: Future[Extracted]) -> None:
        if isinstance(reading.exception(), ExtractionFailed):
            self.index.submit(lambda db: set_outcome(db, capture.record_id, "failed"))

    def _resume(self) -> None:
        """After a kill: indexes records without rows, seals, and deals with pages that nobody came to extract."""
        recovered = Recovered()
        indexed = self.index.submit(known_files).result()
        files = recover(self.folder, recovered.captures.append, recovered.events.append, indexed=indexed)
        rows: list[Future[Any]] = [self._indexed(capture, None) for capture in recovered.captures]
        rows += [self.index.submit(partial(add_event, event=event)) for event in recovered.events]
        for row in rows:
            row.result()
        # Only now: a file that has a row is not told again.
        for sealed in files:
            self._sealed(sealed)
        for pending_page in self.index.submit(pending).result():
            self._finish(pending_page)

    def _finish(self, page: Pending) -> None:
        """Extracts a page that is on record, then acknowledges its URL; a record that is lost is fetched again."""
        now = datetime.now(UTC)
        try:
            capture = capture_at(self.folder, page.warc, page.offset)
        except BadRecord as error:
            logger.error("a captured page is lost: %s", error)
            self.index.submit(lambda db: set_outcome(db, page.record_id, "failed")).result()
            return
        try:
            self.store(self.read(capture).result()).result()
        except ExtractionFailed as error:
            logger.warning("extraction failed: %s", error)
        self.frontier.settle(ends_of(self.frontier.leased(), capture, now), now)


def publisher_row(publisher: Publisher, stated_name: str | None) -> PublisherRow:
    """A definition as the index names it; a stand-in for one, by the name that its pages state."""
    is_stand_in = publisher.name == publisher.id
    return PublisherRow(
        id=publisher.id,
        name=(stated_name or publisher.name) if is_stand_in else publisher.name,
        domains=publisher.domains,
        country=publisher.country,
        languages=publisher.languages,
        notes=publisher.notes,
    )
