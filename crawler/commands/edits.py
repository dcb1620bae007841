"""``scrapy edits``: what publishers changed and took down, the heaviest first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.changes.kinds import WEIGHTS
from crawler.commands.archive import ArchiveCommand
from crawler.commands.changes import edit_lines
from crawler.commands.exits import DONE, NOTHING_FOUND
from crawler.commands.output import console, day, plain, positive, print_json
from crawler.errors import BadArgument
from crawler.formats.happenings import moment, state_line
from crawler.index.database import read_index
from crawler.index.history import KINDS, LedgerEntry, LedgerFilters, Order, is_edit, ledger
from crawler.index.matching import publishers_called

LIMIT = 20
STYLES = {"gone": "bold red", "blocked": "bold red", "silently-edited": "bold yellow"}


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "List edits and deletions of all publishers, the heaviest first"

    def long_desc(self) -> str:
        return (
            "Each edit has a weight up to 100: a changed headline, number, quotation or name weighs more than other "
            "words. An edit is silent where the page states a modified date and that did not move."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--publisher", metavar="P", help="only this publisher's articles")
        parser.add_argument("--since", metavar="DAY", type=day, help="seen on this day or later")
        parser.add_argument("--until", metavar="DAY", type=day, help="seen on this day or earlier")
        parser.add_argument(
            "--kind",
            metavar="KIND",
            action="append",
            default=[],
            help=f"only these, several with several --kind: {', '.join((*KINDS, *WEIGHTS))}",
        )
        parser.add_argument("--newest", action="store_true", help="newest first instead of heaviest first")
        parser.add_argument("--limit", metavar="N", type=positive, default=LIMIT, help=f"at most N (default: {LIMIT})")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"edits takes options only, not {args[0]!r}; scrapy history ARTICLE tells of one article")
        if unknown := next((kind for kind in opts.kind if kind not in (*KINDS, *WEIGHTS)), None):
            raise BadArgument(f"there is no kind {unknown!r}; there are: {', '.join((*KINDS, *WEIGHTS))}")
        if opts.since and opts.until and opts.since > opts.until:
            raise BadArgument(f"--since {opts.since} is after --until {opts.until}; swap them")
        with closing(read_index(self.index)) as db:
            publisher = publishers_called(db, opts.publisher)[0] if opts.publisher else None
            filters = LedgerFilters(publisher, opts.since, opts.until, tuple(opts.kind))
            order: Order = "newest" if opts.newest else "heaviest"
            entries = ledger(db, filters, order=order, limit=opts.limit + 1)
        return _print(entries, opts)


def _print(entries: list[LedgerEntry], opts: argparse.Namespace) -> int:
    if not entries:
        print("ofrecord: no edits and no deletions are known", file=sys.stderr)
        return NOTHING_FOUND
    shown = entries[: opts.limit]
    if opts.json:
        print_json(asdict(entry) for entry in shown)
    else:
        console().print(Text("\n\n").join(Text("\n").join(_lines(entry)) for entry in shown))
    if len(entries) > len(shown):
        print(f"ofrecord: there are more than {opts.limit}; see them with --limit", file=sys.stderr)
    return DONE


def _lines(entry: LedgerEntry) -> Iterator[Text]:
    facts = f"  {moment(entry.at)} · {entry.publisher}"
    yield plain(f"{entry.weight:>3}  ") + plain(entry.kind, STYLES.get(entry.kind, "bold")) + plain(facts, "dim")
    yield Text("     ") + plain(entry.headline or "(no headline)", "bold")
    if is_edit(entry.kind):
        for line in edit_lines(entry.detail):
            yield Text("     ") + line
        yield plain(f"     {entry.detail.get('revision')}", "cyan") + plain(f"  {entry.url}", "dim")
    else:
        yield plain(f"     {state_line(entry.kind, entry.detail)}")
        yield plain(f"     {entry.article_id}", "cyan") + plain(f"  {entry.url}", "dim")
