"""``scrapy verify``: whether the archive is whole and says what it always said."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from time import monotonic

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.verify import Verification, verify
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE, FAULTS
from crawler.commands.output import console, counted, plain, print_json
from crawler.errors import BadArgument
from crawler.formats.sizes import human_size
from crawler.items import Fault

OF_INDEX = ("index-", "capture-", "article-", "revision-", "full-text")
"""How the rules begin that are about index.db."""


class Command(ArchiveCommand, ScrapyCommand):
    """Reads only, also while a crawl writes."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Check every digest, offset and hash of the archive"

    def long_desc(self) -> str:
        return (
            "Reads all WARC files and holds them against their digests, the manifest, the CDXJ files and the index. "
            "Prints each fault, and the head hash; keep that elsewhere, and --head tells later whether anything sealed "
            "until now was changed. Exit code 1 where there is a fault."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--head", metavar="HASH", help="a head hash printed earlier, which must still hold")
        parser.add_argument("--json", action="store_true", help="one JSON object a line: the faults, then the summary")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError("scrapy verify takes options only")
        if opts.head and not re.fullmatch(r"[0-9a-f]{64}", opts.head):
            raise BadArgument(f"--head {opts.head} is no head hash; it has 64 digits, as scrapy verify prints it")
        began = monotonic()
        found = verify(self.folder, head=opts.head)
        _print(found, monotonic() - began, as_json=opts.json)
        return FAULTS if found.faults else DONE


def _print(found: Verification, seconds: float, *, as_json: bool) -> None:
    for name in found.being_written:
        print(f"left out: {name}, which a crawl is writing", file=sys.stderr)
    if as_json:
        facts = {"files": found.files, "records": found.records, "bytes": found.bytes, "head": found.head}
        print_json([*map(asdict, found.faults), {**facts, "faults": len(found.faults), "seconds": round(seconds, 3)}])
        return
    out = console()
    for fault in found.faults:
        out.print(plain(f"{fault.rule}  {fault.where}  {fault.what}"))
    looked_at = f"{counted(found.files, 'WARC file')}, {found.records} records, {human_size(found.bytes)}"
    out.print(plain(f"{looked_at} in {seconds:.1f} s: {counted(len(found.faults), 'fault')}"))
    for advice in advice_on(found.faults):
        out.print(plain(advice))
    if found.head:
        out.print(plain(f"head {found.head}"))


def advice_on(faults: Sequence[Fault]) -> Iterator[str]:
    """What to do about them."""
    rules = {fault.rule for fault in faults}
    of_index = {rule for rule in rules if rule.startswith(OF_INDEX)}
    if of_index:
        yield "What is wrong with the index, scrapy reindex mends: it makes index.db again from the WARC files."
    if "imported-file" in rules:
        yield "An imported file that was moved: put it back, or index it with scrapy reindex FILE where it is now."
    if rules == {"head"}:
        yield "The files agree with each other: either that hash is of another collection, or all was made anew since."
    if rules - of_index - {"unsealed", "imported-file", "head"}:  # those say themselves what to do
        yield "The other files named are not as they were written: put copies in their place, and keep these aside."
