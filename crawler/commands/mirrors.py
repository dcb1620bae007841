"""``scrapy mirrors check NAME``: whether a publisher's hosts say the same, article by article."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.divergence import Comparison
from crawler.commands.archive import ArchiveCommand
from crawler.commands.comparing import as_json, newest, publisher_in, run_comparison, summed, told
from crawler.commands.exits import DONE, FAULTS
from crawler.commands.output import console, plain, positive, print_json
from crawler.discovery.sources import hosts_of
from crawler.errors import BadArgument

ARTICLES = 5
"""Compared, unless another number is asked for."""


class Command(ArchiveCommand, ScrapyCommand):
    """Fetches, compares, and keeps on record what differs."""

    requires_crawler_process = True

    def syntax(self) -> str:
        return "check [options] PUBLISHER"

    def short_desc(self) -> str:
        return "Compare a publisher's newest articles on all of its hosts, field by field"

    def long_desc(self) -> str:
        return (
            "Fetches the newest articles that are held from each host of the publisher and holds each copy against "
            "that of the first host. What differs becomes a mirror-differs event. Exit code 1 where anything differs."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--articles", metavar="N", type=positive, default=ARTICLES, help="(default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line: each copy that was compared")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 2 or args[0] != "check":
            raise UsageError("write scrapy mirrors check PUBLISHER")
        publisher_id = publisher_in(self.folder, args[1])
        hosts = hosts_of(publisher_id)
        if len(hosts) < 2:
            raise BadArgument(
                f"{publisher_id} has one host, so that there is nothing to compare; "
                f"scrapy publisher mirrors {publisher_id} shows hosts that its pages name"
            )
        wanted = newest(self.folder, publisher_id, opts.articles)
        assert self.crawler_process is not None
        comparison = run_comparison(self.crawler_process, self.given, Comparison(publisher_id, hosts, wanted))
        if opts.json:
            print_json(map(as_json, comparison.compared))
        else:
            _print(comparison)
        differ = any(found.finding != "same" for found in comparison.compared)
        return FAULTS if differ or comparison.unread else DONE


def _print(comparison: Comparison) -> None:
    out = console()
    for found in comparison.compared:
        for line in told(found):
            out.print(plain(line))
    for article_id in comparison.unread:
        out.print(plain(f"{'unreachable':<11} {article_id} on every host"))
    for host in comparison.hosts:
        if any(found.host == host for found in comparison.compared):
            out.print(plain(summed(host, comparison.compared), "bold"))
