"""``scrapy diff ARTICLE [N [M]]``: what changed between two revisions of an article, word by word."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import groupby

from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.changes.comparison import Line
from crawler.collection.diffs import RevisionDiff, revision_diff
from crawler.collection.references import referred_article, referred_revision
from crawler.commands.archive import ArchiveCommand
from crawler.commands.changes import STYLES, words_changed
from crawler.commands.diffpage import diff_page
from crawler.commands.exits import DONE, NOTHING_FOUND
from crawler.commands.output import LARGEST, console, counted, plain, positive, print_json
from crawler.commands.show import say_no_revision, say_unknown
from crawler.errors import BadArgument
from crawler.formats.happenings import moment
from crawler.index.database import Connection, read_index
from crawler.index.lookup import StoredArticle, stored_article
from crawler.normalisation.encodable import encodable


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index, also while a crawl writes to it."""

    def syntax(self) -> str:
        return "[options] ARTICLE [N [M]]"

    def short_desc(self) -> str:
        return "Show what changed between two revisions of an article"

    def long_desc(self) -> str:
        return (
            "ARTICLE is an id, as scrapy search prints it, or any address of the article. Without numbers: what the "
            "newest revision changed; with one (or as ID@N, which scrapy edits prints): what revision N changed; with "
            "two: all that changed from N to M."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        kinds = parser.add_mutually_exclusive_group()
        kinds.add_argument("--html", action="store_true", help="as a page of its own, with the whole text")
        kinds.add_argument("--json", action="store_true", help="as one JSON object on one line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if not 1 <= len(args) <= 3:
            raise UsageError("give one article, an id or a URL, and up to two numbers of revisions")
        reference, numbers = encodable(args[0]), [_number(each) for each in args[1:]]
        with closing(read_index(self.index)) as db:
            found = referred_article(db, reference)
            newest = stored_article(db, found) if found else None
            if newest is None:
                return say_unknown(db, reference)
            if not numbers and (of_revision := referred_revision(db, reference)):
                numbers = [of_revision]
            return _diff(db, newest, numbers, opts)


def _number(text: str) -> int:
    try:
        return positive(text)
    except argparse.ArgumentTypeError as error:
        raise BadArgument(f"{text!r} is no number of a revision from 1 to {LARGEST}") from error


def _diff(db: Connection, newest: StoredArticle, numbers: Sequence[int], opts: argparse.Namespace) -> int:
    last = numbers[-1] if numbers else newest.revisions
    first = numbers[0] if len(numbers) == 2 else last - 1
    if last == 1 and len(numbers) < 2:
        print(f"ofrecord: {newest.id}: revision 1 is the first; nothing was before it", file=sys.stderr)
        return NOTHING_FOUND
    old, new = stored_article(db, newest.id, first), stored_article(db, newest.id, last)
    if old is None or new is None:
        return say_no_revision(db, newest.id, last if new is None else first)
    diff = revision_diff(db, old, new)
    if not diff.read_alike:
        said = f"{old.revision.extractor!r} and {new.revision.extractor!r}"
        print(
            f"ofrecord: these revisions were read in two ways ({said}), so not every difference need be the "
            "publisher's; scrapy reindex reads all anew",
            file=sys.stderr,
        )
    if opts.json:
        print_json([_json(diff)])
    elif opts.html:
        print(diff_page(diff))
    else:
        console().print(Text("\n").join(_lines(diff)))
    return DONE


def _json(diff: RevisionDiff) -> dict[str, object]:
    sides = {
        name: {key: getattr(each.revision, key) for key in ("number", "seen_at", "modified_at", "headline")}
        | {"record_id": each.revision.capture.record_id, "url": each.revision.capture.url}
        for name, each in (("from", diff.old), ("to", diff.new))
    }
    fields = [asdict(change) for change in diff.fields]
    return {"article_id": diff.new.id, **sides, **asdict(diff.comparison), "fields": fields}


def _lines(diff: RevisionDiff) -> Iterator[Text]:
    comparison = diff.comparison
    yield plain(diff.new.id, "cyan") + plain(f"  {diff.new.publisher}", "dim")
    for sign, each in (("-", diff.old), ("+", diff.new)):
        revision = each.revision
        yield plain(f"{sign} revision {revision.number}, seen {moment(revision.seen_at)}", "dim")
    yield plain(f"weight {comparison.weight}: {', '.join(comparison.kinds)}" if comparison.kinds else "no difference")
    for name, lines in groupby(comparison.lines, lambda line: line.part):
        yield Text()
        if name != "text":
            yield plain(name, "dim")
        yield from _part(list(lines))
    if diff.fields:
        yield Text()
    for field in diff.fields:
        was, now = plain(field.old or "(none)"), plain(field.new or "(none)")
        yield plain(f"{field.field}: ", "dim") + was + plain(" → ", "dim") + now


def _part(lines: Sequence[Line]) -> Iterator[Text]:
    """Changed paragraphs; of those between them only how many there are."""
    for same, group in groupby(lines, lambda line: line.change == "same"):
        together = list(group)
        if same:
            yield plain(f"  ({counted(len(together), 'paragraph')} as before)", "dim")
            continue
        for line in together:
            yield _changed(line)


def _changed(line: Line) -> Text:
    if line.change == "moved":
        return plain("  (moved here) ", "dim") + plain(line.new or "")
    if line.part == "headline" and line.old and line.new:
        return Text("\n").join((plain(f"- {line.old}", STYLES["removed"]), plain(f"+ {line.new}", STYLES["added"])))
    sign = {"added": "+ ", "removed": "- "}.get(line.change, "  ")
    return Text(sign) + words_changed(line.old or "", line.new or "")
