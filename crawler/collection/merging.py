"""Two articles that are one, on record and in the index; and captures that come late, in their place in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawler.collection.futures import attempted, done, in_turn, mapped, then
from crawler.collection.pages import ReadPage
from crawler.collection.resume import capture_at
from crawler.collection.storing import Made, named, put_page, store_page, written_of
from crawler.collection.twins import Twin, event_of, twin_of
from crawler.errors import BadRecord, ExtractionFailed
from crawler.index.articles import Stored
from crawler.index.captures import Pending
from crawler.index.forgetting import is_forgotten
from crawler.index.learnt import recount
from crawler.index.ledger import add_event
from crawler.index.merging import is_known, is_late, pages_of, remove_article, revisions_of, unfinished
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Event

logger = logging.getLogger(__name__)


class Merging:
    """Stores pages, and finds out whether the article of one is there under another key.

    What is found is an event on record, so that ids do not depend on the order in which pages came, nor on what later
    versions would find: a reindex finds nothing, and knows all events before the first page.
    """

    def __init__(self, folder: Path, index: IndexWriter, read: Callable[[Capture], Future[ReadPage]]) -> None:
        self._folder, self._index, self._read = folder, index, read
        self.on_found: Callable[[Event], Future[Any]] | None = None
        """Puts an event on record. None: nothing is looked for, as in a reindex, to which no page comes late."""

    def store(self, page: ReadPage) -> Future[Made]:
        """As ``store_page``; the future ends when all is in its place."""
        on_found = self.on_found
        if on_found is None:
            return self._index.submit(partial(store_page, page=page))

        def stored(db: Any) -> Made | Twin | _Late:
            if page.verdict is not None or not page.is_article():
                return store_page(db, page)
            of = named(db, page)
            # What was taken down must not come back as part of what resembles it.
            if is_forgotten(db, of.article_id):
                return store_page(db, page, of)
            if twin := twin_of(db, page, of):
                return twin
            if is_late(db, of.article_id, page.capture):
                return _Late(of.article_id)
            return store_page(db, page, of)

        def decided(found: Made | Twin | _Late) -> Future[Made]:
            if isinstance(found, _Late):
                return mapped(self._in_order([found.article_id], found.article_id, page), lambda stored: stored)
            if not isinstance(found, Twin):
                return done(found)
            logger.info("%s is merged into %s (%s): %s", found.merged, found.stays, found.reason, page.capture.url)
            event = event_of(found, datetime.now(UTC))
            known = then(on_found(event), lambda _: self._index.submit(partial(add_event, event=event)))
            merged = then(known, lambda _: self._merge(found.merged, found.stays))
            return then(merged, lambda _: self.store(page))

        return then(self._index.submit(stored), decided)

    def finish(self) -> None:
        """Merges what is to be merged by the events, and was not when a crawl was killed."""
        for merged, stays in self._index.submit(unfinished).result():
            self._merge(merged, stays).result()

    def _merge(self, merged: str, stays: str) -> Future[Stored | None]:
        """One article in the index of two, if the first is there. Where a page of it cannot be read, both stay."""
        known = self._index.submit(partial(is_known, article_id=merged))
        return then(known, lambda is_there: self._in_order([merged, stays], stays) if is_there else done(None))

    def _in_order(self, ids: Sequence[str], stays: str, late: ReadPage | None = None) -> Future[Stored | None]:
        """One article anew out of all captures of some, and of one that came late; what became of that one."""

        def remade(pages: list[ReadPage]) -> Future[Stored | None]:
            storing = self._index.submit(lambda db: _store_anew(db, ids, stays, pages, late))
            # Another process may have added a capture meanwhile.
            return then(
                storing, lambda all_there: done(all_there[0]) if all_there else self._in_order(ids, stays, late)
            )

        def unread(error: Exception) -> Future[Stored | None]:
            logger.warning("%s is not put in order before all its pages can be read: %s", " and ".join(ids), error)
            return self._index.submit(partial(put_page, page=late)) if late else done(None)

        listing = self._index.submit(lambda db: pages_of(db, ids))
        reading = then(listing, lambda pages: in_turn(pages, self._read_again))
        read_or_not = attempted(reading, (BadRecord, ExtractionFailed))
        return then(read_or_not, lambda read: unread(read) if isinstance(read, Exception) else remade(read))

    def _read_again(self, page: Pending) -> Future[ReadPage]:
        return self._read(capture_at(self._folder, page.warc, page.offset))


@dataclass(frozen=True, slots=True)
class _Late:
    """That an article was seen later than a page shows it."""

    article_id: str


def _store_anew(
    db: Any, ids: Sequence[str], stays: str, pages: Sequence[ReadPage], late: ReadPage | None
) -> tuple[Stored | None] | None:
    """What became of the late page; None, and nothing done, where these are not all captures of the articles."""
    if [page.capture.record_id for page in pages] != [page.record_id for page in pages_of(db, ids)]:
        return None
    before = revisions_of(db, ids)
    notes = [written_of(db, page) for page in pages]
    for article_id in ids:
        remove_article(db, article_id, notes, stays)
    every = sorted([*pages, *([late] if late else [])], key=lambda page: page.capture.captured_at)
    stored = {page.capture.record_id: put_page(db, page) for page in every}
    learnt = {piece.text for note in notes for piece in note.taken if piece.position is not None}
    for publisher_id in {article_id.partition("/")[0] for article_id in ids}:
        recount(db, publisher_id, learnt)
    became = stored[late.capture.record_id] if late else None
    # That it is the first capture now does not make the article new.
    has_grown = revisions_of(db, ids) > before
    return (replace(became, outcome="revised" if has_grown else "unchanged") if became else None,)
