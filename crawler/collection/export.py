"""Part of a collection, or all of it, as one WARC or WACZ file."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import chain, groupby
from pathlib import Path
from shutil import rmtree

from crawler.errors import BadArgument
from crawler.index.database import Connection
from crawler.index.ledger import IMPORTED
from crawler.index.slices import Page, imported_places, pages, places, with_events
from crawler.items import Capture, Place
from crawler.queries.tree import EVERYTHING, Query
from crawler.warc.captures import is_exchange
from crawler.warc.cdxj import cdxj_line
from crawler.warc.durable import storage_errors
from crawler.warc.names import archive_folder
from crawler.warc.reader import Record
from crawler.warc.slices import Slice, all_places, copy_records, is_event_that
from crawler.warc.wacz import package

PART_BYTES = 10**9
"""Of a WARC file, in one file of a WACZ: those must stay below 2 GiB (see ``Package``)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export: the articles asked for, of those in ``articles`` if there are any; without both, everything."""

    query: Query = EVERYTHING
    articles: tuple[str, ...] = ()

    def is_everything(self) -> bool:
        """Whether listings, robots.txt and errors belong to it too."""
        return self.query == EVERYTHING and not self.articles


def export_warc(folder: Path, db: Connection, selection: Selection, path: Path, info: Mapping[str, str]) -> Slice:
    """A WARC file of the selection at ``path``, with the events that are on record of it.

    Raises BadArgument, BadRecord, DiskFull, FolderNotUsable.
    """
    with new_file(path, ".warc.gz") as part, part.open("wb") as out:
        return copy_records(folder, _with_events(folder, db, selection), out, filename=path.name, info=info)


def export_wacz(folder: Path, db: Connection, selection: Selection, path: Path, info: Mapping[str, str]) -> Slice:
    """A WACZ file of the selection at ``path``, with the articles as its pages. Raises as ``export_warc`` does."""
    lines: list[str] = []

    def listed(capture: Capture) -> None:
        lines.append(cdxj_line(capture))

    whole = Slice()
    with new_file(path, ".wacz") as part, package(part) as wacz:
        by_file = groupby(chosen(folder, db, selection), key=_part)
        for number, (_, found) in enumerate(by_file, 1):
            name = f"data-{number:05d}.warc.gz"
            with wacz.entry(f"archive/{name}", stored=True) as out:
                copied = copy_records(folder, found, out, filename=name, info=info, on_capture=listed)
            whole.records, whole.bytes = whole.records + copied.records, whole.bytes + copied.bytes
        wacz.index(lines)
        wacz.pages(map(_page, pages(db, selection.query, selection.articles)))
        wacz.finish(title=path.name.removesuffix(".wacz"), description=info["description"], software=info["software"])
    return whole


def _part(place: Place) -> tuple[str, int]:
    """Which file of a package an exchange goes into: one for each part of those that exchanges are taken from."""
    return place.warc, place.offset // PART_BYTES


def _with_events(folder: Path, db: Connection, selection: Selection) -> Iterator[Place]:
    """As ``chosen``, and the events: all of them, or those of the articles chosen."""
    if selection.is_everything():
        return chosen(folder, db, selection, _is_kept)
    articles = with_events(db, selection.query, selection.articles)
    # The index does not say where events are.
    events = all_places(folder, _sealed(folder) if articles else (), partial(_is_of, articles))
    return merge(chosen(folder, db, selection), events, key=lambda place: (place.warc, place.offset))


def _is_kept(group: Sequence[Record]) -> bool:
    """Whether an export of everything has it: that a file was imported says nothing where its captures are in it."""
    return is_exchange(group) or is_event_that(group, lambda event: event.kind != IMPORTED)


def _is_of(articles: Container[str | None], group: Sequence[Record]) -> bool:
    return is_event_that(group, lambda event: event.article_id in articles)


def _sealed(folder: Path) -> list[str]:
    return sorted(path.name for path in archive_folder(folder).glob("*.warc.gz"))


def chosen(
    folder: Path, db: Connection, selection: Selection, is_wanted: Callable[[Sequence[Record]], bool] = is_exchange
) -> Iterator[Place]:
    """Where the exchanges of a selection are; of everything what is wanted. Raises BadArgument where there are none."""
    if selection.is_everything():
        found: Iterator[Place] = chain(all_places(folder, _sealed(folder), is_wanted), imported_places(db))
    else:
        found = iter(places(db, selection.query, selection.articles))
    first = next(found, None)
    if first is None:
        why = "nothing is sealed or imported yet" if selection.is_everything() else "no article passes the filters"
        raise BadArgument(f"nothing to export: {why}")
    yield first
    yield from found


@contextmanager
def new_file(path: Path, ending: str) -> Iterator[Path]:
    """Where to write a file or folder: it gets its name when it is whole, and is removed where it is not."""
    if not path.name.endswith(ending) or path.name == ending:
        raise BadArgument(f"{path} does not end with {ending}; give a file name that does")
    if path.exists():
        raise BadArgument(f"{path} exists already; give another name, or remove it")
    part = path.with_name(f".{path.name}.part")
    _remove(part)
    try:
        with storage_errors(path, instead="give another name with -o"):
            yield part
            part.rename(path)
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    if part.is_dir():
        rmtree(part)
    else:
        part.unlink(missing_ok=True)


def _page(page: Page) -> dict[str, str | None]:
    return {"url": page.url, "ts": page.captured_at, "title": page.headline, "text": page.text or None}
