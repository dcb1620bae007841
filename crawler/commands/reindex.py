"""``scrapy reindex``: index.db again, from the WARC files alone."""

from __future__ import annotations

import argparse
import sys
from time import monotonic

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.reindex import reindex
from crawler.collection.session import collection_folder
from crawler.commands.checks import check_settings
from crawler.commands.exits import DONE, report
from crawler.commands.output import counted
from crawler.errors import OfRecordError


class Command(ScrapyCommand):
    """Writes beside the old index, and takes its place only when whole."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Make the index again from the WARC files"

    def long_desc(self) -> str:
        return (
            "Reads all WARC files of the collection, extracts all articles again, and puts the new index.db in the "
            "place of the old. Nothing is fetched. Interrupted, it goes on the next time."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError("scrapy reindex takes options only")
        try:
            self.exitcode = self._reindex()
        except OfRecordError as error:
            self.exitcode = report(error)

    def _reindex(self) -> int:
        assert self.settings is not None  # Scrapy sets it before it runs a command
        check_settings(self.settings)
        folder, began = collection_folder(self.settings), monotonic()
        with Console(stderr=True).status("reading") as status:
            say = status.update if sys.stderr.isatty() else lambda said: None
            made = reindex(folder, workers=int(self.settings["EXTRACTION_WORKERS"]), on_progress=say)
        print(
            f"{counted(made.articles, 'article')} in {counted(made.revisions, 'revision')}, "
            f"from {counted(made.captures, 'capture')} in {counted(made.files, 'WARC file')}; "
            f"{monotonic() - began:.1f} s; in {folder / 'index.db'}"
        )
        return DONE
