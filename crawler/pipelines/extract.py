"""A captured page becomes an article, in a worker process."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.collection.session import collection_of
from crawler.errors import ExtractionFailed
from crawler.items import Capture

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class ExtractPipeline:
    """Capture in, ReadPage out; any other item passes."""

    def __init__(self, crawler: Crawler) -> None:
        self._collection = collection_of(crawler.settings)
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if not isinstance(item, Capture):
            return item
        try:
            page = await asyncio.wrap_future(self._collection.articles.read(item))
        except ExtractionFailed as error:
            self._stats.inc_value("faults/page-extraction")
            logger.warning("extraction failed: %s", error)
            raise DropItem(str(error), log_level="DEBUG") from error
        for problem in page.problems:
            self._stats.inc_value(f"faults/page-{problem}")
        return page
