"""Crawls in a process of their own, one after the other, on Scrapy's plain download handler.

``python -m tests.frontier.crawl JOBS.json``
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.exceptions import CloseSpider, DropItem, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.errors import DiskFull
from crawler.frontier.protocol import Frontier
from crawler.frontier.sqlite import SqliteFrontier
from crawler.scheduler import FrontierScheduler

SETTINGS = {
    "SCHEDULER": "tests.frontier.crawl.FolderScheduler",
    "SPIDER_MIDDLEWARES": {
        "crawler.middlewares.acknowledge.AcknowledgeMiddleware": 10,
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    },
    "ITEM_PIPELINES": {"tests.frontier.crawl.Pipeline": 100},
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "RETRY_TIMES": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 10,
    "LOG_LEVEL": "WARNING",
}


class FolderScheduler(FrontierScheduler):
    """A frontier in a folder, without a collection around it."""

    @staticmethod
    def worker_of(settings: BaseSettings) -> tuple[Frontier, str]:
        frontier = SqliteFrontier(Path(settings["FOLDER"]) / "frontier.db")
        frontier.recover((), datetime.now(UTC))
        return frontier, "alone"


class Pipeline:
    """Notes each item in a file, after a moment; some paths have a fate of their own."""

    def __init__(self, folder: Path) -> None:
        self._items = (folder / "items.txt").open("a", encoding="utf-8")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Path(crawler.settings["FOLDER"]))

    async def process_item(self, item: dict[str, str]) -> dict[str, str]:
        await asyncio.sleep(0.01)
        if "/drops" in item["url"]:
            raise DropItem("not wanted")
        if "/breaks" in item["url"]:
            raise ValueError("a fault in a pipeline")
        if "/fills-the-disk" in item["url"]:
            raise DiskFull("no room")
        print(item["url"], file=self._items, flush=True)
        return item


class OnlyLoopbackAddress:
    """Forbids what is not on 127.0.0.1 as Scrapy's offsite middleware does: when a request is scheduled."""

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.process_request, signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            raise IgnoreRequest(request.url)


class Paths(Spider):
    """Follows the paths that a page lists, one a line, with a priority or purpose where there is one."""

    name = "paths"

    async def start(self) -> AsyncIterator[Request]:
        for seed in self.job["seeds"]:
            yield self._request(self.job["origin"] + seed["path"], **seed)

    @property
    def job(self) -> dict[str, Any]:
        job: dict[str, Any] = self.settings["JOB"]
        return job

    def may_start(self, request: Request) -> bool:
        limit: int | None = self.job.get("limit")
        if limit is None or request.meta["purpose"] != "article":
            return True
        self._started = getattr(self, "_started", 0) + 1
        return self._started <= limit

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request | dict[str, str]]:
        if "/stops" in response.url:
            raise CloseSpider("enough")
        yield {"url": response.url}
        if response.status == 200:
            for line in response.text.splitlines():
                path, _, purpose = line.partition(" ")
                if path.startswith("/"):
                    yield self._request(response.urljoin(path), purpose=purpose or "article")
        if "/raises" in response.url:
            raise ValueError("a fault in a callback")

    def parse_at_once(self, response: Response) -> None:
        raise ValueError("a fault before any output")

    def failed(self, failure: Failure) -> Iterator[Request]:
        yield self._request(self.job["origin"] + "/page?instead")

    def failed_too(self, failure: Failure) -> None:
        raise ValueError("a fault in an errback")

    def _request(self, url: str, **seed: Any) -> Request:
        meta = {"purpose": seed.get("purpose", "article"), **seed.get("meta", {})}
        return Request(
            url,
            callback=getattr(self, seed.get("callback", "parse")),
            errback=getattr(self, seed["errback"]) if "errback" in seed else None,
            priority=seed.get("priority", 0),
            meta=meta,
        )


def settings_of(job: dict[str, Any]) -> dict[str, Any]:
    return {**SETTINGS, "FOLDER": job["folder"], "JOB": job, **job.get("settings", {})}


def main(jobs: list[dict[str, Any]]) -> None:
    # Settings of the process would go over those of its crawlers.
    process = CrawlerProcess({"LOG_LEVEL": SETTINGS["LOG_LEVEL"]})

    def crawl_next(is_first: bool) -> None:
        if jobs:
            crawler = Crawler(Paths, settings_of(jobs.pop(0)), init_reactor=is_first)
            process.crawl(crawler).addCallback(lambda _: crawl_next(False))

    crawl_next(True)
    process.start()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
