"""``scrapy show ARTICLE``: one article as it was last, or at an earlier revision, and where its bytes are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.references import referred_article, referred_revision
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE, NOTHING_FOUND
from crawler.commands.output import console, plain, positive, print_json
from crawler.index.database import Connection, read_index
from crawler.index.forgetting import takedown
from crawler.index.lookup import StoredArticle, evidence, stored_article, suggestions
from crawler.items import Block, Embed, Evidence, Image
from crawler.normalisation.encodable import encodable


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    def syntax(self) -> str:
        return "[options] ARTICLE"

    def short_desc(self) -> str:
        return "Show one article of the index"

    def long_desc(self) -> str:
        return (
            "ARTICLE is an id, as scrapy search prints it, also a former one or with the number of a revision (ID@2), "
            "or any address of the article, on any mirror."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--revision", metavar="N", type=positive, help="as it was then (default: the newest)")
        parser.add_argument("--json", action="store_true", help="as one JSON object on one line")
        parser.add_argument("--evidence", action="store_true", help="also where on the page each value comes from")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("give one article: an id like example.com/5f0c3ab2d1e4, or a URL")
        reference = encodable(args[0])
        with closing(read_index(self.index)) as db:
            found = referred_article(db, reference)
            if found is None:
                return say_unknown(db, reference)
            number = opts.revision or referred_revision(db, reference)
            article = stored_article(db, found, number)
            if article is None:
                return say_no_revision(db, found, number)
            sources = evidence(db, article.revision.id) if opts.evidence else None
        if opts.json:
            more = {} if sources is None else {"evidence": [asdict(source) for source in sources]}
            print_json([asdict(article) | more])
        else:
            _print(article, sources)
        return DONE


def say_unknown(db: Connection, reference: str) -> int:
    """Says on stderr that there is no such article, and what may have been meant; the exit code."""
    gone = takedown(db, reference)
    print(f"ofrecord: {gone or f'no article {reference} in the index'}", file=sys.stderr)
    near = suggestions(db, reference)
    if near:
        print("Did you mean:", file=sys.stderr)
    for suggestion in near:
        print(plain(f"  {suggestion.id}  {suggestion.headline or ''}").plain, file=sys.stderr)
    return NOTHING_FOUND


def say_no_revision(db: Connection, found: str, number: int | None) -> int:
    """Says on stderr that an article has no such revision; the exit code."""
    article = stored_article(db, found)
    last = article.revisions if article else 0
    print(f"ofrecord: {found} has no revision {number}; it has {last}, counted from 1", file=sys.stderr)
    return NOTHING_FOUND


def _print(article: StoredArticle, sources: Sequence[Evidence] | None) -> None:
    out = console()
    revision = article.revision
    if revision.kicker:
        out.print(plain(revision.kicker, "italic"))
    out.print(plain(revision.headline or "(no headline)", "bold"))
    for name, value in _facts(article):
        out.print(plain(f"{name:<10}", "dim") + plain(value))
    if revision.summary:
        out.print(Text("\n") + plain(revision.summary, "italic"))
    for block in revision.blocks:
        out.print(Text("\n") + _block(block))
    if revision.images:
        out.print()
    for image in revision.images:
        out.print(_image(image))
    for embed in revision.embeds:
        out.print(_embed(embed))
    if sources is not None:
        out.print()
        out.print(Text("\n").join(map(_evidence, sources)) if sources else Text("(no evidence)", style="dim"))


def _facts(article: StoredArticle) -> Iterator[tuple[str, str]]:
    """The lines between headline and text; what the page does not say has none."""
    revision, capture = article.revision, article.revision.capture
    yield "id", article.id
    yield "publisher", article.publisher
    for name, value in (
        ("section", " / ".join(revision.section_path)),
        ("authors", ", ".join(revision.authors)),
        ("agencies", ", ".join(revision.agencies)),
        ("dateline", revision.dateline),
        ("published", revision.published_at),
        ("modified", revision.modified_at),
        ("language", revision.language),
        ("topics", ", ".join(revision.topics)),
        ("access", article.access),
        ("form", revision.form if revision.form != "article" else None),
        ("goes on", revision.next_page),
        ("state", article.state if article.state != "live" else None),
    ):
        if value:
            yield name, value
    yield from (("corrected", note) for note in revision.corrections)
    changed = f" (changed: {', '.join(revision.changed)})" if revision.changed else ""
    yield "revision", f"{revision.number} of {article.revisions}, seen {revision.seen_at}{changed}"
    yield "bytes", f"{capture.warc} at {capture.offset}, {capture.length} long"
    for page in revision.further_pages:
        yield "", f"{page.warc} at {page.offset}, {page.length} long: {page.url}"
    for number, address in enumerate(article.urls):
        yield "" if number else "seen at", address.url


def _block(block: Block) -> Text:
    if block.kind == "subhead":
        return plain(block.text, "bold")
    signs = {"quote": "> ", "list_item": "• "}
    return plain(f"{signs.get(block.kind, '')}{block.text}")


def _image(image: Image) -> Text:
    credit = f" ({image.credit})" if image.credit else ""
    return (
        plain("image     ", "dim")
        + plain(f"{image.caption or image.alt or ''}{credit} ".lstrip())
        + plain(image.url, "dim")
    )


def _embed(embed: Embed) -> Text:
    said = " – ".join(filter(None, (embed.provider, embed.title, embed.author)))
    return plain(f"{embed.kind:<10}", "dim") + plain(f"{said} ".lstrip()) + plain(embed.url, "dim")


def _evidence(source: Evidence) -> Text:
    chosen = "* " if source.chosen else "  "
    where = f"{source.source} {source.locator or ''}".rstrip()
    return plain(f"{chosen}{source.field:<16}") + plain(f"{where}: ", "dim") + plain(source.value)
