"""A line that moves while somebody watches, and a summary at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

COUNTS = ("new", "revised", "unchanged", "not-article")


class ProgressExtension:
    """Writes to stderr only: stdout is for data."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._folder = str(crawler.settings["ARCHIVES_DIR"])
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
            self._ticker.start(0.5)

    def received(self, response: Response) -> None:
        self._newest = response.url

    def stopped(self) -> None:
        if self._ticker.running:
            self._ticker.stop()
            self._status.stop()

    def _show(self) -> None:
        self._status.update(f"{summary(self._stats.get_stats())} · {self._newest[:60]}")


def summary(stats: dict[str, object]) -> str:
    """What the crawl has done so far, in one line."""
    fetched, size = (stats.get(f"ofrecord/{name}", 0) for name in ("fetched", "bytes"))
    articles = ", ".join(f"{stats.get(f'ofrecord/{name}', 0)} {name}" for name in COUNTS)
    return f"{fetched} fetched ({human_size(size)}); articles: {articles}"


def human_size(size: object) -> str:
    """Bytes as people read them, in powers of 1,000."""
    number = float(str(size))
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
