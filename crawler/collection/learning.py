"""Learns publishers' boilerplate from the articles that a collection holds, and puts on record what was learnt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from crawler.collection.fates import Absent
from crawler.collection.futures import mapped
from crawler.extraction.recurring import learnt
from crawler.index.articles import Stored
from crawler.index.learnt import LEARNT, Learnt, learnt_of, newest_articles
from crawler.index.writer import IndexWriter
from crawler.items import Event

LOOKED_AT = 100
"""Articles of a publisher, its newest: what it wrote below its articles years ago is known since then."""
EVERY = 50
"""New articles of a publisher after which it is learnt from them, beside the end of each crawl."""


class Learning:
    """What is known, and when more is looked for.

    When that happens makes no difference to what an index holds in the end: what was learnt is an event on record, and
    is taken out of all of the publisher's revisions, older and newer.
    """

    def __init__(self, index: IndexWriter) -> None:
        self._index = index
        self._lock = Lock()
        self._known: dict[str, Future[Learnt]] = {}
        self._new: Counter[str] = Counter()
        """Articles stored since the last look, by publisher."""
        self.on_learnt: Callable[[Event], object] | None = None
        """Puts an event on record and into the index. None: nothing is learnt, as in a reindex."""

    def of(self, publisher_id: str) -> Future[Learnt]:
        """What is known of a publisher, to this process: another may have learnt more."""
        with self._lock:
            known = self._known.get(publisher_id)
            if known is None:
                known = self._known[publisher_id] = self._index.submit(lambda db: learnt_of(db, publisher_id))
        return known

    def note(self, publisher_id: str, storing: Future[Stored | Absent | None]) -> None:
        """Counts what was stored; now and then that is a reason to look."""
        if self.on_learnt is None or storing.cancelled() or storing.exception() is not None:
            return
        stored = storing.result()
        if not isinstance(stored, Stored) or stored.outcome != "new":
            return
        with self._lock:
            self._new[publisher_id] += 1
            due = self._new[publisher_id] >= EVERY
        if due:
            self._look(publisher_id)

    def finish(self) -> None:
        """Looks at all publishers that have new articles. What was learnt is on its way onto record after that."""
        for looking in [self._look(publisher_id) for publisher_id in list(self._new)]:
            looking.result()

    def forget(self, publisher_id: str) -> None:
        """What is known of a publisher is to be asked for again."""
        with self._lock:
            self._known.pop(publisher_id, None)

    def _look(self, publisher_id: str) -> Future[None]:
        with self._lock:
            self._new.pop(publisher_id, None)

        def found(db: Any) -> Event | None:
            articles = newest_articles(db, publisher_id, LOOKED_AT)
            new = learnt(articles) - learnt_of(db, publisher_id).texts
            detail: dict[str, object] = {"paragraphs": sorted(new), "articles": len(articles)}
            return Event(LEARNT, datetime.now(UTC), publisher_id, detail=detail) if new else None

        return mapped(self._index.submit(found), self._put_on_record)

    def _put_on_record(self, event: Event | None) -> None:
        if event is not None and self.on_learnt is not None:
            self.on_learnt(event)
