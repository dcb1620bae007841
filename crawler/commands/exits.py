"""What a command's exit code says. The README's table is made from EXITS."""

from __future__ import annotations

import sys

from crawler.errors import (
    CaptureMismatch,
    CollectionInUse,
    DiskFull,
    FolderNotUsable,
    IndexTooNew,
    NotUsable,
    OfRecordError,
)

DONE = 0
FAULTS = 1
NOTHING_FOUND = 1
"""As of grep: what was asked for is not there."""
UNREACHABLE = 4
INTERRUPTED = 130

EXITS: dict[int, str] = {
    DONE: "done",
    FAULTS: "done, but something went wrong on the way, as the log says; or nothing was found; or verify found faults, "
    "or reindex what it cannot read; or mirrors differ",
    2: "the command line could not be read",
    3: "an argument or setting cannot be used: unknown publisher, a list with lines that are no URL, a bad date",
    UNREACHABLE: "nothing could be fetched: the site does not resolve, does not answer, or refuses every page",
    5: "the archive folder, or the file of -o or -O, cannot be read or written",
    6: "the disk is full, or nearly; everything written before is valid",
    7: "the index or frontier was written by a later version of ofrecord",
    8: "another process is writing to the collection",
    9: "the wire tap cannot see every byte: wrong Scrapy or Twisted, or a cache that answers past it",
    INTERRUPTED: "interrupted (Ctrl-C); the next run goes on where this one stopped",
}

_OF_ERROR: tuple[tuple[type[OfRecordError], int], ...] = (
    (FolderNotUsable, 5),
    (NotUsable, 3),
    (DiskFull, 6),
    (IndexTooNew, 7),
    (CollectionInUse, 8),
    (CaptureMismatch, 9),
)


def exit_code(error: OfRecordError) -> int:
    """The code for an error that ends a command."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), FAULTS)


def report(error: OfRecordError) -> int:
    """Says on stderr, in one line, what went wrong; returns the exit code."""
    print(f"ofrecord: {error}", file=sys.stderr)
    return exit_code(error)
