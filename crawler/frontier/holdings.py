"""The groups of hosts that this worker has: until when it may send to them, and which it keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from crawler.frontier.protocol import Standing

RENEWALS = 12
"""Of each lease, while it lasts."""

MARGIN = 30
"""The part of a lease before its end in which nothing is sent any more: a request takes a moment to leave."""

REST = 6
"""The part of a lease after which a group is let go of which nothing was under way."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Group:
    until: datetime
    delay: timedelta
    used_at: datetime
    sent_at: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        """When whoever has it next may send a request."""
        return (self.sent_at or now) + self.delay


class Holdings:
    """Knows no clock: every moment is given."""

    def __init__(self, delay: timedelta, lease: timedelta) -> None:
        self._delay, self._lease = delay, lease
        self._groups: dict[str, _Group] = {}
        self._taken: set[str] = set()
        """Since the last renewal was begun: what it will say of them is out of date."""
        self.left_to_others: frozenset[str] = frozenset()
        """More than this worker's share: what is under way is ended, nothing more is claimed."""
        self.share: int | None = None
        """Groups that are this worker's part; None: it is the only one."""
        self.wanted: frozenset[str] | None = None
        """Groups to fetch from; None: all."""
        self.put_off: dict[str, datetime] = {}
        """Groups that are not to be asked before these moments."""

    def took(self, names: Iterable[str], until: datetime, now: datetime) -> None:
        """These groups are this worker's until then."""
        for name in names:
            group = self._groups.setdefault(name, _Group(until, self._delay, now))
            group.until, group.used_at = until, now
            self._taken.add(name)

    def begin_renewal(self) -> None:
        """From here to ``renewed``, groups may be taken: one more or once more."""
        self._taken.clear()

    def may_send(self, name: str, now: datetime) -> bool:
        """Whether a request to a group may go out; one that was never held is not ours to judge."""
        group = self._groups.get(name)
        return group is None or now < group.until - self._lease / MARGIN

    def sent(self, name: str, now: datetime) -> None:
        """A request to a group goes out, or has arrived by now."""
        if name in self._groups:
            self._groups[name].sent_at = now

    def pace(self, name: str, delay: timedelta) -> None:
        """What a site asks for may be more than the usual delay, never less."""
        if name in self._groups:
            self._groups[name].delay = max(delay, self._delay)

    def kept(self, now: datetime, busy: Collection[str]) -> dict[str, timedelta]:
        """The groups to renew, with their delays: something of them is or was just under way."""
        return {name: group.delay for name, group in self._held(now).items() if self._is_in_use(name, busy, now)}

    def let_go(self, now: datetime, busy: Collection[str]) -> dict[str, datetime]:
        """The others, with the moment from which they are ready."""
        held = self._held(now).items()
        return {name: group.ready_at(now) for name, group in held if not self._is_in_use(name, busy, now)}

    def ready(self, now: datetime) -> dict[str, datetime]:
        """All groups, for when the worker ends."""
        return {name: group.ready_at(now) for name, group in self._held(now).items()}

    def renewed(self, standing: Standing, until: datetime, now: datetime) -> frozenset[str]:
        """Takes note of how this worker stands; the groups that it has lost unawares."""
        lost = set()
        for name, group in self._groups.items():
            if name in standing.held:
                group.until = max(group.until, until)
            elif group.until > LONG_AGO and name not in self._taken:
                group.until = LONG_AGO
                lost.add(name)
        self.wanted = standing.wanted
        self.share = ceil(standing.groups / standing.workers) if standing.workers > 1 else None
        self.left_to_others = self._surplus(now)
        return frozenset(lost)

    def _surplus(self, now: datetime) -> frozenset[str]:
        if self.share is None:
            return frozenset()
        # Those that were left to others before stay so, else they would never come free.
        held = sorted(self._held(now), key=lambda name: (name not in self.left_to_others, name))
        return frozenset(held[: max(0, len(held) - max(1, self.share))])

    def _held(self, now: datetime) -> dict[str, _Group]:
        return {name: group for name, group in self._groups.items() if now < group.until}

    def _is_in_use(self, name: str, busy: Collection[str], now: datetime) -> bool:
        if name in busy:
            return True
        return name not in self.left_to_others and now - self._groups[name].used_at < self._lease / REST
