"""What the commands that read print: data on stdout, for people or as JSON lines."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.index.snippets import Snippet

HIT = "bold yellow"

LARGEST = 2**31 - 1
"""Of the numbers that an option takes."""


def console() -> Console:
    """Stdout: colours and folded lines on a terminal, plain text with its lines whole elsewhere."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def print_json(values: Iterable[Mapping[str, Any]]) -> None:
    """One object a line."""
    for value in values:
        print(json.dumps(value, ensure_ascii=False))


def piped(run: Callable[[], int]) -> int:
    """Runs what prints; a reader that has seen enough (``| head``) is no error."""
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def plain(text: str, style: str = "") -> Text:
    """A page's text without control characters: what a page says must not steer the reader's terminal."""
    shown = "".join("\ufffd" if _controls(character) else character for character in text)
    return Text(shown, style=style)


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 file", "2 files", "no files"."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def with_hits(snippet: Snippet, style: str = "") -> Text:
    """Hits in colour on a terminal, in square brackets elsewhere."""
    if not sys.stdout.isatty():
        return plain(snippet.marked("[", "]"))
    text = plain(snippet.text, style)
    for start, end in snippet.marks:
        text.stylize(HIT, start, end)
    return text


def day(text: str) -> date:
    """An argument of argparse: a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; give one like 2022-01-31") from error


def positive(text: str) -> int:
    """An argument of argparse: a number from 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= LARGEST:
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {LARGEST}")
    return number


def _controls(character: str) -> bool:
    return (character < " " and character != "\n") or "\x7f" <= character < "\xa0"
