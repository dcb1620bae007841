"""A line that moves while somebody watches, and one line that stays at the end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

OUTCOMES = ("new", "revised", "unchanged")
ENDINGS = {
    "finished": "finished",
    "limit": "limit reached, run again for more",
    "shutdown": "interrupted, run again to go on",
    "storage_error": "stopped",
}
"""Scrapy's reasons and ours, in words; any other is shown as it is."""

TROUBLES = {
    "ofrecord/error-status": "answered with an error",
    "ofrecord/not-article": "not-article",
    "ofrecord/failed": "failed",
    "ofrecord/broken": "broken",
    "ofrecord/bad-listing": "bad-listing",
    "robots/forbidden": "forbidden by robots.txt",
}
REFRESH_SECONDS = 0.5
SHOWN = 60
"""Characters of the newest URL in the moving line."""


class ProgressExtension:
    """Writes to stderr only: stdout is for data."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._stats = crawler.stats
        self._folder = Path(crawler.settings["ARCHIVES_DIR"]) / crawler.settings["COLLECTION"]
        self._moving = crawler.settings.getbool("PROGRESS") and sys.stderr.isatty()
        self._status = Console(stderr=True).status("starting")
        self._ticker = create_looping_call(self._look)
        self._newest = ""
        self._was_running = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.started, signals.engine_started)
        crawler.signals.connect(extension.received, signals.response_received)
        crawler.signals.connect(extension.stopped, signals.engine_stopped)
        return extension

    def started(self) -> None:
        self._ticker.start(REFRESH_SECONDS)
        if self._moving:
            self._status.start()

    def received(self, response: Response) -> None:
        self._newest = response.url

    def stopped(self) -> None:
        """The whole crawl in one line: the last of a log, all of a cron mail."""
        if self._ticker.running:
            self._ticker.stop()
        self._status.stop()
        if self._stats.get_value("finish_reason") == "unreachable":
            return  # the command says it, and why
        print(last_line(self._stats.get_stats(), self._folder), file=sys.stderr)

    def _look(self) -> None:
        if self._was_running and not self._crawler.engine.running and "finish_reason" not in self._stats.get_stats():
            print("interrupted: finishing what is under way; Ctrl-C again stops at once", file=sys.stderr)
        self._was_running = self._crawler.engine.running
        if self._moving:
            self._status.update(f"{summary(self._stats.get_stats())} · {self._newest[:SHOWN]}")


def last_line(stats: dict[str, Any], folder: Path) -> str:
    """How the crawl ended, what it did, and where that is."""
    reason = stats.get("finish_reason", "shutdown")
    return f"{ENDINGS.get(reason, reason)}: {summary(stats)}; in {folder}"


def summary(stats: dict[str, Any]) -> str:
    """What the crawl has done so far, in one line."""
    fetched, size = stats.get("ofrecord/fetched", 0), stats.get("ofrecord/bytes", 0)
    articles = ", ".join(f"{stats.get(f'ofrecord/{name}', 0)} {name}" for name in OUTCOMES)
    troubles = "".join(f", {stats[key]} {name}" for key, name in TROUBLES.items() if stats.get(key))
    return f"{fetched} fetched ({human_size(size)}), articles: {articles}{troubles}"


def human_size(size: float) -> str:
    """Bytes as people read them, in powers of 1,000."""
    if size < 1000:
        return f"{size:.0f} bytes"
    if size < 1000**2:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1000**2:.1f} MB" if size < 1000**3 else f"{size / 1000**3:.1f} GB"
