"""``scrapy search QUERY``: the articles of the index that a query asks for, best or newest first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

from rich.text import Text
from scrapy.commands import ScrapyCommand

from crawler.commands.archive import ArchiveCommand, add_filters, asked
from crawler.commands.exits import DONE, NOTHING_FOUND
from crawler.commands.output import console, plain, positive, print_json, with_hits
from crawler.index.database import read_index
from crawler.index.search import Hit, Order, search
from crawler.queries.fields import FIELDS

LIMIT = 20


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    def syntax(self) -> str:
        return "[options] [QUERY]"

    def short_desc(self) -> str:
        return "Find articles by their words and fields"

    def long_desc(self) -> str:
        return (
            'Finds articles that hold all words, "phrases" (quoted for the shell: \'"state visit"\') and beginnings '
            "(chem*) in headline, summary, text or captions. AND, OR, NOT, -word and (parentheses) go as one expects. "
            f'Fields: {", ".join(f"{name}:" for name in FIELDS)} as in author:lee, section:"world news", '
            "day:2022-01..2022-03; README.md says what they mean. Without a query: the newest articles."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_filters(parser)
        parser.add_argument("--newest", action="store_true", help="newest first instead of best first")
        parser.add_argument("--limit", metavar="N", type=positive, default=LIMIT, help=f"at most N (default: {LIMIT})")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        query = asked(" ".join(args), opts)
        order: Order = "newest" if opts.newest else "best"
        with closing(read_index(self.index)) as db:
            hits = search(db, query, order=order, limit=opts.limit + 1)
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
