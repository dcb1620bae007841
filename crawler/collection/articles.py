"""From a page on record to an article in the index."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.changes.identity import article_key
from crawler.collection.futures import done, mapped, or_none, then
from crawler.collection.joining import MAX_PAGES, joined, next_page
from crawler.collection.learning import Learning
from crawler.collection.pages import ReadPage
from crawler.collection.pool import Extracted, ExtractionPool, Task
from crawler.collection.resume import capture_at
from crawler.discovery.sources import publisher_with_id
from crawler.errors import ExtractionFailed, PagesCutOff
from crawler.extraction.recurring import without_learnt
from crawler.extraction.version import EXTRACTOR
from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import set_outcome
from crawler.index.forgetting import is_forgotten
from crawler.index.learnt import Learnt, learnt_among
from crawler.index.ledger import PublisherRow, put_publisher
from crawler.index.originals import place_of
from crawler.index.pages import Further, further_pages, is_cut_off
from crawler.index.writer import IndexWriter
from crawler.items import Capture, Context, Place
from crawler.publishers.base import Publisher
from crawler.warc.names import warc_path


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
            return ReadPage(capture, publisher, extracted.article, extracted.content_sha256, extracted.problems)

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

    def store(self, page: ReadPage) -> Future[Stored | None]:
        """The article in the index; None when the page is no article, or one that was taken down."""
        record_id = page.capture.record_id
        if not page.is_article():
            return self._index.submit(lambda db: set_outcome(db, record_id, "not-article"))
        publisher = page.publisher
        key = article_key(page.as_meant(), publisher)
        seen = Seen(page.capture, page.article, publisher.id, key, page.content_sha256, EXTRACTOR, page.further)

        def stored(db: Any) -> Stored | None:
            if is_forgotten(db, seen.article_id):
                set_outcome(db, record_id, "blocked")
                return None
            put_publisher(db, publisher_row(publisher, page.article.publisher_name))
            # Something may have been learnt since the page was read, by another process too.
            known = learnt_among(db, publisher.id, page.article.whole_blocks)
            return store_article(db, replace(seen, article=without_learnt(page.article, known)), publisher.hosts())

        storing = self._index.submit(stored)
        storing.add_done_callback(lambda ended: self.learning.note(publisher.id, ended))
        return storing

    def _note_failure(self, capture: Capture, reading: Future[ReadPage]) -> None:
        if isinstance(reading.exception(), ExtractionFailed):
            self._index.submit(lambda db: set_outcome(db, capture.record_id, "failed"))


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
