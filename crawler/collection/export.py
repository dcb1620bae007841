"""Part of a collection, or all of it, as one WARC or WACZ file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from shutil import rmtree

from crawler.errors import BadArgument
from crawler.index.database import Connection
from crawler.index.search import Filters
from crawler.index.slices import Page, imported_places, pages, places
from crawler.items import Capture, Place
from crawler.warc.cdxj import cdxj_line
from crawler.warc.durable import storage_errors
from crawler.warc.names import archive_folder
from crawler.warc.slices import Slice, all_exchanges, copy_exchanges
from crawler.warc.wacz import package

EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export: all articles that pass the filters, and of ``articles`` those only; without both, everything."""

    filters: Filters = EVERYTHING
    articles: tuple[str, ...] = ()

    def is_everything(self) -> bool:
        """Whether listings, robots.txt and errors belong to it too."""
        return self.filters == EVERYTHING and not self.articles


def export_warc(folder: Path, db: Connection, selection: Selection, path: Path, info: Mapping[str, str]) -> Slice:
    """A WARC file of the selection at ``path``. Raises BadArgument, BadRecord, DiskFull, FolderNotUsable."""
    with new_file(path, ".warc.gz") as part, part.open("wb") as out:
        return copy_exchanges(folder, chosen(folder, db, selection), out, filename=path.name, info=info)


def export_wacz(folder: Path, db: Connection, selection: Selection, path: Path, info: Mapping[str, str]) -> Slice:
    """A WACZ file of the selection at ``path``, with the articles as its pages. Raises as ``export_warc`` does."""
    lines: list[str] = []

    def listed(capture: Capture) -> None:
        lines.append(cdxj_line(capture))

    whole = Slice()
    with new_file(path, ".wacz") as part, package(part) as wacz:
        # A file for each that it is taken from: those have their bounds.
        by_file = groupby(chosen(folder, db, selection), key=attrgetter("warc"))
        for number, (_, found) in enumerate(by_file, 1):
            name = f"data-{number:05d}.warc.gz"
            with wacz.entry(f"archive/{name}", stored=True) as out:
                copied = copy_exchanges(folder, found, out, filename=name, info=info, on_capture=listed)
            whole.records, whole.bytes = whole.records + copied.records, whole.bytes + copied.bytes
        wacz.index(lines)
        wacz.pages(map(_page, pages(db, selection.filters, selection.articles)))
        wacz.finish(title=path.name.removesuffix(".wacz"), description=info["description"], software=info["software"])
    return whole


def chosen(folder: Path, db: Connection, selection: Selection) -> Iterator[Place]:
    """Where the exchanges of a selection are. Raises BadArgument where there are none."""
    if selection.is_everything():
        files = sorted(path.name for path in archive_folder(folder).glob("*.warc.gz"))
        found: Iterator[Place] = chain(all_exchanges(folder, files), imported_places(db))
    else:
        found = iter(places(db, selection.filters, selection.articles))
    first = next(found, None)
    if first is None:
        raise BadArgument("nothing to export: no article passes the filters")
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
