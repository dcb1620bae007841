"""What a frontier is asked and what it answers. A back end adds storage, no semantics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from crawler.items import Purpose

State = Literal["queued", "leased", "done", "failed", "forbidden", "gone"]
"""``queued → leased → done | failed | forbidden | gone``; a retry goes back to queued.

done: dealt with, its items stored; failed: no usable response, or our own fault; forbidden: robots.txt or a filter
of ours does not allow it; gone: 404 or 410.
"""


HostStanding = Literal["live", "down", "seized"]
"""live: it is asked; down, seized: another of the publisher's hosts is asked in its place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that waits to be made."""

    fingerprint: bytes
    """Equal for requests that would bring the same: see ``frontier.requests.fingerprint``."""
    url: str
    """As found: what is requested, not its canonical form."""
    group: str
    """The hosts that share one politeness, such as the mirrors of a publisher."""
    purpose: Purpose = "other"
    priority: int = 0
    """Higher comes first, within a group."""
    due_at: datetime | None = None
    """Not before; None: at once."""
    request: Mapping[str, Any] = field(default_factory=dict)
    """The rest of the request, as JSON, in the form of ``frontier.requests``."""
    again_before: datetime | None = None
    """Queue it again if it was settled before this moment; None: a URL that is known stays as it is."""
    eager: timedelta | None = None
    """Then a listing that is asked for less often than this is left to its own time; None: all the same."""


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
    interval: timedelta | None = None
    """Of a listing: from one fetch to the next."""
    settled_at: datetime | None = None
    """When it last came to an end."""
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None

    @property
    def asked_at(self) -> datetime | None:
        """When it last came to an end; None where nothing was ever on record of it: it may only have been forbidden."""
        return self.settled_at if self.payload_digest else None


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
    interval: timedelta | None = None
    """Of a listing, from now on; None: as it was."""
    tried: bool = True
    """Whether a request went out: else it counts as no try."""
    outlinks: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a worker claims."""

    owner: str
    """The worker: another name for each process."""
    until: datetime
    """When the groups that it takes now are anybody's again, unless it renews them."""
    delay: timedelta = timedelta(0)
    """Between two requests to a group: who takes one over after a crash waits as long."""
    per_group: int | None = None
    """Leases of one group at once, less what it has ``busy``."""
    busy: Mapping[str, int] = field(default_factory=dict)
    most_groups: int | None = None
    """Held at once, of those that others might have; None: all."""
    left_to_others: Collection[str] = ()
    """Groups that nothing more is claimed of: others shall have them."""
    put_off: Mapping[str, datetime] = field(default_factory=dict)
    """Groups that nothing is claimed of before these moments."""
    barred: Collection[Purpose] = ()
    """Purposes that stay in the queue."""
    only: Collection[str] | None = None
    """Groups, of a worker that has not joined; what belongs to others stays in the queue. None: all groups."""
    is_last: bool = False
    """Whether the worker ends if nothing is left: in the same transaction it accepts no more from others."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker got."""

    leases: list[Lease]
    later: datetime | None = None
    """When to ask again, for there is work that nobody can have now; None: there is none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a worker stands among the others."""

    held: frozenset[str]
    """The groups that are still its own."""
    workers: int
    """That are alive, this one among them."""
    groups: int
    """With work under way or due, whoever has them."""
    wanted: frozenset[str] | None
    """What it is to fetch from, with what was handed over; None: all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An article's address and what became of it."""

    id: int
    url: str
    publisher_id: str
    state: State
    reason: str | None
    redirected_to: str | None
    published: str | None
    """As the listing said, ISO 8601; None: it did not."""


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of a host that does not answer as it should."""

    name: str
    failures: int
    """In a row."""
    put_off_until: datetime | None
    """No request before; None: at once."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What is known of one of a publisher's hosts. One of which nothing is known is live."""

    publisher_id: str
    host: str
    """Without a port."""
    state: HostStanding
    since: datetime
    probe_at: datetime
    """When it is asked next, unless it is live."""
    reason: str | None = None
    """Why it is not live, for people."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many URLs of a host are in a state."""

    host: str
    state: State
    urls: int
    next_due: datetime | None
    """The earliest ``due_at`` among them that still counts."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many URLs are still to be fetched."""

    now: int
    """As soon as their hosts may be asked."""
    later: int
    """Of those that have a time: retries, and what is fetched again."""
    next_due: datetime | None
    """The earliest time among the latter; a crawl that runs then fetches it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A URL that is not done, and why."""

    url: str
    state: State
    reason: str
    at: datetime


