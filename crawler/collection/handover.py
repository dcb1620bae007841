"""URLs for a crawl that is running already: it fetches them as if it had found them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.collection.lock import alive, door, process_of
from crawler.frontier.protocol import Entry
from crawler.frontier.sqlite import SqliteFrontier


@dataclass(frozen=True, slots=True)
class Again:
    """Known articles that are to be fetched again, whether they are due or not."""

    urls: Collection[str] = ()
    group: str | None = None
    """All articles of a group of hosts."""


def hand_over(folder: Path, entries: Iterable[Entry], again: Again | None, now: datetime) -> str | None:
    """The number of the process that will fetch the entries; None, and nothing done: no crawl takes them.

    Raises FolderNotUsable, StorageError.
    """
    if not alive(folder):
        return None
    with door(folder):
        frontier = SqliteFrontier(folder / "frontier.db")
        try:
            owner = frontier.hand_over(entries, now, alive(folder))
            if owner is not None and again is not None:
                frontier.requeue_urls(again.urls, now)
                if again.group is not None:
                    frontier.requeue_group(again.group, now)
        finally:
            frontier.close()
    return None if owner is None else process_of(owner)
