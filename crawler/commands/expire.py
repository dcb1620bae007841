"""``scrapy expire``: takes out captures of listings that are older than KEEP_DISCOVERY_DAYS."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from scrapy.commands import ScrapyCommand

from crawler.collection.expire import expire
from crawler.collection.session import limits_of, warcinfo
from crawler.commands.archive import ArchiveCommand, progress
from crawler.commands.exits import DONE
from crawler.commands.output import counted
from crawler.errors import BadArgument


class Command(ArchiveCommand, ScrapyCommand):
    """A crawl does the same before it begins, once a day."""

    def short_desc(self) -> str:
        return "Take old captures of feeds, sitemaps and sections out of the archive"

    def long_desc(self) -> str:
        return (
            "Writes WARC files anew without the captures of feeds, sitemaps and sections that are older than the "
            "setting KEEP_DISCOVERY_DAYS says. The newest of each stays, and whatever another record refers to. "
            "This cannot be undone."
        )

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        days = self.given.getint("KEEP_DISCOVERY_DAYS")
        if not days:
            raise BadArgument("KEEP_DISCOVERY_DAYS is 0: all is kept; give -s KEEP_DISCOVERY_DAYS=30")
        with progress("looking") as say:
            gone = expire(
                self.folder,
                days,
                datetime.now(UTC),
                info=warcinfo(self.given),
                limits=limits_of(self.given),
                on_progress=say,
            )
        print(f"{counted(gone.captures, 'old capture')} out of {counted(gone.files, 'WARC file')}")
        return DONE
