"""A line that moves while somebody watches, and one line that stays at the end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from crawler.summary import last_line, summary

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

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
