"""``scrapy reindex``: index.db again, from the WARC files alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import monotonic

from rich.console import Console
from scrapy.commands import ScrapyCommand

from crawler.collection.imports import import_files
from crawler.collection.reindex import reindex
from crawler.collection.session import close_collection, collection_folder, collection_of
from crawler.commands.checks import check_settings
from crawler.commands.exits import DONE, report
from crawler.commands.output import counted
from crawler.errors import OfRecordError


class Command(ScrapyCommand):
    """Writes beside the old index, and takes its place only when whole."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] [FILE ...]"

    def short_desc(self) -> str:
        return "Make the index again from the WARC files"

    def long_desc(self) -> str:
        return (
            "Reads all WARC files of the collection, extracts all articles again, and puts the new index.db in the "
            "place of the old. Nothing is fetched. Interrupted, it goes on the next time. With FILE: adds the articles "
            "of WARC (.warc.gz) and WACZ files that other programs made; the files must stay where they are."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = self._import([Path(name) for name in args]) if args else self._reindex()
        except OfRecordError as error:
            self.exitcode = report(error)

    def _import(self, files: list[Path]) -> int:
        assert self.settings is not None  # Scrapy sets it before it runs a command
        check_settings(self.settings)
        collection = collection_of(self.settings)
        try:
            with Console(stderr=True).status("reading") as status:
                made = import_files(collection, files, status.update if sys.stderr.isatty() else _silent)
        finally:
            close_collection(self.settings)
        print(f"{counted(made.captures, 'capture')} indexed, {counted(made.articles, 'new article')}")
        return DONE

    def _reindex(self) -> int:
        assert self.settings is not None
        check_settings(self.settings)
        folder, began = collection_folder(self.settings), monotonic()
        with Console(stderr=True).status("reading") as status:
            say = status.update if sys.stderr.isatty() else _silent
            made = reindex(folder, workers=int(self.settings["EXTRACTION_WORKERS"]), on_progress=say)
        print(
            f"{counted(made.articles, 'article')} in {counted(made.revisions, 'revision')}, "
            f"from {counted(made.captures, 'capture')} in {counted(made.files, 'WARC file')}; "
            f"{monotonic() - began:.1f} s; in {folder / 'index.db'}"
        )
        return DONE


def _silent(said: str) -> None:
    """Where nobody watches."""
