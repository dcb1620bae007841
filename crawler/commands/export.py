"""``scrapy export``: articles of the index, or a slice of the archive, in forms that others read."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.evidence import export_evidence
from crawler.collection.export import Selection, export_wacz, export_warc
from crawler.collection.publishing import DOCUMENTS, FEED_LENGTH, FEEDS, LINES, publish
from crawler.collection.session import warcinfo
from crawler.commands.archive import ArchiveCommand, add_filters, article_named, asked
from crawler.commands.exits import DONE
from crawler.commands.output import counted, positive
from crawler.errors import BadArgument
from crawler.formats.feeds import About
from crawler.formats.sizes import human_size
from crawler.index.database import Connection, read_index
from crawler.queries.tree import EVERYTHING
from crawler.warc.slices import Slice

ARCHIVES = ("wacz", "warc", "evidence")
FORMATS = (*LINES, *FEEDS, *DOCUMENTS, *ARCHIVES)

HOME = "https://github.com/ofrecord/ofrecord"
"""Where a feed points to: it must name an address, and an archive has none on the web."""

FIELDS_AS_OPTIONS = ("publisher", "since", "until", "section", "author", "topic", "language", "state", "policy")


class Command(ArchiveCommand, ScrapyCommand):
    """Reads only, also while a crawl writes: everything is then what is sealed, a slice what is indexed."""

    def syntax(self) -> str:
        return "--format FORMAT [filters] -o FILE [QUERY]"

    def short_desc(self) -> str:
        return "Write articles, or a slice of the archive, for other programs and people"

    def long_desc(self) -> str:
        return (
            "jsonl, csv: an article a line; rss, atom: a feed of the newest; md, txt: a document for each, in a folder "
            "or, where FILE ends with .md or .txt, one after another; wacz: for ReplayWeb.page and other replay; warc: "
            "the records as they are; evidence: one article with all its captures, fields, hashes and a report, as a "
            "folder or .zip. Without filters everything, else the articles that pass all of them and that the query "
            "(as of scrapy search) asks for. -o - is standard output, not for wacz, warc and evidence."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, help="of the file")
        add_filters(parser, FIELDS_AS_OPTIONS)
        parser.add_argument("--article", metavar="A", action="append", help="this article: an id or any of its URLs")
        parser.add_argument(
            "--limit",
            metavar="N",
            type=positive,
            help=f"at most N articles (default: of a feed {FEED_LENGTH}, else all)",
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="what to write; it must not exist yet")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if not opts.format or not opts.output:
            raise UsageError("give a format and a file, for example: scrapy export --format wacz -o news.wacz")
        if opts.format in ARCHIVES and (opts.limit or opts.output == "-"):
            raise BadArgument(f"{opts.format} is of whole slices, and a file; leave --limit and -o - to other formats")
        query = asked(" ".join(args), opts, FIELDS_AS_OPTIONS)
        with closing(read_index(self.index)) as db:
            selection = Selection(query, tuple(article_named(db, given) for given in opts.article or ()))
            if opts.format in ARCHIVES:
                said = self._copied(db, selection, opts)
            else:
                said = self._published(db, selection, opts, " ".join(args))
        print(f"{opts.output}: {said}", file=sys.stderr)
        return DONE

    def _copied(self, db: Connection, selection: Selection, opts: argparse.Namespace) -> str:
        copied = _copied(opts.format, self.folder, db, selection, Path(opts.output), warcinfo(self.given))
        return f"{counted(copied.records, 'record')}, {human_size(copied.bytes)}"

    def _published(self, db: Connection, selection: Selection, opts: argparse.Namespace, query: str) -> str:
        info = warcinfo(self.given)
        about = About(
            title=f"ofrecord: {query or info['isPartOf']}",
            description="Articles as they were archived",
            link=HOME,
            made_at=datetime.now(UTC),
            software=info["software"],
        )
        made = publish(db, opts.format, selection, Path(opts.output), sys.stdout.buffer, about, opts.limit)
        return f"{counted(made.articles, 'article')}, {human_size(made.bytes)}"


def _copied(kind: str, folder: Path, db: Connection, selection: Selection, path: Path, info: dict[str, Any]) -> Slice:
    if kind == "evidence":
        if len(selection.articles) != 1 or selection.query != EVERYTHING:
            raise BadArgument("evidence is of one article; give --article and no other filter")
        return export_evidence(folder, db, selection.articles[0], path, info)
    export = export_wacz if kind == "wacz" else export_warc
    return export(folder, db, selection, path, info)
