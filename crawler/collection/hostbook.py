"""What a process knows of publishers' hosts, from the frontier and from what it sees itself; and which it asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from crawler.collection.hosts import standing_event
from crawler.frontier.mirrors import Choice, Doubt, HostFault, choice
from crawler.frontier.protocol import Frontier, HostStanding, MirrorState
from crawler.items import Event

LOOK_SECONDS = 1.0
"""As often what other processes have learnt is looked up."""

KEPT = 20
"""Faults of one host that are remembered until it is said to be down."""


@dataclass(frozen=True, slots=True)
class Change:
    """A host that was found to be down, seized or back."""

    event: Event
    """To be on record before ``state`` is kept: a kill between the two only makes it be found once more."""
    state: MirrorState


class HostBook:
    """A host is said to be down only when another host of the publisher has answered well in its place, or, where it
    gave no answer at all, any host: if nobody answers, it is our own network that is out. A notice of seizure says it
    itself. Methods that read or write the frontier raise StorageError.
    """

    def __init__(
        self, frontier: Frontier, patience: timedelta, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """``patience``: after which a host that fails is asked again."""
        self._frontier, self._patience, self._now = frontier, patience, clock
        self._known: dict[str, dict[str, MirrorState]] = {}
        self._doubts: dict[str, dict[str, Doubt]] = {}
        self._looked = float("-inf")

    def chosen(self, publisher_id: str, hosts: Sequence[str], not_at: Collection[str] = ()) -> Choice:
        """Which of a publisher's hosts, in order of preference, is asked now.

        ``not_at``: those that have refused this very request; if there is no other, they are asked all the same. Of all
        processes one alone is told to ask a host whether it is back.
        """
        known, now = self._look().setdefault(publisher_id, {}), self._now()
        while True:
            doubts = self._doubts.get(publisher_id, {})
            chosen = choice(hosts, known, doubts, now, patience=self._patience, not_at=not_at)
            if chosen.host is None and not_at:
                not_at = ()
            elif chosen.host is None:
                return replace(chosen, later=chosen.later or now + self._patience)
            elif chosen.probe is None or self._claims(chosen.probe, known, now):
                return chosen

    def blame(self, publisher_id: str, host: str, fault: HostFault) -> Change | None:
        """Takes note of what went wrong with a host."""
        doubt = self._doubts.setdefault(publisher_id, {}).setdefault(host, Doubt())
        doubt.faults = [*doubt.faults[-KEPT:], fault]
        if fault.seized and self._standing(publisher_id, host) != "seized":
            return self._change(publisher_id, host, "seized", doubt)
        return None

    def is_doubted(self, publisher_id: str, host: str) -> bool:
        """Whether so much went wrong with a host that others are asked in its place."""
        doubt = self._doubts.get(publisher_id, {}).get(host)
        return doubt is not None and doubt.is_grave()

    def is_away(self, publisher_id: str, host: str) -> bool:
        """Whether a host was found to be down or seized, and not yet to be back."""
        return self._standing(publisher_id, host) != "live"

    def answered(
        self, publisher_id: str, host: str, url: str, *, refused_by: Collection[str] = (), record_id: str
    ) -> list[Change]:
        """Takes note that a host gave what was asked for at ``url``, which others had refused: what that changes."""
        self._doubts.get(publisher_id, {}).pop(host, None)
        for other in refused_by:
            if doubt := self._doubts.get(publisher_id, {}).get(other):
                doubt.belied.add(url)
        proven = list(self._proven(publisher_id))
        changes = [self._change(*names, "down", doubt, instead=host) for names, doubt in proven]
        if self.is_away(publisher_id, host):
            changes.append(self._change(publisher_id, host, "live", Doubt(), record_id=record_id))
        return changes

    def keep(self, state: MirrorState) -> None:
        """What was found, for other processes and later crawls."""
        self._frontier.note_mirror(state)

    def _proven(self, publisher_id: str) -> Iterator[tuple[tuple[str, str], Doubt]]:
        """Hosts whose failing is none of ours, as somebody answers."""
        for publisher, doubts in list(self._doubts.items()):
            for host, doubt in list(doubts.items()):
                is_proven = publisher == publisher_id or doubt.is_unanswered()
                if doubt.is_grave() and is_proven and self._standing(publisher, host) == "live":
                    yield (publisher, host), doubt

    def _change(
        self,
        publisher_id: str,
        host: str,
        state: HostStanding,
        doubt: Doubt,
        *,
        record_id: str | None = None,
        **facts: object,
    ) -> Change:
        now = self._now()
        reason = doubt.faults[-1].reason if doubt.faults else None
        noted = MirrorState(publisher_id, host, state, now, now + self._patience, reason)
        # At once, so that nothing else that ends meanwhile finds the same.
        self._known.setdefault(publisher_id, {})[host] = noted
        self._doubts.get(publisher_id, {}).pop(host, None)
        event = standing_event(publisher_id, host, state, now, faults=doubt.faults, record_id=record_id, **facts)
        return Change(event, noted)

    def _claims(self, state: MirrorState, known: dict[str, MirrorState], now: datetime) -> bool:
        known[state.host] = replace(state, probe_at=now + self._patience)
        return self._frontier.claim_probe(state, now + self._patience)

    def _standing(self, publisher_id: str, host: str) -> HostStanding:
        state = self._look().get(publisher_id, {}).get(host)
        return state.state if state else "live"

    def _look(self) -> dict[str, dict[str, MirrorState]]:
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._known = {}
            for state in self._frontier.mirrors():
                self._known.setdefault(state.publisher_id, {})[state.host] = state
            self._looked = monotonic()
        return self._known
