"""``scrapy demo``: the whole job on a small news site on this machine, and what to try next."""

from __future__ import annotations

import argparse
import os
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from crawler.collection.lock import Lock
from crawler.collection.session import collection_folder
from crawler.commands.crawl import Command as Crawl
from crawler.commands.demosite import DemoSite
from crawler.commands.exits import report
from crawler.errors import OfRecordError
from crawler.spiders.news import NewsSpider

OWN_COLLECTION = "demo"
DEMO_SETTINGS = {
    "COLLECTION": OWN_COLLECTION,
    "ALLOW_PRIVATE_ADDRESSES": True,
    "DOWNLOAD_DELAY": 0.0,
    "CONTACT": "demo@localhost",
}
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
WORDS = "tide gauge"
"""Found in two of the demo's articles."""


class Command(Crawl):
    """Starts the site, crawls it as any other, and prints what was archived."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl a small news site on this machine and show what was archived"

    def long_desc(self) -> str:
        return "Starts a news site of its own on this machine, crawls it as any other, and shows what was archived."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--later", action="store_true", help="the same site a day later, when some of its articles were edited"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        for name, value in DEMO_SETTINGS.items():
            # Over settings.py and the environment; -s on the command line goes over it.
            self._given_settings.set(name, value, priority="spider")
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError("scrapy demo takes options only")
        _leave_proxies_aside()
        self._articles: dict[str, dict[str, Any]] = {}
        try:
            self._forget_earlier_sites()
            with DemoSite(a_day_later=opts.later) as site:
                self.exitcode = self._crawl(NewsSpider.name, {**opts.spargs, "site": f"{site.base}/"})
            if self._articles:
                self._print_result(site, a_day_later=opts.later)
        except OfRecordError as error:
            self.exitcode = report(error)

    @property
    def _given_settings(self) -> Settings:
        assert self.settings is not None  # Scrapy sets it before it asks for anything
        return self.settings

    def _create_crawler(self, crawler_or_spidercls: type[Spider] | str) -> Crawler:
        self._crawler = super()._create_crawler(crawler_or_spidercls)
        self._crawler.signals.connect(self._note_article, signals.item_scraped)
        return self._crawler

    def _note_article(self, item: dict[str, Any]) -> None:
        # The site links one article by its old address too: what was first said of it counts.
        self._articles.setdefault(item["id"], item)

    def _forget_earlier_sites(self) -> None:
        """Each demo's site has a port of its own: what earlier ones left in the queue answers no more."""
        if self._is_given("COLLECTION"):
            return
        folder = collection_folder(self._given_settings)
        lock = Lock(folder)
        for name in ("frontier.db", "frontier.db-wal", "frontier.db-shm"):
            (folder / name).unlink(missing_ok=True)
        lock.release()

    def _print_result(self, site: DemoSite, *, a_day_later: bool) -> None:
        articles = sorted(self._articles.values(), key=lambda item: str(item["published"]), reverse=True)
        print(f"{site.texts.title}, a site on this machine, was crawled at {site.base}/\n")
        for item in articles:
            print(f"  {str(item['published'])[:10]}  {item['id']}  {item['outcome']:<9}  {item['headline']}")
        print(f"\n{self._counts(articles)}\n")
        folder = collection_folder(self._given_settings)
        for name in sorted({str(item["warc"]) for item in articles}):
            print(f"  WARC   {_file(folder / 'archive' / name)}")
        print(f"  index  {_file(folder / 'index.db')}\n")
        print("The site is closed again; the archive stays. Try:\n")
        if a_day_later:
            self._print_queries_of_changes(str(articles[0]["id"]))
        else:
            self._print_queries(folder, str(articles[0]["id"]))
        print(f"\nOr look at it in a browser:\n\n  {_run()}scrapy serve {self._where()}")

    def _counts(self, articles: list[dict[str, Any]]) -> str:
        outcomes = Counter(str(item["outcome"]) for item in articles)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        fetched, forbidden = (
            self._crawler.stats.get_value(name, 0) for name in ("ofrecord/fetched", "robots/forbidden")
        )
        return (
            f"Articles: {counts}. On record: {fetched} requests and their responses. "
            f"Left out, as robots.txt asks: {forbidden}."
        )

    def _print_queries_of_changes(self, article_id: str) -> None:
        run, where = _run(), self._where()
        print(f"  {run}scrapy edits {where}")
        print(f"  {run}scrapy diff {article_id} {where}")
        print(f"  {run}scrapy history {article_id} {where}")

    def _where(self) -> str:
        """The options that name the collection."""
        where = f"-s COLLECTION={shlex.quote(self._given_settings['COLLECTION'])}"
        if self._is_given("ARCHIVES_DIR"):
            where += f" -s ARCHIVES_DIR={shlex.quote(self._given_settings['ARCHIVES_DIR'])}"
        return where

    def _print_queries(self, folder: Path, article_id: str) -> None:
        run, where = _run(), self._where()
        newest = "select published_at, headline from latest order by published_at desc limit 3"
        print(f'  {run}scrapy search "{WORDS}" {where}')
        print(f"  {run}scrapy show {article_id} --evidence {where}")
        print(f'  {run}sqlite-utils {shlex.quote(_shown(folder / "index.db"))} "{newest}" --table')

    def _is_given(self, name: str) -> bool:
        return self._given_settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]


def _run() -> str:
    """How commands are typed here."""
    return "uv run " if "UV" in os.environ else ""


def _leave_proxies_aside() -> None:
    for name in list(os.environ):
        if name.lower() in PROXIES:
            del os.environ[name]


def _file(path: Path) -> str:
    return f"{_shown(path)}  ({path.stat().st_size:,} bytes)"


def _shown(path: Path) -> str:
    """As short as it can be typed from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
