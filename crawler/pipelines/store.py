"""An article goes into the index; feed exports see it after that."""

from __future__ import annotations

import asyncio
from dataclasses import is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from crawler.collection.fates import Absent
from crawler.collection.pages import ReadPage
from crawler.collection.session import collection_of
from crawler.errors import PageAbsent

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

NOT_EXPORTED = ("evidence", "article_score")


class StorePipeline:
    """ReadPage in, a dictionary of the article's fields out; any other item passes."""

    def __init__(self, crawler: Crawler) -> None:
        self._collection = collection_of(crawler.settings)
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if not isinstance(item, ReadPage):
            return item
        stored = await asyncio.wrap_future(self._collection.articles.store(item))
        if stored is None:
            self._stats.inc_value("ofrecord/not-article")
            raise DropItem(f"no article: {item.capture.url}", log_level="DEBUG")
        if isinstance(stored, Absent):
            self._stats.inc_value(f"ofrecord/{stored.outcome}")
            absent = PageAbsent(f"{item.capture.url}: {stored.verdict}")
            raise DropItem(str(absent), log_level="DEBUG") from absent
        self._stats.inc_value(f"ofrecord/{stored.outcome}")
        return {"id": stored.article_id, "outcome": stored.outcome, **_fields(item)}


def _fields(page: ReadPage) -> dict[str, object]:
    """The article as JSON can hold it, with the address of its bytes."""
    exported = {name: _plain(value) for name, value in _shallow(page.article).items() if name not in NOT_EXPORTED}
    capture = page.capture
    return {**exported, "captured_at": _plain(capture.captured_at), "warc": capture.warc, "offset": capture.offset}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_shallow(each) if is_dataclass(each) else each for each in value]
    return value


def _shallow(record: Any) -> dict[str, object]:
    # asdict copies every value of every link in depth, which shows in the crawl's time.
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
