"""From a page on record to an article in the index."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from crawler.collection.doubts import Doubt, resolved
from crawler.collection.fates import Absent, location_of, settle_absent, settle_unread
from crawler.collection.futures import done, mapped, or_none, then
from crawler.collection.joining import MAX_PAGES, joined, next_page
from crawler.collection.learning import Learning
from crawler.collection.merging import Merging
from crawler.collection.pages import ReadPage
from crawler.collection.pool import Extracted, ExtractionPool, Task
from crawler.collection.resume import capture_at
from crawler.collection.storing import Made, put_page, refresh_page
from crawler.discovery.sources import publisher_with_id
from crawler.errors import BadRecord, ExtractionFailed, PagesCutOff
from crawler.index.articles import Stored
from crawler.index.captures import set_outcome
from crawler.index.learnt import Learnt
from crawler.index.originals import place_of
from crawler.index.pages import Further, further_pages, is_cut_off
from crawler.index.readings import Outdated
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Context, Place
from crawler.warc.names import warc_path

logger = logging.getLogger(__name__)


class Articles:
    """What a crawl does with a captured page, and a reindex with every one again."""

    def __init__(self, folder: Path, index: IndexWriter, pool: ExtractionPool) -> None:
        self._folder, self._index, self._pool = folder, index, pool
        self.learning = Learning(index)
        self.merging = Merging(folder, index, self.read)

    def payload_place(self, capture: Capture) -> Future[Place]:
        """Where a capture's payload is: in its own record, or in the one that a revisit refers to."""
        if capture.refers_to is None:
            return done(Place(capture.warc, capture.offset))
        original = capture.refers_to

        def located(db: Any) -> Place:
            found = place_of(db, original)
            if found is None:
                raise ExtractionFailed(f"{capture.url}: {original}, which its revisit record refers to, is not indexed")
            return found

        return self._index.submit(located)

    def read(self, capture: Capture) -> Future[ReadPage]:
        """The article of a captured page, with all of its later pages that are on record and belong to it.

        Where extraction fails, ``captures`` says so and the future raises; it raises PagesCutOff where the same
        article was fetched again since not all pages had come.
        """
        return then(self.read_page(capture), self._with_further_pages)

    def read_page(self, capture: Capture) -> Future[ReadPage]:
        """What one captured page says, whatever comes after it."""
        reading = self.peek(capture)
        if capture.notes.page_of is None:
            reading.add_done_callback(lambda ended: self._note_failure(capture, ended))
        return reading

    def peek(self, capture: Capture) -> Future[ReadPage]:
        """The same, for who only wants to look: the index is told nothing."""
        return then(self.payload_place(capture), lambda place: self._extracted(capture, place))

    def _extracted(self, capture: Capture, place: Place) -> Future[ReadPage]:
        notes = capture.notes
        publisher = publisher_with_id(notes.publisher_id or "", notes.mirror_of or capture.url)

        def asked(learnt: Learnt) -> Future[Extracted]:
            context = Context(notes.hints, capture.captured_at, learnt.texts, learnt.generation)
            path = warc_path(self._folder, place.warc)
            return self._pool.extract(Task(path, place.offset, capture.url, publisher, context))

        def page(extracted: Extracted) -> ReadPage:
            said = extracted.content_sha256, extracted.problems, extracted.verdict
            return ReadPage(capture, publisher, extracted.article, *said)

        return mapped(then(self.learning.of(publisher.id), asked), page)

    def _with_further_pages(self, first: ReadPage) -> Future[ReadPage]:
        if next_page([first]) is None:
            return done(first)
        record_id = first.capture.record_id

        def on_record(db: Any) -> list[Further]:
            if is_cut_off(db, record_id):
                raise PagesCutOff(f"{first.capture.url}: not all of its pages had come when the crawl was killed")
            return further_pages(db, record_id)

        return then(self._index.submit(on_record), lambda further: self._joined([first], further))

    def _joined(self, pages: list[ReadPage], further: list[Further]) -> Future[ReadPage]:
        """One page after the other, as long as each names the next."""
        if not further or next_page(pages) is None or len(pages) == MAX_PAGES:
            return done(joined(pages))
        capture = capture_at(self._folder, further[0].capture.warc, further[0].capture.offset)
        reading = or_none(self._extracted(capture, further[0].payload), ExtractionFailed)

        def goes_on(page: ReadPage | None) -> Future[ReadPage]:
            return self._joined([*pages, page], further[1:]) if page else done(joined(pages))

        return then(reading, goes_on)

    def settle(self, capture: Capture) -> Future[None]:
        """What an address gave that is no page, in the index: see ``is_unread``."""
        location = location_of(self._folder, capture)
        return self._index.submit(lambda db: settle_unread(db, capture, location))

    def store(self, page: ReadPage) -> Future[Stored | Absent | None]:
        """The article in the index; Absent where the page says that it is not there any more, or it was emptied.

        None when the page is no article, or one that was taken down.
        """
        storing = then(self.merging.store(page), lambda found: self._settled(page, found))
        storing.add_done_callback(lambda ended: self.learning.note(page.publisher.id, ended))
        return storing

    def _settled(self, page: ReadPage, found: Made) -> Future[Stored | Absent | None]:
        """What could not be said without the WARC files."""
        if isinstance(found, Outdated):
            return then(self._refreshed(found), lambda _: self._index.submit(partial(put_page, page=page)))
        if isinstance(found, Doubt):
            return then(self.payload_place(page.capture), lambda place: self._without_doubt(page, found, place))
        return done(found)

    def _without_doubt(self, page: ReadPage, doubt: Doubt, place: Place) -> Future[Stored | Absent | None]:
        absent = resolved(doubt, self._folder, place)
        return self._index.submit(lambda db: settle_absent(db, page.capture, absent))

    def _refreshed(self, old: Outdated) -> Future[None]:
        """A revision of an earlier extraction read again; where that fails it stays, and is compared with nothing."""
        try:
            reading = self.read(capture_at(self._folder, old.warc, old.offset))
        except BadRecord as error:
            logger.error("%s stays as it was read once: %s", old.revision_id, error)
            return done(None)

        def put(page: ReadPage | None) -> Future[None]:
            if page is None or not page.is_article():
                logger.warning("%s stays as it was read once: nothing comes of its page now", old.revision_id)
                return done(None)
            return self._index.submit(lambda db: refresh_page(db, old.revision_id, page))

        return then(or_none(reading, ExtractionFailed), put)

    def _note_failure(self, capture: Capture, reading: Future[ReadPage]) -> None:
        if isinstance(reading.exception(), ExtractionFailed):
            self._index.submit(lambda db: set_outcome(db, capture.record_id, "failed"))
