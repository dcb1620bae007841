"""Articles of the index written as lines, feeds or documents: to a file, a folder or standard output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from crawler.collection.export import Selection, new_file
from crawler.errors import BadArgument
from crawler.formats.documents import markdown, plain_text
from crawler.formats.feeds import About, atom, rss
from crawler.formats.lines import csv_rows, json_lines
from crawler.index.database import Connection
from crawler.index.exporting import ExportedArticle, Order, exported
from crawler.warc.durable import storage_errors

FEED_LENGTH = 50
"""Articles of a feed, unless a limit is given: readers ask for it again and again."""

LINES: Mapping[str, Callable[[Iterable[ExportedArticle]], Iterator[str]]] = {"jsonl": json_lines, "csv": csv_rows}
FEEDS: Mapping[str, Callable[[Iterable[ExportedArticle], About], Iterator[str]]] = {"rss": rss, "atom": atom}
DOCUMENTS: Mapping[str, Callable[[ExportedArticle], str]] = {"md": markdown, "txt": plain_text}

STDOUT = Path("-")

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80


@dataclass(slots=True)
class Published:
    """What was written, so far."""

    articles: int = 0
    bytes: int = 0


def publish(
    db: Connection, kind: str, selection: Selection, path: Path, stdout: BinaryIO, about: About, limit: int | None
) -> Published:
    """Writes the selection to ``path``, which must not exist, or to ``stdout`` where that is "-".

    Lines and documents come in the order in which the articles came, feeds newest first. Documents go into a folder
    of that name, ``publisher/key.md``, or one after another into a file whose name has the ending.
    Raises BadArgument where there are none, DiskFull, FolderNotUsable.
    """
    written = Published()
    order: Order = "newest" if kind in FEEDS else "as-it-came"
    at_most = limit or FEED_LENGTH if kind in FEEDS else limit
    found = exported(db, selection.query, selection.articles, order=order, limit=at_most)
    with closing(found):
        _write(path, kind, _counted(_some(found), written), stdout, about, written)
    return written


def _write(
    path: Path, kind: str, articles: Iterator[ExportedArticle], stdout: BinaryIO, about: About, written: Published
) -> None:
    if kind in DOCUMENTS and path != STDOUT and path.suffix != f".{kind}":
        _write_folder(path, articles, kind, written)
        return
    with _opened(path, stdout) as out:
        for text in _texts(kind, articles, about):
            written.bytes += out.write(text.encode())


def _texts(kind: str, articles: Iterator[ExportedArticle], about: About) -> Iterator[str]:
    if kind in LINES:
        return LINES[kind](articles)
    if kind in FEEDS:
        return FEEDS[kind](articles, about)
    return _one_after_another(articles, DOCUMENTS[kind])


def _one_after_another(
    articles: Iterator[ExportedArticle], document: Callable[[ExportedArticle], str]
) -> Iterator[str]:
    for number, article in enumerate(articles):
        yield ("\n\n" if number else "") + document(article)


def _some(articles: Iterator[ExportedArticle]) -> Iterator[ExportedArticle]:
    """The articles, of which there is one: before anything is written. Raises BadArgument."""
    first = next(articles, None)
    if first is None:
        raise BadArgument("nothing to export: no article passes the filters")
    return chain((first,), articles)


def _counted(articles: Iterator[ExportedArticle], written: Published) -> Iterator[ExportedArticle]:
    for article in articles:
        written.articles += 1
        yield article


@contextmanager
def _opened(path: Path, stdout: BinaryIO) -> Iterator[BinaryIO]:
    if path == STDOUT:
        yield stdout
        return
    with new_file(path, "") as part, part.open("wb") as out:
        yield out


def _write_folder(path: Path, articles: Iterator[ExportedArticle], kind: str, written: Published) -> None:
    with new_file(path, "") as part:
        with storage_errors(path, instead="give another name with -o"):
            part.mkdir()
        for article in articles:
            data = DOCUMENTS[kind](article).encode()
            file = part / _file_name(article.publisher_id) / f"{_file_name(article.id.partition('/')[2])}.{kind}"
            file.parent.mkdir(exist_ok=True)
            with file.open("xb") as out:
                written.bytes += out.write(data)


def _file_name(name: str) -> str:
    """A name for a file on every system; one that had to be changed has a digest of what it was, to stay apart."""
    safe = _NOT_IN_NAMES.sub("-", name).strip(".-")[:_LONGEST_NAME]
    return safe if safe == name.casefold() else f"{safe}-{sha256(name.encode()).hexdigest()[:8]}"
