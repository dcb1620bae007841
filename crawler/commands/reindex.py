"""``scrapy reindex``: index.db again, from the WARC files alone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.imports import import_files
from crawler.collection.reindex import reindex
from crawler.collection.session import close_collection, collection_of, limits_of
from crawler.commands.archive import ArchiveCommand, progress
from crawler.commands.exits import DONE
from crawler.commands.output import counted
from crawler.errors import Incomplete


class Command(ArchiveCommand, ScrapyCommand):
    """Writes beside the old index, and takes its place only when whole."""

    def syntax(self) -> str:
        return "[options] [FILE ...]"

    def short_desc(self) -> str:
        return "Make the index again from the WARC files"

    def long_desc(self) -> str:
        return (
            "Reads all WARC files of the collection, extracts all articles again, and puts the new index.db in the "
            "place of the old. Nothing is fetched. Interrupted, it goes on the next time. Where a file is missing or "
            "damaged, that is named, the old index stays, and the exit code is 1; --incomplete makes an index of the "
            "rest. With FILE: adds the articles of WARC (.warc.gz) and WACZ files that other programs made; the files "
            "must stay where they are."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--incomplete", action="store_true", help="leave out what cannot be read")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args and opts.incomplete:
            raise UsageError("--incomplete is about the collection's own index; FILE is added to it as it is")
        try:
            return self._import([Path(name) for name in args]) if args else self._reindex(opts.incomplete)
        except Incomplete as error:
            _print_left_out(error.left_out)
            raise

    def _import(self, files: list[Path]) -> int:
        collection = collection_of(self.given)
        try:
            with progress("reading") as say:
                made = import_files(collection, files, say)
        finally:
            close_collection(self.given)
        print(f"{counted(made.captures, 'capture')} indexed, {counted(made.articles, 'new article')}")
        return DONE

    def _reindex(self, incomplete: bool) -> int:
        began = monotonic()
        with progress("reading") as say:
            made = reindex(self.folder, workers=limits_of(self.given).workers, incomplete=incomplete, on_progress=say)
        _print_left_out(made.left_out)
        print(
            f"{counted(made.articles, 'article')} in {counted(made.revisions, 'revision')}, "
            f"from {counted(made.captures, 'capture')} in {counted(made.files, 'WARC file')}; "
            f"{monotonic() - began:.1f} s; in {self.index}"
        )
        return DONE


def _print_left_out(left_out: Iterable[str]) -> None:
    for each in left_out:
        print(f"left out: {each}", file=sys.stderr)
