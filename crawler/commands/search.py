"""``scrapy search WORDS``: articles of the index that hold all words, best or newest first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

from rich.text import Text
from scrapy.commands import ScrapyCommand

from crawler.collection.session import collection_folder
from crawler.commands.checks import check_settings
from crawler.commands.exits import DONE, NOTHING_FOUND, report
from crawler.commands.output import console, day, piped, plain, positive, print_json, with_hits
from crawler.errors import BadArgument, OfRecordError
from crawler.index.database import read_index
from crawler.index.search import Filters, Hit, Order, latest, publisher_ids, search

LIMIT = 20


class Command(ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] [WORDS]"

    def short_desc(self) -> str:
        return "Find articles by their words"

    def long_desc(self) -> str:
        return (
            'Finds articles that hold all words, "phrases" (quoted for the shell: \'"state visit"\') and beginnings '
            "(chem*) in headline, summary, text or captions. Without words: the newest articles."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--publisher", metavar="P", help="only this publisher's articles")
        parser.add_argument("--since", metavar="DAY", type=day, help="published on this day or later")
        parser.add_argument("--until", metavar="DAY", type=day, help="published on this day or earlier")
        parser.add_argument("--newest", action="store_true", help="newest first instead of best first")
        parser.add_argument("--limit", metavar="N", type=positive, default=LIMIT, help=f"at most N (default: {LIMIT})")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = piped(lambda: self._search(" ".join(args), opts))
        except OfRecordError as error:
            self.exitcode = report(error)

    def _search(self, words: str, opts: argparse.Namespace) -> int:
        assert self.settings is not None  # Scrapy sets it before it runs a command
        check_settings(self.settings)
        if opts.since and opts.until and opts.since > opts.until:
            raise BadArgument(f"--since {opts.since} is after --until {opts.until}; swap them")
        filters = Filters(opts.publisher, opts.since, opts.until)
        with closing(read_index(collection_folder(self.settings) / "index.db")) as db:
            if opts.publisher and opts.publisher not in (known := publisher_ids(db)):
                raise BadArgument(
                    f"no articles of {opts.publisher!r} here; there are: {', '.join(known) or 'none yet'}"
                )
            if words:
                order: Order = "newest" if opts.newest else "best"
                hits = search(db, words, filters, order=order, limit=opts.limit + 1)
            else:
                hits = latest(db, filters, limit=opts.limit + 1)
        return _print(hits, opts)


def _print(hits: list[Hit], opts: argparse.Namespace) -> int:
    if not hits:
        print("ofrecord: nothing found", file=sys.stderr)
        return NOTHING_FOUND
    shown = hits[: opts.limit]
    if opts.json:
        print_json(_json(hit) for hit in shown)
    else:
        console().print(Text("\n\n").join(Text("\n").join(_lines(hit)) for hit in shown))
    if len(hits) > len(shown):
        print(f"ofrecord: there are more than {opts.limit}; see them with --limit", file=sys.stderr)
    return DONE


def _json(hit: Hit) -> dict[str, Any]:
    return asdict(hit) | {"headline": hit.headline.text if hit.headline else None}


def _lines(hit: Hit) -> Iterator[Text]:
    yield with_hits(hit.headline, "bold") if hit.headline else Text("(no headline)", style="dim")
    more = [f"{hit.revisions} revisions"] if hit.revisions > 1 else []
    state = [hit.state] if hit.state != "live" else []
    facts = [hit.published_at or "no date", hit.publisher, *more, *state]
    yield plain(f"  {hit.id}", "cyan") + plain(f"  {' · '.join(facts)}", "dim")
    yield plain(f"  {hit.url}", "dim")
    if hit.snippet:
        yield Text("  ") + with_hits(hit.snippet)
