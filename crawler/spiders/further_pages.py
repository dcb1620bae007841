"""The later pages of an article, fetched while its first waits: the article is stored once, whole."""

from __future__ import annotations

import logging
from asyncio import wrap_future
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.collection.joining import MAX_PAGES, joined, next_page
from crawler.collection.pages import ReadPage
from crawler.collection.session import collection_of
from crawler.errors import ExtractionFailed, Postponed, StorageError, reason_of
from crawler.items import Capture

if TYPE_CHECKING:
    from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)


class FurtherPages:
    """Asks for one page after the other, past the queue: as long as the first one's URL is leased, nobody else does.

    A crawl that is killed meanwhile leaves the first page's URL leased, and its capture pending; the next crawl finds
    it so, and fetches all pages anew.
    """

    def __init__(self, spider: NewsSpider) -> None:
        self._spider = spider

    async def joined(self, first: Capture, response: Response) -> ReadPage | Capture:
        """The article of all pages, with a problem where one cannot be had; the capture where not even the first can
        be read: what becomes of that is the pipeline's to say.
        """
        articles = collection_of(self._spider.crawler.settings).articles
        try:
            pages = [await wrap_future(articles.read_page(first))]
        except ExtractionFailed:
            return first
        while (url := next_page(pages)) is not None and len(pages) < MAX_PAGES:
            capture = await self._fetched(url, first, response)
            if capture is None:
                break
            try:
                pages.append(await wrap_future(articles.read_page(capture)))
            except ExtractionFailed as error:
                self._missing(url, str(error))
                break
        return joined(pages)

    async def _fetched(self, url: str, first: Capture, page: Response) -> Capture | None:
        """The page on record; None where the site does not give it. Raises Postponed, StorageError."""
        request = self._spider.requests.further_page(url, first, page)
        try:
            response = await self._spider.crawler.engine.download_async(request)
        except (Postponed, StorageError):
            raise
        except Exception as error:
            self._missing(url, reason_of(error))
            return None
        captured = response.meta.get("captured")
        if not isinstance(captured, Capture) or captured.truncated is not None:
            self._missing(url, "cut short")
            return None
        if response.status == 200 or captured.kind == "revisit":
            return captured
        self._missing(url, f"HTTP {response.status}")
        return None

    def _missing(self, url: str, reason: str) -> None:
        self._spider.crawler.stats.inc_value("ofrecord/missing-pages")
        logger.warning("a page of an article is missing: %s: %s", url, reason)
