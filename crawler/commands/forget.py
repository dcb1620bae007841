"""``scrapy forget ARTICLE --reason …``: takes an article down, and leaves a tombstone."""

from __future__ import annotations

import argparse
from contextlib import closing

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.forget import forget
from crawler.collection.session import limits_of, warcinfo
from crawler.commands.archive import ArchiveCommand, article_named, progress
from crawler.commands.exits import DONE
from crawler.commands.output import counted
from crawler.index.database import read_index


class Command(ArchiveCommand, ScrapyCommand):
    """Cannot be undone: keep a copy of the folder where that may be wanted."""

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
            help="also the captures of feeds, sitemaps and sections that name it; cannot be done later",
        )

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1 or not (opts.reason or "").strip():
            raise UsageError('give one article and why: scrapy forget ARTICLE --reason "court order of 3 May"')
        with closing(read_index(self.index)) as db:
            article = article_named(db, args[0])
        with progress("looking") as say:
            gone = forget(
                self.folder,
                article,
                opts.reason.strip(),
                info=warcinfo(self.given),
                limits=limits_of(self.given),
                with_listings=opts.with_listings,
                on_progress=say,
            )
        print(f"{article} is forgotten: {counted(gone.captures, 'capture')} out of {counted(gone.files, 'WARC file')}")
        if gone.listings:
            where = "in files that others made" if opts.with_listings else "which --with-listings would have taken out"
            print(f"Still named in {counted(len(gone.listings), 'listing')}, {where}:")
            print(*(f"  {listing}" for listing in gone.listings), sep="\n")
        if gone.imported:
            print("Left out of the index, and still in files that others made; see to those yourself:")
            print(*(f"  {name}" for name in gone.imported), sep="\n")
        return DONE
