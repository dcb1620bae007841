"""What somebody should know who looks after an archive: in plain words, with what to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from crawler.collection.health import Health
from crawler.frontier.health import is_refusal
from crawler.frontier.protocol import HostState, MirrorState
from crawler.index.hosts import STANDINGS
from crawler.index.overview import FAULTS, Crawl, Lately
from crawler.viewer.filters import address, clock


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know."""

    said: str
    do: str | None = None
    """None: nothing is to be done."""
    command: str | None = None
    look: str | None = None
    """The page that tells more."""


ENDS = {
    "finished": "all that was due was fetched",
    "limit": "it had as many articles as it was to fetch",
    "shutdown": "it was stopped",
    "storage_error": "the archive could take no more",
    "unreachable": "nothing could be reached",
}
"""Why a crawl ended, for people."""

HAPPENED = {
    "broken-exchange": ("answer broke off before its end", "answers broke off before their end"),
    "exchange-refused": ("answer was not kept: it cannot be on record", "answers were not kept: they cannot be"),
    "host-down": ("host was found to be down", "hosts were found to be down"),
    "seized": ("host showed a notice of seizure", "hosts showed a notice of seizure"),
    "pages-cut-off": ("article lacks its later pages", "articles lack their later pages"),
    "mirror-differs": ("mirror does not say the same", "mirrors do not say the same"),
}
"""Kinds of faults for people, after their number."""

REFUSALS = 5
"""Hosts that are told of which refuse requests."""

LONGEST = 120
"""Characters of a reason."""


def notices(crawl: Crawl | None, health: Health | None, lately: Lately) -> list[Notice]:
    """The gravest first."""
    running = bool(health and health.running)
    return [*_of_crawl(crawl, running), *_of_hosts(health), *_of_faults(lately, health), *_of_refusals(lately)]


def ended(crawl: Crawl, *, is_running: bool) -> str:
    """How a crawl ended, for people."""
    if crawl.finished_at is None:
        return "it is running" if is_running else "it was killed"
    return ENDS.get(crawl.finish_reason or "", crawl.finish_reason or "no reason is on record")


def _of_crawl(crawl: Crawl | None, running: bool) -> Iterator[Notice]:
    if crawl is None or running:
        return
    # Of other commands, such as watch, only the arguments are on record.
    is_crawl = crawl.arguments[:1] == (crawl.spider,)
    again = f"uv run scrapy crawl {shlex.join(crawl.arguments)}" if is_crawl else None
    if crawl.finished_at is None:
        yield Notice(
            f"The last crawl, begun {clock(crawl.started_at)}, did not come to its end",
            "Nothing that was stored is lost, and its queue is kept. Run it again",
            again,
        )
    elif crawl.finish_reason == "storage_error":
        yield Notice(
            "The last crawl ended because the archive could take no more", "Free some room, then run it again", again
        )
    elif crawl.finish_reason == "unreachable":
        yield Notice("The last crawl reached nothing", "Look at the network or the proxy, then run it again", again)


def _of_hosts(health: Health | None) -> Iterator[Notice]:
    if health is None:
        return
    for publisher_id, states in groupby(sorted(health.away, key=_publisher), key=_publisher):
        told = "; ".join(f"{state.host} is {state.state} since {_at(state.since)}{_because(state)}" for state in states)
        yield Notice(
            f"Of {publisher_id} {told}",
            "Its other hosts are asked in their place; which these are, and which more its pages name, tells",
            f"uv run scrapy publisher mirrors {shlex.quote(publisher_id)}",
        )
    for host in health.put_off:
        until = f" until {_at(host.put_off_until)}" if host.put_off_until else ""
        yield Notice(f"{host.name} is left alone{until}{_because(host)}", "It is asked again by itself then")


def _publisher(state: MirrorState) -> str:
    return state.publisher_id


def _of_faults(lately: Lately, health: Health | None) -> Iterator[Notice]:
    """Of hosts only where the frontier does not say how they are now."""
    for kind in FAULTS:
        if (count := lately.of(kind)) and not (health and kind in STANDINGS):
            one, many = HAPPENED[kind]
            yield Notice(f"{count} {one if count == 1 else many}", look=f"/index/events?kind={kind}&_sort_desc=at")


def _of_refusals(lately: Lately) -> Iterator[Notice]:
    refusing = [refusal for refusal in lately.refusals if is_refusal(refusal.status)]
    for refusal in refusing[:REFUSALS]:
        times = "once" if refusal.count == 1 else f"{refusal.count} times"
        asked = {"host": refusal.host, "status": refusal.status, "_sort_desc": "captured_at"}
        look = address("/index/captures", asked.items())
        yield Notice(f"{refusal.host} answered with status {refusal.status} {times}", look=look)


def _because(state: HostState | MirrorState) -> str:
    reason = state.reason or ""
    return f" ({reason if len(reason) <= LONGEST else reason[:LONGEST].rstrip() + '…'})" if reason else ""


def _at(moment: datetime) -> str:
    return clock(f"{moment:%Y-%m-%dT%H:%M:%SZ}")
