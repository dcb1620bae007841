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
TROUBLES = {
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
        self._stats = crawler.stats
        self._folder = Path(crawler.settings["ARCHIVES_DIR"]) / crawler.settings["COLLECTION"]
        self._moving = crawler.settings.getbool("PROGRESS") and sys.stderr.isatty()
        self._status = Console(stderr=True).status("starting")
        self._ticker = create_looping_call(self._show)
        self._newest = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.started, signals.engine_started)
        crawler.signals.connect(extension.received, signals.response_received)
        crawler.signals.connect(extension.stopped, signals.engine_stopped)
        return extension

    def started(self) -> None:
        if self._moving:
            self._status.start()
            self._ticker.start(REFRESH_SECONDS)

    def received(self, response: Response) -> None:
        self._newest = response.url

    def stopped(self) -> None:
        """The whole crawl in one line: the last of a log, all of a cron mail."""
        if self._ticker.running:
            self._ticker.stop()
            self._status.stop()
        stats = self._stats.get_stats()
        print(f"{stats.get('finish_reason', 'stopped')}: {summary(stats)}; in {self._folder}", file=sys.stderr)

    def _show(self) -> None:
        self._status.update(f"{summary(self._stats.get_stats())} · {self._newest[:SHOWN]}")


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
