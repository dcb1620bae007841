"""URLs for a crawl that is running already: it fetches them as if it had found them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from crawler.collection.lock import alive, door, process_of
from crawler.frontier.protocol import Entry
from crawler.frontier.sqlite import SqliteFrontier

AT_ONCE = 1000
"""Entries of one write: the crawl that gets them cannot claim anything meanwhile, and ends if it has to wait long."""


@dataclass(frozen=True, slots=True)
class Again:
    """Known articles that are to be fetched again, whether they are due or not."""

    urls: Collection[str] = ()
    group: str | None = None
    """All articles of a group of hosts."""


def hand_over(folder: Path, entries: Iterable[Entry], again: Again | None, now: datetime) -> str | None:
    """The number of the process that will fetch the entries; None: no crawl takes them, or it ended before it had all.

    Raises FolderNotUsable, StorageError.
    """
    if not alive(folder):
        return None
    with door(folder):
        frontier = SqliteFrontier(folder / "frontier.db")
        try:
            owner = _all_handed_over(frontier, entries, now, folder)
            if owner is not None and again is not None:
                frontier.requeue_urls(again.urls, now)
                if again.group is not None:
                    frontier.requeue_group(again.group, now)
        finally:
            frontier.close()
    return None if owner is None else process_of(owner)


def _all_handed_over(frontier: SqliteFrontier, entries: Iterable[Entry], now: datetime, folder: Path) -> str | None:
    owner = None
    for batch in _batches(entries):
        owner = frontier.hand_over(batch, now, alive(folder))
        if owner is None:
            return None
    return owner


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
