"""What the commands over an archive have in common: settings that were checked, one line for an error, an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.collection.references import referred_article
from crawler.collection.session import collection_folder
from crawler.commands.checks import check_settings
from crawler.commands.exits import report
from crawler.commands.output import piped
from crawler.errors import BadArgument, OfRecordError
from crawler.index.database import Connection
from crawler.index.forgetting import takedown
from crawler.queries.fields import FIELDS
from crawler.queries.parser import field_query, parse
from crawler.queries.tree import Published, Query, both


class ArchiveCommand:
    """To be mixed into ScrapyCommand; no subclass of it, or Scrapy would take this for a command too."""

    requires_project = True
    requires_crawler_process = False
    settings: Settings | None
    exitcode: int

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            check_settings(self.given)
            self.exitcode = piped(lambda: self.act(words(args), opts))
        except OfRecordError as error:
            self.exitcode = report(error)

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does what the command is for; its exit code. Raises UsageError, OfRecordError."""
        raise NotImplementedError

    @property
    def given(self) -> Settings:
        """The settings of this run."""
        assert self.settings is not None  # Scrapy sets them before it runs a command
        return self.settings

    @property
    def folder(self) -> Path:
        """The collection."""
        return collection_folder(self.given)

    @property
    def index(self) -> Path:
        """Its index.db."""
        return self.folder / "index.db"


def words(args: list[str]) -> list[str]:
    """What was given beside the options of a command. Raises UsageError for an option that it does not have.

    Scrapy hands those on as if they were words. What follows ``--`` is none.
    """
    own, after = (args[: args.index("--")], args[args.index("--") + 1 :]) if "--" in args else (args, [])
    if unknown := next((each for each in own if each.startswith("-") and each != "-"), None):
        raise UsageError(f"there is no option {unknown.partition('=')[0]}; -h lists those there are")
    return own + after


def article_named(db: Connection, reference: str) -> str:
    """The id of the article with this id or address. Raises BadArgument where there is none."""
    found = referred_article(db, reference)
    if found is None:
        raise BadArgument(takedown(db, reference) or f"there is no article {reference}; scrapy search finds its id")
    return found


FILTERS = ("publisher", "since", "until")
"""Fields of the query language that are options of every command that takes a query."""


def add_filters(parser: argparse.ArgumentParser, fields: Sequence[str] = FILTERS) -> None:
    """An option for each of these fields of the query language; ``asked`` reads them."""
    for name in fields:
        field = FIELDS[name]
        parser.add_argument(f"--{name}", metavar=name[0].upper(), help=f"{field.meaning}".replace("`", ""))


def asked(query: str, opts: argparse.Namespace, fields: Sequence[str] = FILTERS) -> Query:
    """What a query and the options ask for together. Raises BadQuery; BadArgument for days in the wrong order."""
    given = {name: value for name in fields if (value := getattr(opts, name)) is not None}
    read = {name: field_query(name, value) for name, value in given.items()}
    match read.get("since"), read.get("until"):
        case Published(since=str(since)), Published(before=str(before)) if since >= before:
            raise BadArgument(f"--since {given['since']} is after --until {given['until']}; swap them")
    return both([parse(query), *read.values()])


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """Where a long job says what it is at: a line that moves on a terminal, nowhere else."""
    if not sys.stderr.isatty():
        yield lambda said: None
        return
    with Console(stderr=True).status(doing) as status:
        yield status.update
