"""Notes the crawl in the index when it begins and when it ends; closes the collection last of all."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Spider, signals

from crawler.collection.session import close_collection, collection_of
from crawler.errors import OfRecordError
from crawler.stopping import STORAGE_ERROR

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class ArchiveExtension:
    """The crawl's row in ``crawls``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._collection = collection_of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        crawler.signals.connect(extension.stopped, signals.engine_stopped)
        return extension

    def opened(self, spider: Spider) -> None:
        self._collection.begin_crawl(spider.name, sys.argv[1:], datetime.now(UTC))

    def closed(self, reason: str) -> None:
        self._collection.end_crawl(reason, self._crawler.stats.get_stats(), datetime.now(UTC))

    def stopped(self) -> None:
        """Nobody sees what a handler of this signal raises: the command finds it in the stats."""
        try:
            close_collection(self._crawler.settings)
        except OfRecordError as error:
            self._crawler.stats.set_value(STORAGE_ERROR, error)
