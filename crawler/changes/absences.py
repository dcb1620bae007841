"""When an absence counts: an article's state, and when it changed, from all that was seen at its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

from crawler.changes.state import VERDICTS

State = Literal["live", "gone", "moved", "blocked"]
TurnKind = Literal["gone", "blocked", "moved", "restored"]

WEIGHTS: dict[TurnKind, int] = {"gone": 90, "blocked": 60, "restored": 40, "moved": 10}
"""What a change of state weighs beside edits, up to 100."""

LATER = timedelta(hours=1)
"""Between two looks at an address before what is not there counts, where nobody asked for more."""
HOLDS = timedelta(days=30)
"""How long an address counts as holding an article after it was last seen there, if it was not looked at since."""


class Look(Protocol):
    """A capture of an article's address."""

    @property
    def at(self) -> datetime: ...
    @property
    def place(self) -> str:
        """The address, in whatever spelling."""

    @property
    def url(self) -> str: ...
    @property
    def verdict(self) -> str | None:
        """As in ``captures.verdict``; None: the article was there."""

    @property
    def location(self) -> str | None:
        """Of a redirect: where it leads, as sent."""

    @property
    def run(self) -> str | None:
        """The crawl that looked; None: not known."""

    @property
    def insists(self) -> bool:
        """Whether that crawl was to settle it at once (``recheck=now``)."""


L = TypeVar("L", bound=Look)


@dataclass(frozen=True, slots=True)
class Turn(Generic[L]):
    """A change of an article's state."""

    kind: TurnKind
    look: L
    """That made it certain."""
    first: L | None = None
    """The first that did not find the article: since when it is gone. None: it is back."""
    last_live: L | None = None
    """The last before that found it."""
    to: str | None = None
    """Of what moved: where it is, or where its address leads."""


@dataclass(slots=True)
class _Address(Generic[L]):
    """What was seen at one address until now."""

    found: L | None = None
    """The last time that the article was there."""
    missed: list[L] = field(default_factory=list)
    """The looks since that did not find it."""
    told: bool = False
    """Whether it was said that the article moved away from here."""

    def holds(self, now: datetime) -> bool:
        return self.found is not None and not self.missed and now - self.found.at <= HOLDS

    def is_certain(self) -> bool:
        """Whether what is not there counts: looked at again later, or asked for twice by a crawl that insists.

        A server that says 410 means it: one that insists asks once. A redirect for now may be a question for consent.
        """
        last = self.missed[-1] if self.missed else None
        if last is None or last.verdict == "redirected-for-now":
            return False
        if last.insists and last.verdict == "removed":
            return True
        # The first is mostly old enough: an address that is asked for years has many.
        same = (look for look in self.missed if look is not last and _sighting(look) == _sighting(last))
        return any(last.at - look.at >= LATER or _is_of_one_insisting_run(look, last) for look in same)


def _is_of_one_insisting_run(look: Look, last: Look) -> bool:
    return last.insists and look.run is not None and look.run == last.run


def turns(looks: Iterable[L]) -> tuple[State, list[Turn[L]]]:
    """The state after some looks, in the order of their moments, and all changes of it.

    An article is gone where it is certain of every address that held it. Where it is at another address now it moved.
    Looks whose verdict says nothing of an article are passed over.
    """
    addresses: dict[str, _Address[L]] = {}
    state: State = "live"
    changes: list[Turn[L]] = []
    for look in looks:
        sighting = _sighting(look)
        if sighting is None:
            continue
        address = addresses.setdefault(look.place, _Address())
        if sighting == "live":
            address.found, address.missed, address.told = look, [], False
            if state != "live":
                _come_back(changes, look)
                state = "live"
        elif address.found is not None:
            address.missed.append(look)
        changes += _moves(addresses, look)
        if sighting != "live" and state == "live" and (gone := _gone(addresses, look)) is not None:
            changes.append(gone)
            state = _STATES[gone.kind]
    return state, changes


_STATES: dict[TurnKind, State] = {"gone": "gone", "blocked": "blocked", "moved": "moved", "restored": "live"}


def _sighting(look: Look) -> str | None:
    return "live" if look.verdict is None else VERDICTS.get(look.verdict)


def _come_back(changes: list[Turn[L]], look: L) -> None:
    """What is found elsewhere at once (on a mirror, or where a redirect leads) was never gone."""
    last = max(at for at, turn in enumerate(changes) if turn.kind != "restored")
    if look.place != changes[last].look.place and look.at - changes[last].look.at < LATER:
        del changes[last]
    else:
        changes.append(Turn("restored", look))


def _moves(addresses: dict[str, _Address[L]], look: L) -> Iterator[Turn[L]]:
    """Addresses that do not hold the article any more while a younger one does."""
    for address in addresses.values():
        last = address.missed[-1] if address.missed else None
        if address.found is None or last is None or address.told:
            continue
        if _sighting(last) != "redirected" and not address.is_certain():
            continue
        found = address.found
        now = [other.found for other in addresses.values() if other.holds(look.at) and other.found]
        younger = (other for other in now if other.at > found.at and _path(other) != _path(found))
        newest = max(younger, key=lambda other: other.at, default=None)
        if newest is not None:
            address.told = True
            yield Turn("moved", look, address.missed[0], found, newest.url)


def _path(look: Look) -> tuple[str, str]:
    """Path and query: an article that is on one mirror only has not moved."""
    parts = urlsplit(look.url)
    return parts.path.rstrip("/"), parts.query


def _gone(addresses: dict[str, _Address[L]], look: L) -> Turn[L] | None:
    """That the article is nowhere any more, if that is certain."""
    held = [address for address in addresses.values() if address.found is not None]
    if not held or any(address.holds(look.at) for address in held):
        return None
    missing = [address for address in held if address.missed]
    if not missing or not all(address.is_certain() for address in missing):
        return None
    first = min((address.missed[0] for address in missing), key=lambda each: each.at)
    last_live = max((address.found for address in held if address.found), key=lambda each: each.at)
    if _sighting(look) == "redirected":
        return Turn("moved", look, first, last_live, look.location)
    return Turn("blocked" if _sighting(look) == "blocked" else "gone", look, first, last_live)
