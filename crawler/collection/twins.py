"""Whether the article of a page is in the index already, under another key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.changes.identity import own_id
from crawler.changes.likeness import Link, Piece, Reason, marks_nearby, one_article
from crawler.collection.pages import ReadPage
from crawler.collection.storing import Named
from crawler.discovery.sources import publisher_with_id
from crawler.index.aliases import MERGED, current_id
from crawler.index.articles import redirected_from
from crawler.index.database import Connection
from crawler.index.merging import Known, is_known, known, served_at, sharing
from crawler.items import Event
from crawler.normalisation.urls import host_of, registered_domain


@dataclass(frozen=True, slots=True)
class Twin:
    """Two ids of one article."""

    publisher_id: str
    merged: str
    stays: str
    reason: Reason
    record_id: str
    """Of the page that shows it."""
    revisions: tuple[str, ...]
    """The record ids of those that the merged one has by now."""


def twin_of(db: Connection, page: ReadPage, own: Named) -> Twin | None:
    """Another article of the index that the page is of; None where there is none. To be asked before it is stored.

    By text only where the page's own key is new: two that are known were told apart before. What redirects, or was
    seen at its address, is looked at when the article is first seen there.
    """
    is_new = not is_known(db, own.article_id)
    for other, link in _candidates(db, page, own, is_new=is_new):
        if not _is_of_one_publisher(other, page):
            continue
        if reason := one_article(own.piece, _piece(other), link):
            return _twin(db, page, own, other, reason)
    return None


def event_of(twin: Twin, at: datetime) -> Event:
    """What goes on record of it."""
    detail: dict[str, object] = {
        "merged": twin.merged,
        "reason": twin.reason,
        "record": twin.record_id,
        "revisions": list(twin.revisions),
    }
    return Event(MERGED, at, twin.publisher_id, twin.stays, detail=detail)


def _candidates(db: Connection, page: ReadPage, own: Named, *, is_new: bool) -> Iterator[tuple[Known, Link | None]]:
    links: list[tuple[str, Link | None]] = [
        (found, "address") for found in served_at(db, own.article_id, page.capture.url)
    ]
    for url in redirected_from(db, page.capture):
        links += [(found, "redirect") for found in served_at(db, own.article_id, url)]
    if is_new and (near := marks_nearby(own.publisher_id, own.piece)):
        links += [(found, None) for found in sharing(db, near)]
    for article_id, link in links:
        # One that was merged into this one has rows for as long as a page of it cannot be read.
        other = known(db, article_id) if current_id(db, article_id) != own.article_id else None
        if other is not None:
            yield other, link


def _is_of_one_publisher(other: Known, page: ReadPage) -> bool:
    """Or of the same site, from before its publisher had a definition."""
    publisher = page.publisher
    if other.publisher_id == publisher.id:
        return True
    is_defined = publisher.id != registered_domain(host_of(page.capture.url))
    return is_defined and any(registered_domain(host) == other.publisher_id for host in publisher.hosts())


def _piece(other: Known) -> Piece:
    publisher = publisher_with_id(other.publisher_id, other.urls[0])
    return Piece(
        url=other.urls[0],
        key=other.key,
        headline=other.headline,
        blocks=other.blocks,
        published=datetime.fromisoformat(other.published_at) if other.published_at else None,
        precision=other.published_precision,
        has_own_id=any(own_id(url, publisher) == other.key for url in other.urls),
    )


def _twin(db: Connection, page: ReadPage, own: Named, other: Known, reason: Reason) -> Twin:
    """Which of the two stays: what a definition finds an id for, or makes its own; else what was seen first."""
    mine = known(db, own.article_id)
    this_stays = (own.publisher_id != other.publisher_id) or (own.piece.has_own_id and not _piece(other).has_own_id)
    if mine is not None and not this_stays and own.piece.has_own_id == _piece(other).has_own_id:
        this_stays = (mine.first_seen_at, mine.id) < (other.first_seen_at, other.id)
    merged, stays = (other.id, own.article_id) if this_stays else (own.article_id, other.id)
    gone = other if this_stays else mine
    return Twin(
        publisher_id=stays.partition("/")[0],
        merged=merged,
        stays=stays,
        reason=reason,
        record_id=page.capture.record_id,
        revisions=gone.revisions if gone else (),
    )
