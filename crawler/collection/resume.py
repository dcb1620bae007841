"""After a kill: what is on record is extracted from there, and its URLs are not fetched again."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crawler.collection.pages import ReadPage, first_outcome
from crawler.errors import ExtractionFailed
from crawler.frontier.protocol import End, Lease
from crawler.frontier.schedule import next_due
from crawler.index.articles import Stored
from crawler.items import Capture, Event

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What WARC files say that an earlier process may not have brought into the index."""

    captures: list[Capture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Pages(Protocol):
    """The part of a collection that turns captures into articles."""

    def read(self, capture: Capture) -> Future[ReadPage]: ...
    def store(self, page: ReadPage) -> Future[Stored | None]: ...


def finish_pages(pages: Pages, recovered: Recovered) -> None:
    """Extracts and stores each recovered article's page, in the order of capture; what was stored stays as it is."""
    under_way = [pages.read(capture) for capture in recovered.captures if first_outcome(capture) == "pending"]
    for reading in under_way:
        try:
            pages.store(reading.result()).result()
        except ExtractionFailed as error:
            logger.warning("extraction failed: %s", error)


def ends_of(leases: Iterable[Lease], captures: Iterable[Capture], now: datetime) -> list[End]:
    """For each leased article that is on record by now, the end that nobody came to store.

    Redirects, errors and listings are left out: they are fetched again, since their links may be lost.
    """
    newest = {capture.url: capture for capture in captures if first_outcome(capture) == "pending"}
    return [_end(lease, newest[lease.entry.url], now) for lease in leases if lease.entry.url in newest]


def _end(lease: Lease, capture: Capture, now: datetime) -> End:
    return End(
        lease,
        "done",
        due_at=next_due("article", "done", 0, lease.seen_at, now),
        status=capture.status,
        etag=capture.etag,
        last_modified=capture.last_modified,
        payload_digest=capture.payload_digest,
    )
