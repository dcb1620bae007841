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
from crawler.collection.session import warcinfo
from crawler.commands.archive import ArchiveCommand, add_filters, article_named, asked
from crawler.commands.exits import DONE
from crawler.commands.output import counted
from crawler.errors import BadArgument
from crawler.index.database import Connection, read_index
from crawler.queries.tree import EVERYTHING
from crawler.summary import human_size
from crawler.warc.slices import Slice

FORMATS = ("wacz", "warc", "evidence")


class Command(ArchiveCommand, ScrapyCommand):
    """Reads only, also while a crawl writes: everything is then what is sealed, a slice what is indexed."""

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
        add_filters(parser)
        parser.add_argument("--article", metavar="A", action="append", help="this article: an id or any of its URLs")
        parser.add_argument("-o", "--output", metavar="FILE", help="what to write; it must not exist yet")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args or not opts.format or not opts.output:
            raise UsageError("give a format and a file, for example: scrapy export --format wacz -o news.wacz")
        path = Path(opts.output)
        with closing(read_index(self.index)) as db:
            articles = tuple(article_named(db, given) for given in opts.article or ())
            selection = Selection(asked("", opts), articles)
            copied = _written(opts.format, self.folder, db, selection, path, warcinfo(self.given))
        print(f"{path}: {counted(copied.records, 'record')}, {human_size(copied.bytes)}", file=sys.stderr)
        return DONE


def _written(kind: str, folder: Path, db: Connection, selection: Selection, path: Path, info: dict[str, Any]) -> Slice:
    if kind == "evidence":
        if len(selection.articles) != 1 or selection.query != EVERYTHING:
            raise BadArgument("evidence is of one article; give --article and no other filter")
        return export_evidence(folder, db, selection.articles[0], path, info)
    export = export_wacz if kind == "wacz" else export_warc
    return export(folder, db, selection, path, info)
