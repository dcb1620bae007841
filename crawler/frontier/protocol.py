"""What a frontier is asked and what it answers. A back end adds storage, no semantics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from crawler.items import Purpose

State = Literal["queued", "leased", "done", "failed", "forbidden", "gone"]
"""``queued → leased → done | failed | forbidden | gone``; a retry goes back to queued.

done: dealt with, its items stored; failed: no usable response, or our own fault; forbidden: robots.txt or a filter
of ours does not allow it; gone: 404 or 410.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that waits to be made."""

    fingerprint: bytes
    """Equal for requests that would bring the same: see ``frontier.requests.fingerprint``."""
    url: str
    """As found: what is requested, not its canonical form."""
    host: str
    group: str
    """The hosts that share one politeness, such as the mirrors of a publisher."""
    purpose: Purpose = "other"
    priority: int = 0
    """Higher comes first, within a group."""
    due_at: datetime | None = None
    """Not before; None: at once."""
    request: Mapping[str, Any] = field(default_factory=dict)
    """The rest of the request, as JSON."""
    again_before: datetime | None = None
    """Queue it again if it was settled before this moment; None: a URL that is known stays as it is."""


@dataclass(frozen=True, slots=True)
class Lease:
    """An entry that a worker has taken, with what is known from earlier fetches."""

    id: int
    number: int
    """Counts the leases of this URL: the end of an earlier one is refused."""
    entry: Entry
    seen_at: datetime
    tries: int = 0
    """Since the URL was last done."""
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """What became of a lease, and the links that it brought."""

    lease: Lease
    state: State
    """Never "leased". "queued": it is to be tried again."""
    due_at: datetime | None = None
    """When it is to be fetched (again); None: at once if queued, else never by itself."""
    reason: str | None = None
    """Why it is not done, for people."""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    redirected_to: str | None = None
    instead: Entry | None = None
    """The request to make next time, where a retry changed it."""
    outlinks: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many URLs of a host are in a state."""

    host: str
    state: State
    urls: int
    next_due: datetime | None
    """The earliest ``due_at`` among them that still counts."""


class Frontier(Protocol):
    """What to fetch, and when. Every method is one transaction and may be called from any thread.

    All moments are aware. Raises StorageError, DiskFull among them, where nothing could be stored.
    """

    def add(self, entries: Iterable[Entry], now: datetime) -> int:
        """Queues what is new or wanted again; how many that were."""

    def claim(
        self,
        limit: int,
        now: datetime,
        *,
        until: datetime,
        owner: str,
        per_group: int | None = None,
        busy: Mapping[str, int] | None = None,
        barred: Collection[Purpose] = (),
        only: Collection[str] | None = None,
    ) -> list[Lease]:
        """At most ``limit`` leases that end ``until``, groups in turn; empty when nothing is due.

        Within a group by priority, then by due_at. No group gets more than ``per_group`` less what it has
        ``busy`` already. Purposes that are ``barred`` stay in the queue, and so does what belongs to other groups
        than ``only``; None: all groups.
        """

    def settle(self, ends: Iterable[End], now: datetime) -> int:
        """Stores ends and outlinks; how many ends were accepted, as their lease was still the last one."""

    def release(self, leases: Iterable[Lease]) -> None:
        """Puts leases back into the queue as they were."""

    def leased(self) -> list[Lease]:
        """Every lease there is: after a crash, what was under way, until ``recover``."""

    def recover(self) -> int:
        """Puts every leased URL back into the queue: for the only process that is left; how many that were."""

    def known(self, urls: Iterable[str], before: datetime) -> set[str]:
        """Of some URLs those that were first added before a moment."""

    def requeue_urls(self, urls: Iterable[str], now: datetime) -> int:
        """Makes known URLs due, whatever became of them; how many that were."""

    def requeue_group(self, group: str, now: datetime, purpose: Purpose = "article") -> int:
        """Makes due what a group's fetches have settled; how many that were."""

    def forget(self, urls: Iterable[str]) -> int:
        """Takes URLs out as if they had never been found; how many were there. Nothing of them stays on disk."""

    def tallies(self) -> list[Tally]:
        """The URLs by host and state. Reads the whole queue: for people, not for the crawl."""

    def close(self) -> None:
        """Lets go of the storage; what is leased stays so until ``recover``."""
