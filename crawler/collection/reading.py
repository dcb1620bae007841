"""Pages on record that nobody has extracted, read in parallel and stored in the order of their captures."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from crawler.collection.articles import Articles
from crawler.collection.pages import ReadPage, is_unread
from crawler.collection.resume import capture_at
from crawler.errors import BadRecord, ExtractionFailed
from crawler.index.captures import Pending, pending, set_outcome
from crawler.index.writer import IndexWriter
from crawler.items import Capture

logger = logging.getLogger(__name__)

AHEAD = 64
"""Pages that are extracted while the oldest of them waits to be stored."""


class Reading:
    """One pass over the pending pages of an index."""

    def __init__(self, folder: Path, index: IndexWriter, articles: Articles, say: Callable[[str], None]) -> None:
        self._folder, self._index, self._articles, self._say = folder, index, articles, say
        self._storing: deque[Future[Any]] = deque()
        self.left_out: list[str] = []
        """Pages that cannot be read where the index has them, each with its place and the reason."""

    def read_pending(self) -> None:
        """Extraction runs ahead in parallel; what it gives is stored in order."""
        waiting: deque[tuple[Pending, Capture, Future[ReadPage] | None]] = deque()
        pages = self._index.submit(pending).result()
        for number, (page, capture) in enumerate(self._captures(pages), 1):
            waiting.append((page, capture, None if is_unread(capture) else self._articles.read(capture)))
            if len(waiting) >= AHEAD:
                self._store(*waiting.popleft())
            if number % 100 == 0:
                self._say(f"page {number} of {len(pages)}")
        while waiting:
            self._store(*waiting.popleft())
        while self._storing:
            self._storing.popleft().result()

    def _captures(self, pages: list[Pending]) -> Iterator[tuple[Pending, Capture]]:
        for page in pages:
            try:
                yield page, capture_at(self._folder, page.warc, page.offset)
            except BadRecord as error:
                logger.error("a page is left out: %s", error)
                self.left_out.append(str(error))
                self._fail(page)

    def _store(self, page: Pending, capture: Capture, reading: Future[ReadPage] | None) -> None:
        try:
            read = reading.result() if reading else None
        except ExtractionFailed as error:
            logger.warning("extraction failed: %s", error)
            self._fail(page)
            return
        self._storing.append(self._articles.store(read) if read else self._articles.settle(capture))
        if len(self._storing) > AHEAD:
            self._storing.popleft().result()

    def _fail(self, page: Pending) -> None:
        self._index.submit(lambda db: set_outcome(db, page.record_id, "failed"))
