"""``scrapy forget ARTICLE --reason …``: takes an article down, and leaves a tombstone."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.collection import Limits
from crawler.collection.forget import forget
from crawler.collection.references import referred_article
from crawler.collection.session import collection_folder, warcinfo
from crawler.commands.checks import check_settings
from crawler.commands.exits import DONE, report
from crawler.commands.output import counted
from crawler.errors import BadArgument, OfRecordError
from crawler.index.database import read_index


class Command(ScrapyCommand):
    """Cannot be undone: keep a copy of the folder where that may be wanted."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "ARTICLE --reason REASON [options]"

    def short_desc(self) -> str:
        return "Take an article out of the archive"

    def long_desc(self) -> str:
        return (
            "Writes the WARC files that hold ARTICLE (an id, or any of its addresses) anew without its captures, makes "
            "the index again, and keeps the article from being fetched later. A tombstone with the reason stays on "
            "record. This cannot be undone."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--reason", metavar="REASON", help="why; it stays on record, so name nobody")
        parser.add_argument(
            "--with-listings",
            action="store_true",
            help="also the captures of feeds, sitemaps and sections that name it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or not (opts.reason or "").strip():
            raise UsageError('give one article and why: scrapy forget ARTICLE --reason "court order of 3 May"')
        try:
            self.exitcode = self._forget(args[0], opts)
        except OfRecordError as error:
            self.exitcode = report(error)

    def _forget(self, reference: str, opts: argparse.Namespace) -> int:
        assert self.settings is not None  # Scrapy sets it before it runs a command
        check_settings(self.settings)
        folder = collection_folder(self.settings)
        with closing(read_index(folder / "index.db")) as db:
            article = referred_article(db, reference)
        if article is None:
            raise BadArgument(f"there is no article {reference}; scrapy search finds its id")
        with Console(stderr=True).status("looking") as status:
            gone = forget(
                folder,
                article,
                opts.reason.strip(),
                info=warcinfo(self.settings),
                limits=Limits(workers=int(self.settings["EXTRACTION_WORKERS"])),
                with_listings=opts.with_listings,
                on_progress=status.update if sys.stderr.isatty() else lambda said: None,
            )
        print(f"{article} is forgotten: {counted(gone.captures, 'capture')} out of {counted(gone.files, 'WARC file')}")
        if gone.listings:
            print(f"Still named in {counted(len(gone.listings), 'listing')}, which --with-listings takes out too:")
            print(*(f"  {listing}" for listing in gone.listings), sep="\n")
        return DONE
