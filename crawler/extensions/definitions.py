"""Reads the publishers' definitions again when one of them changed: a watch need not be stopped for that."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider, signals
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import BadDefinition
from crawler.publishers.base import reload_publishers

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0


class DefinitionsExtension:
    """For crawls that stay; a definition that cannot be read leaves all as they were."""

    def __init__(self) -> None:
        self._seen = _state()
        self._timer = create_looping_call(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self, spider: Spider) -> None:
        if getattr(spider, "stays", False):
            self._timer.start(LOOK_SECONDS, now=False)

    def closed(self) -> None:
        if self._timer.running:
            self._timer.stop()

    def _look(self) -> None:
        state = _state()
        if state == self._seen:
            return
        self._seen = state
        try:
            reload_publishers()
        except BadDefinition as error:
            logger.error("the definitions stay as they were: %s", error)
        else:
            logger.warning("definitions read again")


def _state() -> dict[str, int]:
    """Each definition's file with the time of its last change, in nanoseconds."""
    spec = find_spec("crawler.publishers")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    files = Path(spec.submodule_search_locations[0]).glob("*.py")
    return {path.name: path.stat().st_mtime_ns for path in files}
