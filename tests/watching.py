"""A watch over a small publisher in which time passes quickly: ``python -m tests.watching FOLDER DAYS``.

Prints, as JSON, every request with the hour at which it went out. All of it in one process: the site must know the
hour to publish by it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.exceptions import DontCloseSpider
from scrapy.utils.project import get_project_settings

from crawler.collection.session import close_collection, collection_of
from crawler.discovery.sources import publisher_at
from crawler.frontier.protocol import Lease
from crawler.scheduler import FrontierScheduler
from crawler.spiders.arguments import CrawlArguments
from crawler.spiders.news import NewsSpider
from tests.gazette import Gazette

BEGIN = datetime(2024, 3, 11, 6, tzinfo=UTC)
PUBLISHED = (0.0, 0.0, 0.0, 26.0, 26.5, 27.0, 27.5, 28.0)
"""The hours of the stories: a quiet day, a busy morning, then nothing more."""
EDITED = 40.0
"""The hour at which the first story is edited."""

gazette = Gazette(len(PUBLISHED))
stories = list(gazette.stories)
asked: list[tuple[float, str]] = []


class TimeLapse(FrontierScheduler):
    """Whenever nothing is left to do, the next moment at which something is due has come."""

    passed = timedelta(0)

    def clock(self) -> datetime:
        return BEGIN + self.passed

    def _start(self, lease: Lease, request: Any) -> Any:
        asked.append((self.passed / timedelta(hours=1), lease.entry.url.split("/", 3)[3]))
        return super()._start(lease, request)

    def _idle(self) -> None:
        with_due = [tally.next_due for tally in collection_of(self._crawler.settings).frontier.tallies()]
        due = min(moment for moment in with_due if moment is not None)
        self.passed = max(self.passed, due - BEGIN) + timedelta(seconds=1)
        if self.passed > self._crawler.settings["DAYS"] * timedelta(days=1):
            return
        publish(self.passed / timedelta(hours=1))
        self._maybe_more = True
        engine = self._crawler.engine
        assert engine._slot is not None
        engine._slot.nextcall.schedule()  # not at the next of Scrapy's heartbeats
        raise DontCloseSpider


def publish(hour: float) -> None:
    """The site as it is at that hour."""
    gazette.stories[:] = [story for story, at in zip(stories, PUBLISHED, strict=True) if at <= hour]
    if hour >= EDITED:
        stories[0].edited = "The bridge will not be rebuilt after all, the town council said on Tuesday evening."


def main(folder: str, days: int) -> None:
    settings = get_project_settings()
    given = {
        "ARCHIVES_DIR": folder,
        "ALLOW_PRIVATE_ADDRESSES": "True",
        "DOWNLOAD_DELAY": 0,
        "SCHEDULER": "tests.watching.TimeLapse",
        "DAYS": days,
        "PROGRESS": False,
    }
    for name, value in given.items():
        settings.set(name, value, priority="cmdline")
    with gazette.served() as site:
        publish(0.0)
        process = CrawlerProcess(settings)
        url = site.url("/")
        arguments = CrawlArguments(publisher=publisher_at(url), front_page=url, stays=True)
        process.crawl(Crawler(NewsSpider, settings, init_reactor=True), arguments=arguments)
        process.start()
        close_collection(settings)
    print(json.dumps(asked))


if __name__ == "__main__":
    # The scheduler is loaded by name: as a module of that name, not as __main__.
    from tests import watching

    watching.main(sys.argv[1], int(sys.argv[2]))
