"""``scrapy status``: what is running, what waits, when the next is due, how fast it goes, what went wrong last."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.health import Health, health
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE
from crawler.commands.output import console, counted, plain, print_json
from crawler.errors import FolderNotUsable
from crawler.frontier.protocol import HostState, MirrorState, State, Tally
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.database import missing, read_index
from crawler.index.lookup import captures_since

STATES: tuple[State, ...] = ("queued", "leased", "done", "failed", "forbidden", "gone")
HOUR = timedelta(hours=1)


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
        now, path = datetime.now(UTC), self.folder / "frontier.db"
        found = health(self.folder, now)
        if found is None:
            raise FolderNotUsable(missing(path))
        with closing(SqliteFrontier(path, reading=True)) as frontier:
            tallies = frontier.tallies()
        if opts.json:
            print_json([*_hosts_as_json(tallies), *map(_put_off_as_json, found.put_off)])
            print_json(
                {"away": state.host, "state": state.state, "since": _stamp(state.since), "reason": state.reason}
                for state in found.away
            )
            return DONE
        lines = [*self._summary(found, tallies, now), *_table(tallies), *_away(found.away), *_notes(found)]
        console().print(Text("\n").join(lines))
        return DONE

    def _summary(self, found: Health, tallies: Sequence[Tally], now: datetime) -> Iterator[Text]:
        yield plain(f"running   {'process ' + ', '.join(found.running) if found.running else 'nothing'}", "bold")
        queued = sum(tally.urls for tally in tallies if tally.state == "queued")
        yield plain(f"queued    {counted(queued, 'URL')}")
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


def _notes(found: Health) -> Iterator[Text]:
    for host in found.put_off:
        if host.put_off_until:
            yield plain(f"\nput off   {host.name} until {_stamp(host.put_off_until)}: {host.reason}", "yellow")
    for number, trouble in enumerate(found.troubles):
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


def _put_off_as_json(host: HostState) -> dict[str, Any]:
    until = _stamp(host.put_off_until) if host.put_off_until else None
    return {"put_off": host.name, "failures": host.failures, "until": until, "reason": host.reason}


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
