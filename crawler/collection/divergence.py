"""Copies of articles on several hosts of their publisher, held against each other; what goes on record of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from crawler.changes.divergence import Difference, are_copies, differences, lag
from crawler.changes.identity import article_key
from crawler.collection.pages import ReadPage
from crawler.index.mirrors import DIFFERS
from crawler.items import Capture, Event, Place

Finding = Literal["same", "differs", "another", "missing", "unreachable"]
"""same; differs: in some field; another: not this article; missing: the host says it has none; unreachable: it does not
answer, or refuses."""


GONE = frozenset((404, 410))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article to be compared."""

    article_id: str
    url: str
    """Where the publisher's own host has it."""
    first_seen_at: datetime
    place: Place
    """Of the capture of its newest revision."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What one host gave when it was asked for an article."""

    host: str
    url: str
    page: ReadPage | None = None
    """None: no page that could be read."""
    capture: Capture | None = None
    """None: no answer."""
    reason: str = ""
    """Why there is no page, for people."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A copy against the one of the host before it in order."""

    article_id: str
    host: str
    of: str
    """The host whose copy it is held against."""
    url: str
    finding: Finding
    differences: tuple[Difference, ...] = ()
    lag_seconds: float | None = None
    """By how much this copy is older; of one that is missing, how long the article has been known. None: no telling."""
    reason: str = ""
    record_id: str | None = None
    """Of the capture of this copy."""
    of_record_id: str | None = None


@dataclass(slots=True)
class Comparison:
    """All that was compared."""

    publisher_id: str
    hosts: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    with_record: bool = False
    """Whether each copy is held against the one on record: then their differences go on record only as a summary."""
    compared: list[Compared] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Articles that no host gave."""


def compared(wanted: Wanted, copies: Sequence[Copy], now: datetime) -> list[Compared]:
    """Each copy against the first that could be read; none where no host gave the article."""
    first = next((copy for copy in copies if copy.page is not None and copy.page.article.headline), None)
    if first is None:
        return []
    return [_compared(wanted, first, copy, now) for copy in copies if copy is not first]


def _compared(wanted: Wanted, first: Copy, copy: Copy, now: datetime) -> Compared:
    assert first.page is not None
    said = Compared(
        wanted.article_id,
        copy.host,
        first.host,
        copy.url,
        "missing" if copy.capture and copy.capture.status in GONE else "unreachable",
        reason=copy.reason,
        record_id=copy.capture.record_id if copy.capture else None,
        of_record_id=first.page.capture.record_id,
    )
    if copy.page is None:
        known = (now - wanted.first_seen_at).total_seconds()
        return replace(said, lag_seconds=known if said.finding == "missing" else None)
    here, there = first.page.article, copy.page.article
    if _key(first.page) != _key(copy.page) or not are_copies(here, there):
        return replace(said, finding="another", reason=f"headline: {there.headline}")
    found, late = differences(here, there), lag(here, there)
    seconds = late.total_seconds() if late is not None else 0.0
    return replace(said, finding="differs" if found else "same", differences=found, lag_seconds=seconds)


def _key(page: ReadPage) -> str:
    return article_key(page.as_meant(), page.publisher)


def differs_event(found: Compared, publisher_id: str, now: datetime) -> Event:
    """What goes on record where a mirror does not say the same."""
    detail: dict[str, object] = {
        "host": found.host,
        "of": found.of,
        "url": found.url,
        "of_record_id": found.of_record_id,
        "differences": [{"field": each.field, "here": each.here, "there": each.there} for each in found.differences],
    }
    if found.lag_seconds is not None:
        detail["lag_seconds"] = found.lag_seconds
    return Event(DIFFERS, now, publisher_id, found.article_id, found.record_id, detail)
