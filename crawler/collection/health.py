"""What runs, waits and fails in a collection: the queue and its hosts, as the frontier has them now."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.collection.lock import alive, process_of
from crawler.frontier.protocol import Ended, HostState, MirrorState, Waiting
from crawler.frontier.sqlite import SqliteFrontier

TROUBLES = 5


@dataclass(frozen=True, slots=True)
class Health:
    """Of one collection at one moment."""

    running: tuple[str, ...]
    """The numbers of the processes that crawl."""
    waiting: Waiting
    """How many URLs are still to be fetched."""
    put_off: tuple[HostState, ...]
    """Hosts that answered badly and are asked later."""
    away: tuple[MirrorState, ...]
    """Publishers' hosts that are down or seized, in whose place others are asked."""
    troubles: tuple[Ended, ...]
    """The last URLs that failed, the newest first."""


def health(folder: Path, now: datetime) -> Health | None:
    """Of the collection in a folder; None where nothing was ever queued there.

    Raises FolderNotUsable, of it IndexTooOld, and IndexTooNew.
    """
    path = folder / "frontier.db"
    if not path.exists():
        return None
    with closing(SqliteFrontier(path, reading=True)) as frontier:
        hosts = frontier.hosts()
        return Health(
            running=tuple(sorted(map(process_of, alive(folder)))),
            waiting=frontier.waiting(),
            put_off=tuple(host for host in hosts if host.put_off_until and host.put_off_until > now),
            away=tuple(state for state in frontier.mirrors() if state.state != "live"),
            troubles=tuple(frontier.troubles(TROUBLES)),
        )
