"""This process among those that fetch: what it claims, renews and gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial

from crawler.errors import LeaseLost, PutOff, StorageError
from crawler.frontier.holdings import Holdings
from crawler.frontier.protocol import Claim, Frontier, Lease, Terms
from crawler.frontier.writes import Writes
from crawler.items import Purpose


class Worker:
    """Used from the thread of the running event loop. Methods raise StorageError; ``failed`` hears of failed writes."""

    def __init__(
        self,
        frontier: Frontier,
        owner: str,
        *,
        delay: timedelta,
        lease: timedelta,
        per_group: int,
        groups: Collection[str] | None,
        accepts: bool,
        clock: Callable[[], datetime],
        failed: Callable[[StorageError], None],
    ) -> None:
        self.writes = Writes(frontier, clock, failed)
        self._now = clock
        self._frontier, self._owner = frontier, owner
        self._delay, self._lease, self._per_group = delay, lease, per_group
        self._holdings = Holdings(delay, lease)
        self._holdings.wanted = None if groups is None else frozenset(groups)
        frontier.join(owner, clock() + lease, groups=groups, accepts=accepts)

    def claim(
        self, limit: int, *, busy: Iterable[str], barred: Collection[Purpose] = (), is_last: bool = False
    ) -> Claim:
        """What to fetch next; ``busy`` has a group for each request under way, ``is_last`` as in ``Terms``."""
        now = self._now()
        terms = Terms(
            self._owner,
            now + self._lease,
            self._delay,
            per_group=self._per_group,
            busy=Counter(busy),
            most_groups=self._holdings.share,
            left_to_others=self._holdings.left_to_others,
            put_off=self._holdings.put_off,
            barred=barred,
            only=self._holdings.wanted,
            is_last=is_last,
        )
        claim = self._frontier.claim(limit, now, terms)
        self._holdings.took({lease.entry.group for lease in claim.leases}, terms.until, now)
        return claim

    def release(self, leases: Iterable[Lease]) -> None:
        """Puts leases back into the queue as they were."""
        self._frontier.release(leases)

    async def renew(self, busy: Collection[str]) -> frozenset[str]:
        """Keeps the groups that are in use and lets the others go; those that it turns out to have lost."""
        now = self._now()
        self._holdings.begin_renewal()
        kept, let_go = self._holdings.kept(now, busy), self._holdings.let_go(now, busy)
        until = now + self._lease
        renew = partial(self._frontier.renew, self._owner, now, until, kept=kept, let_go=let_go)
        standing = await self.writes.run(renew)
        return self._holdings.renewed(standing, until, now) - set(let_go)

    def permit(self, group: str) -> None:
        """To be asked right before a request goes out.

        Raises LeaseLost where the group may be another's now, PutOff where nothing may be asked of it.
        """
        now = self._now()
        until = self._holdings.put_off.get(group)
        if until is not None and now < until:
            raise PutOff(f"not sent: {group} is left alone until {until:%Y-%m-%d %H:%M:%S} UTC")
        if not self._holdings.may_send(group, now):
            raise LeaseLost(f"not sent: another process may be asking {group} now")
        self._holdings.sent(group, now)

    def answered(self, group: str) -> None:
        """A request that went out has arrived; whoever gets the group next counts the delay from now."""
        self._holdings.sent(group, self._now())

    def pace(self, group: str, delay: timedelta) -> None:
        """What a site asks for between two requests; whoever gets the group next keeps to it too."""
        self._holdings.pace(group, delay)

    def put_off(self, group: str, until: datetime) -> None:
        """Claims nothing of a group before that moment."""
        self._holdings.put_off[group] = until

    def put_site_off(self, group: str, site: str, until: datetime) -> None:
        """Of a group whose other hosts may be asked: what comes next of one of them waits until that moment."""
        self._frontier.put_off(group, site, until)

    def leave(self) -> None:
        """Stores what has gathered; whatever is still leased goes back into the queue."""
        self.writes.close()
        now = self._now()
        self._frontier.leave(self._owner, now, self._holdings.ready(now))
