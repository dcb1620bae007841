"""A captured page becomes an article, in a worker process."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.collection.pages import ReadPage
from crawler.collection.session import collection_of
from crawler.errors import ExtractionFailed
from crawler.items import Capture

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class ExtractPipeline:
    """Capture in, ReadPage out; so is one that was read already, and any other item passes."""

    def __init__(self, crawler: Crawler) -> None:
        self._collection = collection_of(crawler.settings)
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if isinstance(item, Capture):
            item = await self._read(item)
        if isinstance(item, ReadPage):
            for problem in item.problems:
                self._stats.inc_value(f"faults/page-{problem}")
        return item

    async def _read(self, capture: Capture) -> ReadPage:
        try:
            return await asyncio.wrap_future(self._collection.articles.read(capture))
        except ExtractionFailed as error:
            self._stats.inc_value("faults/page-extraction")
            logger.warning("extraction failed: %s", error)
            raise DropItem(str(error), log_level="DEBUG") from error
