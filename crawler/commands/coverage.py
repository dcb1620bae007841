"""``scrapy coverage``: per publisher and day, what was listed, what is held, what is missing and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from rich.text import Text
from scrapy.commands import ScrapyCommand

from crawler.collection.coverage import Day, coverage
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE, NOTHING_FOUND
from crawler.commands.output import console, day, plain, print_json
from crawler.errors import BadArgument, FolderNotUsable
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.database import missing, read_index

REASONS = 3
"""Shown of each day, the commonest first."""


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the frontier and the index, also while a crawl runs."""

    def syntax(self) -> str:
        return "[options] [PUBLISHER …]"

    def short_desc(self) -> str:
        return "Show per publisher and day what was listed, what is held, what is missing and why"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", type=day, help="this day and later ones")
        parser.add_argument("--until", metavar="DAY", type=day, help="this day and earlier ones")
        parser.add_argument("--missing", action="store_true", help="only days of which something is missing")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.since and opts.until and opts.since > opts.until:
            raise BadArgument(f"--since {opts.since} is after --until {opts.until}; swap them")
        path = self.folder / "frontier.db"
        if not path.exists():
            raise FolderNotUsable(missing(path))
        with closing(SqliteFrontier(path, reading=True)) as frontier, closing(read_index(self.index)) as db:
            days = coverage(frontier, db, args)
        shown = [each for each in days if _is_wanted(each, opts)]
        if not shown:
            of = f" of {', '.join(args)}" if args else ""
            print(f"ofrecord: nothing was listed or is held{of} on the days asked for", file=sys.stderr)
            return NOTHING_FOUND
        if opts.json:
            print_json(_json(each) for each in shown)
        else:
            console().print(Text("\n").join(_table(shown)))
        return DONE


def _is_wanted(each: Day, opts: argparse.Namespace) -> bool:
    if opts.missing and not each.missing:
        return False
    if each.day is None:
        return not (opts.since or opts.until)
    return (not opts.since or each.day >= str(opts.since)) and (not opts.until or each.day <= str(opts.until))


def _json(each: Day) -> dict[str, Any]:
    return {
        "publisher": each.publisher_id,
        "day": each.day,
        "listed": each.listed,
        "held": each.held,
        "missing": each.missing,
        "why": dict(each.why.most_common()),
    }


def _table(days: list[Day]) -> Iterator[Text]:
    width = max(9, *(len(each.publisher_id) for each in days))
    yield plain(f"{'publisher':<{width}}  {'day':<10}  {'listed':>6}  {'held':>6}  {'missing':>7}  why", "bold")
    for each in days:
        why = ", ".join(f"{count} × {reason}" for reason, count in each.why.most_common(REASONS))
        counts = f"{each.listed:>6}  {each.held:>6}  {each.missing or '·':>7}"
        yield plain(f"{each.publisher_id:<{width}}  {each.day or 'no date':<10}  {counts}  {why}")
    listed, held = sum(each.listed for each in days), sum(each.held for each in days)
    missing = sum(each.missing for each in days)
    yield plain(f"{'':<{width}}  {'all':<10}  {listed:>6}  {held:>6}  {missing or '·':>7}", "bold")
