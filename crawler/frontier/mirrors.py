"""Which of a publisher's hosts is asked: pure functions of what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from crawler.frontier.protocol import MirrorState

FAILURES = 3
"""Of the network in a row, or answers that another host of the publisher has belied: then a host is passed over."""

FaultKind = Literal["network", "status", "notice", "robots", "redirect"]
"""network: no answer, or none that can be trusted; status: 403, 451, 5xx; notice: a page that is not the publisher's;
robots: robots.txt cannot be had; redirect: it leads away from the publisher."""


@dataclass(frozen=True, slots=True)
class HostFault:
    """One thing that went wrong with a host."""

    kind: FaultKind
    at: datetime
    url: str
    reason: str
    """For people: "timed out", "HTTP 451", the words of a notice."""
    seized: bool = False
    """Whether a notice says that the host was seized."""
    record_id: str | None = None
    """Of the capture that shows it."""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Doubt:
    """What one process holds against a host since it last answered well."""

    faults: list[HostFault] = field(default_factory=list)
    belied: set[str] = field(default_factory=set)
    """URLs that it refused and another host of the publisher gave."""

    def is_grave(self) -> bool:
        """Whether others are asked in its place."""
        kinds = [fault.kind for fault in self.faults]
        return kinds.count("network") >= FAILURES or len(self.belied) >= FAILURES or bool(_AT_ONCE.intersection(kinds))

    def is_unanswered(self) -> bool:
        """Whether no answer came at all: an answer of any host shows that our own network is not to blame."""
        return all(fault.kind in ("network", "robots") for fault in self.faults)


_AT_ONCE = frozenset(("notice", "robots"))
"""Kinds of which one is enough: nothing of such a host can be used."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The host to ask; None: there is none now."""

    host: str | None
    probe: MirrorState | None = None
    """What was known of it, if it is asked to see whether it is back."""
    later: datetime | None = None
    """Where there is none: when the first is to be asked again."""
    others: bool = False
    """Whether there is another one that may be asked if this one fails."""


def choice(
    hosts: Sequence[str],
    known: Mapping[str, MirrorState],
    doubts: Mapping[str, Doubt],
    now: datetime,
    *,
    patience: timedelta,
    not_at: Collection[str] = (),
) -> Choice:
    """The first of some hosts, in order of preference, that is live or due to be asked whether it is back.

    A host in grave doubt is passed over for ``patience`` since its last fault. ``not_at``: hosts that have refused
    this very request.
    """
    askable: list[str] = []
    waits: list[datetime] = []
    for host in hosts:
        until = _waits_until(known.get(host), doubts.get(host), patience)
        if until is not None and until > now:
            waits.append(until)
        elif host not in not_at:
            askable.append(host)
    if not askable:
        return Choice(None, later=min(waits, default=None))
    state = known.get(askable[0])
    return Choice(askable[0], state if state and state.state != "live" else None, others=len(askable) > 1)


def _waits_until(state: MirrorState | None, doubt: Doubt | None, patience: timedelta) -> datetime | None:
    """The moment before which a host is not to be asked; None: it is live."""
    moments = [state.probe_at] if state and state.state != "live" else []
    if doubt is not None and doubt.is_grave():
        moments.append(doubt.faults[-1].at + patience)
    return max(moments, default=None)
