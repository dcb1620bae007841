"""``scrapy export``: a slice of the archive as one file that others can open."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.evidence import export_evidence
from crawler.collection.export import Selection, export_wacz, export_warc
from crawler.collection.references import referred_article
from crawler.collection.session import collection_folder, warcinfo
from crawler.commands.checks import check_settings
from crawler.commands.exits import DONE, report
from crawler.commands.output import counted, day
from crawler.errors import BadArgument, OfRecordError
from crawler.index.database import Connection, read_index
from crawler.index.search import Filters
from crawler.summary import human_size
from crawler.warc.slices import Slice

FORMATS = ("wacz", "warc", "evidence")


class Command(ScrapyCommand):
    """Reads only, also while a crawl writes; what that has not sealed yet is exported with its articles only."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "--format FORMAT [filters] -o FILE"

    def short_desc(self) -> str:
        return "Write the archive, or a slice of it, into one file"

    def long_desc(self) -> str:
        return (
            "wacz: for ReplayWeb.page and other replay; warc: the records as they are; evidence: one article with all "
            "its captures, fields, hashes and a report, as a folder or .zip. Without filters everything, with them the "
            "articles that pass all of them, with what led to their pages."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, help="of the file")
        parser.add_argument("--publisher", metavar="P", help="only this publisher's articles")
        parser.add_argument("--since", metavar="DAY", type=day, help="published on this day or later")
        parser.add_argument("--until", metavar="DAY", type=day, help="published on this day or earlier")
        parser.add_argument("--article", metavar="A", action="append", help="this article: an id or any of its URLs")
        parser.add_argument("-o", "--output", metavar="FILE", help="what to write; it must not exist yet")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args or not opts.format or not opts.output:
            raise UsageError("give a format and a file, for example: scrapy export --format wacz -o news.wacz")
        try:
            self.exitcode = self._export(opts)
        except OfRecordError as error:
            self.exitcode = report(error)

    def _export(self, opts: argparse.Namespace) -> int:
        assert self.settings is not None  # Scrapy sets it before it runs a command
        check_settings(self.settings)
        folder, path = collection_folder(self.settings), Path(opts.output)
        with closing(read_index(folder / "index.db")) as db:
            filters = Filters(opts.publisher, opts.since, opts.until)
            selection = Selection(filters, tuple(_article(db, given) for given in opts.article or ()))
            copied = _written(opts.format, folder, db, selection, path, warcinfo(self.settings))
        print(f"{path}: {counted(copied.records, 'record')}, {human_size(copied.bytes)}", file=sys.stderr)
        return DONE


def _article(db: Connection, given: str) -> str:
    found = referred_article(db, given)
    if found is None:
        raise BadArgument(f"there is no article {given}; scrapy search finds its id")
    return found


def _written(kind: str, folder: Path, db: Connection, selection: Selection, path: Path, info: dict[str, Any]) -> Slice:
    if kind == "evidence":
        if len(selection.articles) != 1 or selection.filters != Filters():
            raise BadArgument("evidence is of one article; give --article and no other filter")
        return export_evidence(folder, db, selection.articles[0], path, info)
    export = export_wacz if kind == "wacz" else export_warc
    return export(folder, db, selection, path, info)
