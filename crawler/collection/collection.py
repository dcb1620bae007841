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

from crawler.collection.articles import Articles
from crawler.collection.fates import Absent, location_of, settle_unread
from crawler.collection.futures import then
from crawler.collection.joining import MISSING
from crawler.collection.lock import Membership, door, process_of
from crawler.collection.originals import CollectionOriginals
from crawler.collection.pages import first_outcome, is_unread
from crawler.collection.pool import ExtractionPool
from crawler.collection.resume import Recovered, capture_at, ends_of
from crawler.errors import BadRecord, ExtractionFailed, PagesCutOff
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.captures import Pending, add_capture, crawl_name, pending, set_outcome, set_place
from crawler.index.database import open_index
from crawler.index.expiry import drop_listings
from crawler.index.learnt import LEARNT
from crawler.index.ledger import (
    SealedRow,
    add_event,
    add_sealed,
    add_stats,
    crawl_finished,
    crawl_started,
    known_files,
)
from crawler.index.originals import Held, newest_of
from crawler.index.pages import CUT_OFF
from crawler.index.writer import IndexWriter
from crawler.items import BrokenExchange, Capture, Event, Exchange, Notes
from crawler.warc.manifest import SealedWarc
from crawler.warc.names import process_of as writer_of
from crawler.warc.records import target_uri
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
    min_free_bytes: int = 0
    """Of the disk: with less nothing more is recorded."""


def bring_up_to_date(folder: Path) -> None:
    """An index of an older version becomes one of this; who is making one is waited for.

    Raises FolderNotUsable, CollectionInUse, IndexTooNew, DiskFull.
    """
    with door(folder), ExitStack() as last:
        last.callback(Membership(folder).release)
        open_index(folder / "index.db").close()


