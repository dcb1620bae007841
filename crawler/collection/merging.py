"""Makes two articles one: on record first, then in the index, out of the captures of both in their order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from crawler.collection.futures import done, or_none, then
from crawler.collection.pages import ReadPage
from crawler.collection.resume import capture_at
from crawler.collection.storing import made, store_page
from crawler.collection.twins import Twin, event_of, twin_of
from crawler.errors import BadRecord, ExtractionFailed
from crawler.index.articles import Stored
from crawler.index.captures import Pending
from crawler.index.learnt import recount
from crawler.index.ledger import add_event
from crawler.index.merging import is_known, pages_of, remove_article, unfinished
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Event

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Merging:
    """Stores pages, and finds out whether the article of one is there under another key.

    What is found is an event on record, so that ids do not depend on the order in which pages came, nor on what later
    versions would find: a reindex finds nothing, and knows all events before the first page.
    """

    def __init__(self, folder: Path, index: IndexWriter, read: Callable[[Capture], Future[ReadPage]]) -> None:
        self._folder, self._index, self._read = folder, index, read
        self.on_found: Callable[[Event], Future[Any]] | None = None
        """Puts an event on record. None: nothing is looked for, as in a reindex."""

    def store(self, page: ReadPage) -> Future[Stored | None]:
        """As ``store_page``; the future ends when all is in its place."""
        on_found = self.on_found
        if on_found is None:
            return self._index.submit(partial(store_page, page=page))

        def stored(db: Any) -> Stored | Twin | None:
            return twin_of(db, page) or store_page(db, page)

        def decided(found: Stored | Twin | None) -> Future[Stored | None]:
            if not isinstance(found, Twin):
                return done(found)
            event = event_of(found, datetime.now(UTC))
            known = then(on_found(event), lambda _: self._index.submit(partial(add_event, event=event)))
            merged = then(known, lambda _: self.merge(found.merged, found.stays))
            return then(merged, lambda _: self._index.submit(partial(store_page, page=page)))

        return then(self._index.submit(stored), decided)

    def finish(self) -> None:
        """Merges what is to be merged by the events, and was not when a crawl was killed."""
        for merged, stays in self._index.submit(unfinished).result():
            self.merge(merged, stays).result()

    def merge(self, merged: str, stays: str) -> Future[None]:
        """One article in the index of two, if the first is there. Where a page of it cannot be read, it stays."""

        def found(db: Any) -> list[Pending]:
            return pages_of(db, [merged, stays]) if is_known(db, merged) else []

        return then(self._index.submit(found), lambda pages: self._merged(merged, stays, pages))

    def _merged(self, merged: str, stays: str, pages: list[Pending]) -> Future[None]:
        if not pages:
            return done(None)
        reading = self._all_read(pages, [])

        def again(read: list[ReadPage]) -> Future[None]:
            storing = self._index.submit(lambda db: _store_as_one(db, merged, stays, read))
            # Another process may have added a capture meanwhile.
            return then(storing, lambda is_whole: done(None) if is_whole else self.merge(merged, stays))

        return or_none(or_none(then(_told(reading, merged, stays), again), ExtractionFailed), BadRecord)

    def _all_read(self, pages: Sequence[Pending], read: list[ReadPage]) -> Future[list[ReadPage]]:
        if not pages:
            return done(read)
        capture = capture_at(self._folder, pages[0].warc, pages[0].offset)
        return then(self._read(capture), lambda page: self._all_read(pages[1:], [*read, page]))


def _store_as_one(db: Any, merged: str, stays: str, pages: list[ReadPage]) -> bool:
    """False, and nothing done, where these are not all captures of the two."""
    if [page.capture.record_id for page in pages] != [page.record_id for page in pages_of(db, [merged, stays])]:
        return False
    notes = [made(db, page) for page in pages]
    for article_id in (merged, stays):
        remove_article(db, article_id, notes, stays)
    for page in pages:
        store_page(db, page)
    for publisher_id in {article_id.partition("/")[0] for article_id in (merged, stays)}:
        recount(db, publisher_id, {piece.text for note in notes for piece in note.taken if piece.position is not None})
    return True


def _told(reading: Future[T], merged: str, stays: str) -> Future[T]:
    def tell(ended: Future[T]) -> None:
        if (error := ended.exception()) is not None:
            logger.warning("%s is not merged into %s before all its pages can be read: %s", merged, stays, error)

    reading.add_done_callback(tell)
    return reading
