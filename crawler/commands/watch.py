"""``scrapy watch``: a crawl that never ends, and does what is due."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.exceptions import UsageError

from crawler.collection.session import collection_folder
from crawler.commands.archive import words
from crawler.commands.crawl import Command as CrawlCommand
from crawler.commands.exits import DONE, INTERRUPTED
from crawler.errors import BadArgument
from crawler.publishers.base import publisher_named
from crawler.spiders.arguments import CrawlArguments
from crawler.spiders.news import NewsSpider


class Command(CrawlCommand):
    """Begins with the publishers named, and goes on with all that the collection knows."""

    def syntax(self) -> str:
        return "[options] [PUBLISHER …]"

    def short_desc(self) -> str:
        return "Keep crawling: listings as often as they bring news, articles again after 1 h, 6 h, 1 d, 7 d, 30 d"

    def long_desc(self) -> str:
        return (
            "Runs until it is stopped (Ctrl-C or SIGTERM: what is under way is finished). Fetches what is due of every "
            "publisher that was ever crawled into the collection, and of those named here. A scrapy crawl beside it "
            "hands its URLs over. Definitions of publishers that change are read again."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.spargs:
            raise UsageError("scrapy watch takes names of publishers, no -a arguments")
        self._names = words(args)
        super().run([NewsSpider.name], opts)
        if self.exitcode == INTERRUPTED:  # there is no other end
            self.exitcode = DONE

    def arguments_of(self, name: str, given: dict[str, str]) -> dict[str, Any]:
        assert self.settings is not None
        watched = tuple(publisher_named(each) for each in self._names)
        if not watched and not (collection_folder(self.settings) / "frontier.db").exists():
            raise BadArgument("nothing to watch: name publishers, or crawl a site into this collection first")
        return {"arguments": CrawlArguments(watched=watched, stays=True)}