class Collection:
    """Open for writing: WARC first, then the index, then the frontier; each step may be repeated without harm.

    Several processes may have one open at once. Raises FolderNotUsable, CollectionInUse and IndexTooNew, and then
    has changed nothing.
    """

    def __init__(self, folder: Path, *, info: Mapping[str, str], limits: Limits) -> None:
        self.folder = folder
        self._info, self._limits = dict(info), limits
        self._crawl: tuple[str, datetime] | None = None
        self._cut_off: list[Capture] = []
        """First pages of articles whose other pages a killed crawl had not fetched."""
        with ExitStack() as undo, door(folder):
            self.membership = Membership(folder)
            undo.callback(self.membership.release)
            index = open_index(folder / "index.db")
            undo.callback(index.close)
            self.frontier = SqliteFrontier(folder / "frontier.db")
            undo.callback(self.frontier.close)
            self.index = IndexWriter(index)
            undo.callback(self.index.close)
            self._pool = ExtractionPool(limits.workers)
            undo.callback(self._pool.close)
            self.articles = Articles(folder, self.index, self._pool)
            self._originals = CollectionOriginals(folder)
            self.warc = WarcWriter(
                folder,
                info=info,
                max_bytes=limits.warc_bytes,
                max_seconds=limits.warc_seconds,
                min_free_bytes=limits.min_free_bytes,
                on_sealed=self._sealed,
                on_event=self._told,
                originals=self._originals,
            )
            undo.callback(self.warc.close)
            self.articles.merging.on_found = self.warc.event
            self._resume()
            undo.pop_all()
        self.articles.learning.on_learnt = self.warc.event
        for first in self._cut_off:
            self._note_cut_off(first)

    def begin_crawl(self, spider: str, arguments: Sequence[str], at: datetime) -> None:
        """What is recorded from now on belongs to this crawl."""
        self._crawl = spider, at
        self.warc.event(crawl_started(spider, arguments, at, self._info["software"]))

    def end_crawl(self, reason: str, stats: Mapping[str, Any], at: datetime) -> None:
        """Notes how the crawl ended."""
        if self._crawl is None:
            return
        (spider, began), self._crawl = self._crawl, None
        self.articles.learning.finish()
        self.warc.event(crawl_finished(spider, began, reason, at))
        self.index.submit(lambda db: add_stats(db, spider, began, stats))

    def record(self, exchange: Exchange, notes: Notes) -> Future[Capture]:
        """The exchange on record: its bytes synced to disk, its row in ``captures``."""
        name = crawl_name(*self._crawl) if self._crawl else None
        return then(self.warc.record(exchange, replace(notes, crawl=name)), self._indexed)

    def broken(self, exchange: BrokenExchange) -> None:
        """Notes an exchange that ended before its response had a whole header."""
        self.warc.broken(exchange)

    def held(self, url: str) -> Future[Held | None]:
        """The last whole response of an address, for a conditional request made now."""
        return self.index.submit(lambda db: newest_of(db, target_uri(url), datetime.now(UTC)))

    def close(self) -> None:
        """Finishes what is under way, seals the WARC file, closes the databases."""
        self.articles.learning.on_learnt = None
        with ExitStack() as last_first:
            last_first.callback(self.membership.release)
            last_first.callback(self.frontier.close)
            last_first.callback(self.index.close)
            last_first.callback(self._originals.close)
            last_first.callback(self.warc.close)
            last_first.callback(self._pool.close)

    def _indexed(self, capture: Capture) -> Future[Capture]:
        """Its row, and what it means where it is no page."""
        location = location_of(self.folder, capture) if is_unread(capture) else None

        def added(db: Any) -> Capture:
            add_capture(db, capture, first_outcome(capture))
            if is_unread(capture):
                settle_unread(db, capture, location)
            return capture

        return self.index.submit(added)

    def _told(self, event: Event) -> None:
        adding = self.index.submit(partial(add_event, event=event))
        if event.kind == LEARNT:
            adding.add_done_callback(lambda added: self.articles.learning.forget(event.publisher_id or ""))

    def _sealed(self, sealed: SealedWarc) -> None:
        row = SealedRow(**asdict(sealed))
        self.index.submit(lambda db: add_sealed(db, row))

    def _resume(self) -> None:
        """After a kill: indexes records without rows, seals, deals with pages that nobody came to extract, and puts
        what was under way back into the queue. What processes that live are at is left to them.
        """
        recovered = Recovered()
        indexed = self.index.submit(known_files).result()
        files = recover(self.folder, recovered.captures.append, recovered.events.append, indexed=indexed)
        rows: list[Future[Any]] = [self.index.submit(partial(add_event, event=event)) for event in recovered.events]
        # What each means is found in the order of their moments, below.
        rows += [self.index.submit(partial(_add, capture=capture)) for capture in recovered.captures]
        anew = {sealed.filename: sealed.replaces for sealed in files if sealed.replaces}
        moved = [capture for capture in recovered.captures if capture.warc in anew]
        rows += [self.index.submit(partial(set_place, capture=capture)) for capture in moved]
        if anew:
            rows.append(self.index.submit(partial(drop_listings, files=anew.values())))
        for row in rows:
            row.result()
        # Only now: a file that has a row is not told again.
        for sealed in files:
            self._sealed(sealed)
        self.articles.merging.finish()
        living = self.membership.alive()
        at_work = {process_of(owner) for owner in living - {self.membership.owner}}
        for page in self.index.submit(pending).result():
            if writer_of(page.warc) not in at_work:
                self._finish(page)
        self.recovered = self.frontier.recover(living, datetime.now(UTC))

    def _note_cut_off(self, first: Capture) -> None:
        """On record before the index says so: a reindex must know that the next capture of the article counts."""
        moment = datetime.now(UTC)
        event = Event(CUT_OFF, moment, first.notes.publisher_id, record_id=first.record_id, detail={"url": first.url})
        self.warc.event(event).result()
        self.index.submit(lambda db: set_outcome(db, first.record_id, "failed")).result()

    def _finish(self, page: Pending) -> None:
        """Extracts a page that is on record, then acknowledges its URL; a record that is lost is fetched again."""
        now = datetime.now(UTC)
        try:
            capture = capture_at(self.folder, page.warc, page.offset)
        except BadRecord as error:
            logger.error("a captured page is lost: %s", error)
            self.index.submit(lambda db: set_outcome(db, page.record_id, "failed")).result()
            return
        if is_unread(capture):  # its URL is asked for again
            self.articles.settle(capture).result()
            return
        try:
            read = self.articles.read(capture).result()
            if MISSING in read.problems:
                # Its URL goes back into the queue, and all pages are fetched anew: one revision, not two.
                self._cut_off.append(capture)
                return
            stored = self.articles.store(read).result()
            if isinstance(stored, Absent):  # its URL is asked for again: once is not enough
                return
        except PagesCutOff:
            self.index.submit(lambda db: set_outcome(db, page.record_id, "failed")).result()
            return
        except ExtractionFailed as error:
            logger.warning("extraction failed: %s", error)
        abandoned = self.frontier.abandoned(self.membership.alive())
        self.frontier.settle(ends_of(abandoned, capture, now), now)


def _add(db: Any, capture: Capture) -> None:
    add_capture(db, capture, first_outcome(capture))
