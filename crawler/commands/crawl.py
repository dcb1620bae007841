"""``scrapy crawl``: Scrapy's own, with messages and exit codes that a scheduled run can be judged by."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.collection.collection import bring_up_to_date
from crawler.collection.expire import expire_daily
from crawler.collection.handover import Again, hand_over
from crawler.collection.hosts import use_accepted_mirrors
from crawler.collection.lock import alive
from crawler.collection.session import close_collection, collection_folder, collection_of, limits_of, warcinfo
from crawler.commands.archive import words
from crawler.commands.checks import check_outputs, check_settings
from crawler.commands.exits import DONE, FAULTS, INTERRUPTED, UNREACHABLE, report
from crawler.downloadhandlers.wire import ensure_exact
from crawler.errors import BadArgument, IndexTooOld, OfRecordError
from crawler.frontier.requests import entry_of
from crawler.settings import user_agent
from crawler.spiders.arguments import ARGUMENTS, CrawlArguments, crawl_arguments
from crawler.spiders.news import NewsSpider
from crawler.stopping import ITEM_ERRORS, STORAGE_ERROR
from crawler.summary import last_line

logger = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    """Opens the collection before the crawl begins, so that what cannot be used is said at once."""

    def long_desc(self) -> str:
        arguments = " ".join(f"-a {name}: {meaning}" for name, meaning in ARGUMENTS.items())
        return f"Finds, fetches, archives and indexes articles: scrapy crawl news, with arguments. {arguments}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            check_settings(self.settings)
        except OfRecordError as error:
            sys.exit(report(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        _refuse_options(args)
        given = words(args)
        if len(given) != 1:
            raise UsageError("give one spider, for example: scrapy crawl news -a site=https://example.com/")
        try:
            self.exitcode = self._crawl(given[0], opts.spargs)
        except OfRecordError as error:
            self.exitcode = report(error)

    def _crawl(self, name: str, given: dict[str, str]) -> int:
        assert self.settings is not None
        _know_mirrors(collection_folder(self.settings))
        arguments = self.arguments_of(name, given)
        assert self.crawler_process is not None
        if name not in (names := self.crawler_process.spider_loader.list()):
            raise BadArgument(f"there is no spider {name!r}; there is: {', '.join(names)}")
        ensure_exact()
        check_outputs(self.settings)
        _introduce(self.settings)
        if name == NewsSpider.name and self._is_handed_over(arguments["arguments"]):
            return DONE
        self._expire_listings()
        collection_of(self.settings)
        if not self.settings["CONTACT"]:
            logger.warning("CONTACT is not set: sites cannot tell who crawls them; give -s CONTACT=you@example.org")
        try:
            return self._run_crawler(name, arguments)
        finally:
            close_collection(self.settings)

    def arguments_of(self, name: str, given: dict[str, str]) -> dict[str, Any]:
        """What the spider is made with. Raises NotUsable."""
        return {"arguments": crawl_arguments(**given)} if name == NewsSpider.name else dict(given)

    def _expire_listings(self) -> None:
        assert self.settings is not None
        folder, days = collection_folder(self.settings), self.settings.getint("KEEP_DISCOVERY_DAYS")
        if days and (folder / "index.db").exists():
            info, limits = warcinfo(self.settings), limits_of(self.settings)
            expire_daily(folder, days, datetime.now(UTC), info=info, limits=limits)

    def _is_handed_over(self, arguments: CrawlArguments) -> bool:
        """Whether a crawl that runs already does this one's work. It cannot where the results are wanted from here."""
        assert self.settings is not None
        is_own = arguments.stays or arguments.limit is not None or bool(self.settings["FEEDS"])
        folder = collection_folder(self.settings)
        if is_own or self.settings.getbool("JOIN") or not alive(folder):
            return False
        now, spider = datetime.now(UTC), NewsSpider(arguments)
        entries = [entry_of(seed.to_dict(spider=spider), now) for seed in spider.requests.seeds(arguments)]
        group = arguments.publisher.id if arguments.publisher and not arguments.urls else None
        again = Again(arguments.urls, group) if arguments.recheck else None
        process = hand_over(folder, entries, again, now)
        if process is None:
            return False
        what = f"{len(entries)} URL{'s' if len(entries) > 1 else ''}"
        print(f"handed over: {what} to the crawl that is running (process {process})", file=sys.stderr)
        return True

    def _run_crawler(self, name: str, arguments: dict[str, Any]) -> int:
        assert self.crawler_process is not None
        crawler = self._create_crawler(name)
        _calm_the_collector()
        self.crawler_process.crawl(crawler, **arguments)
        self.crawler_process.start()
        gc.freeze()  # nothing is left to be collected: the interpreter need not look through all of it twice to end
        if self.crawler_process.bootstrap_failed:
            return FAULTS
        if crawler.stats.get_value("finish_reason") is None:
            self._end_at_once(crawler)
        return _judged(crawler)

    def _end_at_once(self, crawler: Crawler) -> None:
        """Ctrl-C twice stops the reactor, and no extension hears of it: what they do at the end is done here."""
        assert self.settings is not None
        stats = {**crawler.stats.get_stats(), "finish_reason": "shutdown"}
        crawler.stats.set_stats(stats)
        collection_of(self.settings).end_crawl("shutdown", stats, datetime.now(UTC))
        print(last_line(stats, collection_folder(self.settings)), file=sys.stderr)


def _refuse_options(args: list[str]) -> None:
    """Raises UsageError where an argument was written like an option."""
    options = {f"--{name.partition('=')[0]}": name for name in ARGUMENTS}
    for given in args:
        if name := options.get(given.partition("=")[0]):
            raise UsageError(f"there is no option {given.partition('=')[0]}; write -a {name}")


def _know_mirrors(folder: Path) -> None:
    try:
        use_accepted_mirrors(folder)
    except IndexTooOld:
        bring_up_to_date(folder)
        use_accepted_mirrors(folder)


def _introduce(settings: BaseSettings) -> None:
    """Puts CONTACT into the User-Agent, wherever it was set; a User-Agent given with -s stays as it is."""
    contact = settings["CONTACT"]
    if contact and (settings.getpriority("USER_AGENT") or 0) < SETTINGS_PRIORITIES["cmdline"]:
        settings.set("USER_AGENT", user_agent(contact), priority="cmdline")


def _calm_the_collector() -> None:
    """Cyclic garbage is rare here: fewer collections save a fifth of the crawl's time (architecture.md)."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _judged(crawler: Crawler) -> int:
    error = crawler.stats.get_value(STORAGE_ERROR)
    if isinstance(error, OfRecordError):
        return report(error)
    reason = crawler.stats.get_value("finish_reason")
    if reason == "shutdown":
        return INTERRUPTED
    if reason == "unreachable":
        why = crawler.stats.get_value("ofrecord/unreachable")
        print(f"ofrecord: nothing could be fetched: {why}; see to that, then run again", file=sys.stderr)
        return UNREACHABLE
    faults = ("spider_exceptions/count", ITEM_ERRORS)
    return FAULTS if any(crawler.stats.get_value(name) for name in faults) else DONE