class Frontier(Protocol):
    """What to fetch, and when. Every method is one transaction and may be called from any thread.

    All moments are aware. Raises StorageError, DiskFull among them, where nothing could be stored.
    """

    def add(self, entries: Iterable[Entry], now: datetime) -> int:
        """Queues what is new or wanted again; how many that were."""

    def claim(self, limit: int, now: datetime, terms: Terms) -> Claim:
        """At most ``limit`` leases, of groups that are free or the worker's own, groups in turn.

        Within a group by priority, then by due_at. Leases of groups whose time is over are anybody's again.
        """

    def settle(self, ends: Iterable[End], now: datetime) -> int:
        """Stores ends and outlinks; how many ends were accepted, as their lease was still the last one.

        The worker that was redirected to another group fetches from that as well, from now on.
        """

    def release(self, leases: Iterable[Lease]) -> None:
        """Puts leases back into the queue as they were."""

    def join(self, owner: str, until: datetime, *, groups: Collection[str] | None, accepts: bool) -> None:
        """A worker says that it is there until then, from which groups it fetches, and whether it takes on others'."""

    def renew(
        self,
        owner: str,
        now: datetime,
        until: datetime,
        *,
        kept: Mapping[str, timedelta],
        let_go: Mapping[str, datetime],
    ) -> Standing:
        """The worker is alive, keeps groups (with their delays) and lets others go: they are ready at those moments."""

    def leave(self, owner: str, now: datetime, ready: Mapping[str, datetime]) -> None:
        """The worker is gone: what it had is anybody's, groups from those moments on, others after their delay."""

    def abandoned(self, alive: Collection[str]) -> list[Lease]:
        """Leases of workers that are not among those alive: after a crash, what was under way."""

    def recover(self, alive: Collection[str], now: datetime) -> int:
        """Puts what is abandoned back into the queue; how many URLs that were."""

    def hand_over(self, entries: Iterable[Entry], now: datetime, alive: Collection[str]) -> str | None:
        """Queues entries for a worker that is alive and accepts them, and says who; None: nobody, nothing queued."""

    def note_host(self, state: HostState) -> None:
        """Keeps it for later crawls and other workers; no failures: forgets it."""

    def hosts(self) -> list[HostState]:
        """Every host that failed last."""

    def note_mirror(self, state: MirrorState) -> None:
        """Keeps what is known of one of a publisher's hosts, for later crawls and other workers."""

    def mirrors(self) -> list[MirrorState]:
        """Every host of a publisher that ever was not live."""

    def claim_probe(self, state: MirrorState, again: datetime) -> bool:
        """Whether nobody else has begun to ask this host since ``state`` was read; the next shall do so then."""

    def put_off(self, group: str, site: str, until: datetime) -> int:
        """Lets the URLs below a site's front page wait that are among the next of a group; how many that were."""

    def listed(self, after: int, limit: int) -> list[Listed]:
        """The articles with higher ids than ``after``, by id."""

    def known(self, urls: Iterable[str], before: datetime) -> set[str]:
        """Of some URLs those that were first added before a moment."""

    def requeue_urls(self, urls: Iterable[str], now: datetime) -> int:
        """Makes known URLs due, whatever became of them; how many that were."""

    def requeue_group(self, group: str, now: datetime, purpose: Purpose = "article") -> int:
        """Makes due what a group's fetches have settled; how many that were."""

    def forget(self, urls: Iterable[str]) -> int:
        """Takes URLs out as if they had never been found, with what was found at them and what redirects to them; how
        many were there. Nothing of them stays on disk.
        """

    def tallies(self) -> list[Tally]:
        """The URLs by host and state. Reads the whole queue: for people, not for the crawl."""

    def waiting(self) -> Waiting:
        """The length of the queue, in a moment however long it is."""

    def troubles(self, limit: int) -> list[Ended]:
        """The last URLs that failed, the newest first. Reads the whole queue, too."""

    def close(self) -> None:
        """Lets go of the storage; what is leased stays so until ``recover``."""
