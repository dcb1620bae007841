"""A publisher's hosts over the years: which are used, what is known of them, and what goes on record of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from crawler.collection.collection import Collection
from crawler.discovery.sources import Mirror, use_mirrors
from crawler.frontier.mirrors import HostFault
from crawler.frontier.protocol import HostStanding
from crawler.index.database import read_index
from crawler.index.hosts import STANDINGS
from crawler.index.mirrors import accepted
from crawler.index.moments import stamp
from crawler.items import Event

KINDS: dict[str, str] = {state: kind for kind, state in STANDINGS.items()}
"""Of the events that say what became of a host."""

SHOWN = 5
"""Faults of a host that its event tells, the last ones."""


def use_accepted_mirrors(folder: Path) -> None:
    """Makes this process know the mirrors that were accepted in a collection; none where there is no index yet.

    Raises what ``read_index`` does.
    """
    path = folder / "index.db"
    if not path.exists():
        use_mirrors(())
        return
    with closing(read_index(path)) as db:
        use_mirrors([Mirror(*row) for row in accepted(db)])


def standing_event(
    publisher_id: str,
    host: str,
    state: HostStanding,
    now: datetime,
    *,
    faults: Sequence[HostFault] = (),
    record_id: str | None = None,
    **facts: object,
) -> Event:
    """What goes on record when a host is found to be down, seized or back: the evidence with it."""
    detail: dict[str, object] = {"host": host, **{name: fact for name, fact in facts.items() if fact}}
    if faults:
        detail |= {"since": stamp(faults[0].at), "reason": faults[-1].reason}
        detail["faults"] = [_plain(fault) for fault in faults[-SHOWN:]]
    shown = record_id or next((fault.record_id for fault in reversed(faults) if fault.record_id), None)
    return Event(KINDS[state], now, publisher_id, record_id=shown, detail=detail)


def _plain(fault: HostFault) -> dict[str, object]:
    told = {"at": stamp(fault.at), "kind": fault.kind, "url": fault.url, "reason": fault.reason}
    return {**told, **({"record_id": fault.record_id} if fault.record_id else {}), **fault.facts}


def decide(
    collection: Collection, kind: str, publisher_id: str, host: str, now: datetime, facts: Mapping[str, object]
) -> None:
    """Puts on record that a host is accepted or refused as a publisher's."""
    event = Event(kind, now, publisher_id, detail={"host": host, **facts})
    collection.warc.event(event).result()
