"""Ends a crawl whose archive can take no more: what is under way stays in the queue, and the command says why."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from crawler.errors import CaptureMismatch, FolderNotUsable, OfRecordError, SecretOnTheWire, StorageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

STORAGE_ERROR = "ofrecord/storage_error"
"""The key in the crawl's stats under which the command finds what ended it."""

ITEM_ERRORS = "ofrecord/item_errors"
"""The same of how many items a pipeline failed on."""

_closing: set[asyncio.Task[None]] = set()
"""The loop itself keeps no task alive."""


def ends_crawl(error: BaseException | None) -> OfRecordError | None:
    """What makes it useless to go on, where an error is that or comes of it."""
    for each in (error, getattr(error, "__cause__", None)):
        if isinstance(each, StorageError | FolderNotUsable | SecretOnTheWire | CaptureMismatch):
            return each
    return None


def stop_crawl(crawler: Crawler, error: OfRecordError) -> None:
    """Closes the spider, at the first call; later errors mostly come of the first."""
    if crawler.stats.get_value(STORAGE_ERROR) is not None:
        return
    crawler.stats.set_value(STORAGE_ERROR, error)
    logger.error("the archive cannot take more: %s", error)
    closing = asyncio.get_running_loop().create_task(crawler.engine.close_spider_async(reason="storage_error"))
    _closing.add(closing)
    closing.add_done_callback(_closing.discard)
