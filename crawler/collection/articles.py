"""From a page on record to an article in the index."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.changes.identity import article_key
from crawler.collection.doubts import Doubt, doubt_about, resolved
from crawler.collection.editing import note_edit
from crawler.collection.fates import Absent, location_of, restate, settle_absent, settle_unread
from crawler.collection.futures import done, mapped, or_none, then
from crawler.collection.joining import MAX_PAGES, joined, next_page
from crawler.collection.learning import Learning
from crawler.collection.pages import ReadPage
from crawler.collection.pool import Extracted, ExtractionPool, Task
from crawler.collection.resume import capture_at
from crawler.discovery.sources import publisher_with_id
from crawler.errors import BadRecord, ExtractionFailed, PagesCutOff
from crawler.extraction.recurring import without_learnt
from crawler.extraction.version import extractor_of
from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import set_outcome
from crawler.index.forgetting import is_forgotten
from crawler.index.learnt import Learnt, learnt_among
from crawler.index.ledger import PublisherRow, put_publisher
from crawler.index.moments import stamp
from crawler.index.originals import place_of
from crawler.index.pages import Further, further_pages, is_cut_off
from crawler.index.readings import Outdated, outdated, refresh
from crawler.index.sightings import article_at, has_misses, publisher_of
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Context, Place
from crawler.publishers.base import Publisher
from crawler.warc.names import warc_path

logger = logging.getLogger(__name__)


class Articles:
    """What a crawl does with a captured page, and a reindex with every one again."""

    def __init__(self, folder: Path, index: IndexWriter, pool: ExtractionPool) -> None:
        self._folder, self._index, self._pool = folder, index, pool
        self.learning = Learning(index)

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
        storing = then(self._index.submit(lambda db: self._stored(db, page)), lambda found: self._settled(page, found))
        storing.add_done_callback(lambda ended: self.learning.note(page.publisher.id, ended))
        return storing

    def _stored(self, db: Any, page: ReadPage) -> Stored | Absent | Outdated | Doubt | None:
        """What the index can say; Outdated or Doubt where the WARC files must be asked, and then nothing is stored."""
        seen = _seen(page)
        known = seen.article_id if publisher_of(db, seen.article_id) else article_at(db, page.capture.url)
        if page.verdict is not None:
            return settle_absent(db, page.capture, Absent(page.verdict, known))
        if known is not None and (doubt := doubt_about(db, known, page)) is not None:
            return doubt
        if not page.is_article():
            set_outcome(db, page.capture.record_id, "not-article")
            return None
        at = stamp(page.capture.captured_at)
        return outdated(db, seen.article_id, at, seen.extractor, seen.content_sha256) or self._put(db, page, seen)

    def _put(self, db: Any, page: ReadPage, seen: Seen) -> Stored | None:
        if is_forgotten(db, seen.article_id):
            set_outcome(db, page.capture.record_id, "blocked")
            return None
        put_publisher(db, publisher_row(page.publisher, page.article.publisher_name))
        # Something may have been learnt since the page was read, by another process too.
        known = learnt_among(db, page.publisher.id, page.article.whole_blocks)
        stored = store_article(db, replace(seen, article=without_learnt(page.article, known)), page.publisher.hosts())
        if stored.outcome == "revised":
            note_edit(db, stored, page.publisher.id, page.capture.record_id)
        if has_misses(db, stored.article_id):
            restate(db, stored.article_id)
        return stored

    def _settled(
        self, page: ReadPage, found: Stored | Absent | Outdated | Doubt | None
    ) -> Future[Stored | Absent | None]:
        if isinstance(found, Outdated):
            return then(
                self._refreshed(found), lambda _: self._index.submit(lambda db: self._put(db, page, _seen(page)))
            )
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
            return self._index.submit(lambda db: self._refresh(db, old.revision_id, page))

        return then(or_none(reading, ExtractionFailed), put)

    def _refresh(self, db: Any, revision_id: str, page: ReadPage) -> None:
        known = learnt_among(db, page.publisher.id, page.article.whole_blocks)
        article = without_learnt(page.article, known)
        refresh(db, revision_id, article, page.content_sha256, extractor_of(page.publisher))

    def _note_failure(self, capture: Capture, reading: Future[ReadPage]) -> None:
        if isinstance(reading.exception(), ExtractionFailed):
            self._index.submit(lambda db: set_outcome(db, capture.record_id, "failed"))


def _seen(page: ReadPage) -> Seen:
    publisher = page.publisher
    key = article_key(page.as_meant(), publisher)
    extractor = extractor_of(publisher)
    return Seen(page.capture, page.article, publisher.id, key, page.content_sha256, extractor, page.further)


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
        is_stated=is_stand_in,
    )
