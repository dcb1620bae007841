"""``scrapy status``: what is running, what waits, when the next is due, how fast it goes, what went wrong last."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.lock import alive, process_of
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE
from crawler.commands.output import console, counted, plain, print_json
from crawler.errors import FolderNotUsable
from crawler.frontier.protocol import Ended, HostState, MirrorState, State, Tally
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.database import missing, read_index
from crawler.index.lookup import captures_since

STATES: tuple[State, ...] = ("queued", "leased", "done", "failed", "forbidden", "gone")
HOUR = timedelta(hours=1)
TROUBLES = 5
"""Shown."""


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the frontier, also while a crawl runs."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Show the queue: by host and state, what is due next, the last errors"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line: each host, each host put off")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError("scrapy status takes options only")
        path = self.folder / "frontier.db"
        if not path.exists():
            raise FolderNotUsable(missing(path))
        with closing(SqliteFrontier(path)) as frontier:
            tallies, hosts, troubles = frontier.tallies(), frontier.hosts(), frontier.troubles(TROUBLES)
            away = [state for state in frontier.mirrors() if state.state != "live"]
        now = datetime.now(UTC)
        if opts.json:
            put_off = [host for host in hosts if host.put_off_until and host.put_off_until > now]
            print_json([*_hosts_as_json(tallies), *({"put_off": host.name, **_as_json(host)} for host in put_off)])
            print_json(
                {"away": state.host, "state": state.state, "since": _stamp(state.since), "reason": state.reason}
                for state in away
            )
            return DONE
        console().print(
            Text("\n").join(
                [*self._summary(tallies, now), *_table(tallies), *_away(away), *_notes(hosts, troubles, now)]
            )
        )
        return DONE

    def _summary(self, tallies: list[Tally], now: datetime) -> Iterator[Text]:
        running = sorted(map(process_of, alive(self.folder)))
        yield plain(f"running   {'process ' + ', '.join(running) if running else 'nothing'}", "bold")
        waiting = sum(tally.urls for tally in tallies if tally.state == "queued")
        yield plain(f"queued    {counted(waiting, 'URL')}")
        due = min((tally.next_due for tally in tallies if tally.next_due), default=None)
        yield plain(f"next due  {'nothing' if due is None else 'now' if due <= now else _stamp(due)}")
        with closing(read_index(self.index)) as db:
            captures, articles = captures_since(db, now - HOUR)
        yield plain(f"rate      {counted(captures, 'response')} in the last hour, {articles} of articles")


def _table(tallies: Iterable[Tally]) -> Iterator[Text]:
    """One line a host."""
    rows = list(_hosts_as_json(tallies))
    if not rows:
        return
    width = max(len(row["host"]) for row in rows)
    yield plain(f"\n{'host':<{width}}  " + "  ".join(f"{state:>9}" for state in STATES) + "  next due", "bold")
    for row in rows:
        counts = "  ".join(f"{row[state] or '·':>9}" for state in STATES)
        yield plain(f"{row['host']:<{width}}  {counts}  {row['next_due'] or 'never'}")


def _away(states: Iterable[MirrorState]) -> Iterator[Text]:
    """Publishers' hosts in whose place others are asked."""
    for state in states:
        when = f"since {_stamp(state.since)}, asked again {_stamp(state.probe_at)}"
        yield plain(f"\n{state.state:<9} {state.host} ({state.publisher_id}) {when}: {state.reason}", "yellow")


def _notes(hosts: Iterable[HostState], troubles: Iterable[Ended], now: datetime) -> Iterator[Text]:
    for host in hosts:
        if host.put_off_until and host.put_off_until > now:
            yield plain(f"\nput off   {host.name} until {_stamp(host.put_off_until)}: {host.reason}", "yellow")
    for number, trouble in enumerate(troubles):
        reason = (trouble.reason or "").removeprefix(f"{trouble.url}: ")
        yield plain(f"{'' if number else chr(10)}{_stamp(trouble.at)}  {trouble.state:<7} {trouble.url}: {reason}")


def _hosts_as_json(tallies: Iterable[Tally]) -> Iterator[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for tally in tallies:
        row = rows.setdefault(tally.host, {"host": tally.host, **dict.fromkeys(STATES, 0), "next_due": None})
        row[tally.state] = tally.urls
        if tally.next_due is not None:
            row["next_due"] = min(row["next_due"] or _stamp(tally.next_due), _stamp(tally.next_due))
    yield from rows.values()


def _as_json(host: HostState) -> dict[str, Any]:
    until = _stamp(host.put_off_until) if host.put_off_until else None
    return {"failures": host.failures, "until": until, "reason": host.reason}


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
