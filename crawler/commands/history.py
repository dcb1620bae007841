"""``scrapy history ARTICLE``: what happened to one article, from its first capture to its last."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.references import referred_article
from crawler.commands.archive import ArchiveCommand
from crawler.commands.changes import edit_lines
from crawler.commands.exits import DONE
from crawler.commands.output import console, counted, plain, print_json
from crawler.commands.show import say_unknown
from crawler.formats.happenings import WORDS, event_line, moment
from crawler.index.database import read_index
from crawler.index.history import Happening, history, is_edit
from crawler.index.lookup import StoredArticle, stored_article
from crawler.index.timeline import Stretch, condensed
from crawler.normalisation.encodable import encodable

STYLES = {"gone": "bold red", "blocked": "bold red", "silently-edited": "bold yellow", "edited": "bold"}


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    def syntax(self) -> str:
        return "[options] ARTICLE"

    def short_desc(self) -> str:
        return "Show what happened to one article: captures, edits, deletions"

    def long_desc(self) -> str:
        return "ARTICLE is an id, as scrapy search prints it, or any address of the article, on any mirror."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="every capture and event, one JSON object a line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("give one article: an id like example.com/5f0c3ab2d1e4, or a URL")
        reference = encodable(args[0])
        with closing(read_index(self.index)) as db:
            found = referred_article(db, reference)
            article = stored_article(db, found) if found else None
            if article is None:
                return say_unknown(db, reference)
            happenings = history(db, article.id)
        if opts.json:
            print_json({"article_id": article.id, **asdict(each)} for each in happenings)
        else:
            console().print(Text("\n").join(_lines(article, happenings)))
        return DONE


def _lines(article: StoredArticle, happenings: Sequence[Happening]) -> Iterator[Text]:
    yield plain(article.revision.headline or "(no headline)", "bold")
    facts = [article.publisher, article.state, counted(article.revisions, "revision")]
    yield plain(f"  {article.id}", "cyan") + plain(f"  {' · '.join(facts)}", "dim")
    yield plain(f"  {article.url}", "dim")
    yield Text()
    for stretch in condensed(happenings):
        yield from _told(stretch)


def _told(stretch: Stretch) -> Iterator[Text]:
    each = stretch.first
    if each.what == "event":
        yield from _event(each)
    elif each.revision is not None:
        yield _line(each.at, f"revision {each.revision}", "green", f"from {each.url}")
    elif each.kind == "unchanged":
        times = "" if stretch.times == 1 else f", {stretch.times} times until {moment(stretch.last.at)}"
        yield _line(each.at, "seen", "dim", f"unchanged{times}")
    else:
        yield _line(each.at, "not seen", "dim", f"the page {WORDS.get(each.kind, each.kind)}")


def _event(event: Happening) -> Iterator[Text]:
    style = STYLES.get(event.kind, "bold")
    if not is_edit(event.kind):
        yield _line(event.at, event.kind, style, event_line(event.kind, event.detail))
        return
    weight, kinds = event.detail.get("weight"), ", ".join(event.detail.get("kinds", []))
    yield _line(event.at, event.kind, style, f"weight {weight}: {kinds}")
    for line in edit_lines(event.detail, limit=None):
        yield Text("    ") + line


def _line(at: str, name: str, style: str, said: str) -> Text:
    return plain(f"{moment(at)}  ", "dim") + plain(f"{name:<15}  ", style) + plain(said)
