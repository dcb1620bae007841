"""After a crash: what a writer left ``.open`` is cut after its last whole group, told again, and sealed."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import BadRecord
from crawler.items import Capture, Event
from crawler.warc.captures import capture_of, groups, is_exchange, is_whole
from crawler.warc.cdxj import cdxj_line
from crawler.warc.durable import replace_file, storage_errors, sync
from crawler.warc.events import event_of, is_event
from crawler.warc.manifest import SealedWarc, sealed
from crawler.warc.names import OPEN, archive_folder, warc_name
from crawler.warc.reader import READ_BYTES, Damage, Record, begun_address, everything
from crawler.warc.rewriting import finish
from crawler.warc.sealing import Contents, seal

logger = logging.getLogger(__name__)

TORN = ".torn"
"""Ends the name of the file that keeps what was cut off."""


def _logged(left_out: str) -> None:
    logger.error("left out of the index: %s", left_out)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told what is on record; telling something twice must do no harm."""

    capture: Callable[[Capture], None]
    event: Callable[[Event], None]
    left_out: Callable[[str], None] = _logged
    """Told, with its place and the reason, what cannot be read."""


def recover(
    folder: Path,
    on_capture: Callable[[Capture], None],
    on_event: Callable[[Event], None] = lambda event: None,
    *,
    indexed: Container[str] | None = None,
) -> list[SealedWarc]:
    """The files of a collection that an index may not know, sealed, in the order of the manifest.

    That is each ``.open`` file that no process holds; and each sealed one that is not in ``indexed``, where that is
    given: a crash can fall between a file's sealing and its rows. Captures and events are told in the order written,
    before their file is sealed.
    """
    listener = Listener(on_capture, on_event)
    archive = archive_folder(folder)
    with storage_errors(archive):
        finish(folder)
        mended = [_mend(folder, path, listener) for path in sorted(archive.glob("*.warc.gz" + OPEN))]
    told = {entry.filename: entry for entry in mended if entry}
    for entry in sealed(archive):
        if indexed is None or entry.filename in indexed or entry.filename in told:
            continue
        if not (archive / entry.filename).exists():  # `verify` has a word for that
            continue
        told[entry.filename] = entry
        tell(archive / entry.filename, listener)
    return list(told.values())


def tell(path: Path, listener: Listener) -> list[Capture]:
    """All captures and events of a file, in order; the captures again, for its CDXJ. What is damaged is left out."""
    captures = []
    for group in groups(_undamaged(path, listener.left_out)):
        try:
            if is_exchange(group):
                captures.append(capture_of(group))
                listener.capture(captures[-1])
            elif is_event(group[0]):
                listener.event(event_of(group[0]))
        except BadRecord as error:
            listener.left_out(str(error))
    return captures


def cut(path: Path) -> int:
    """Sets aside what follows the last whole group of an ``.open`` file; the records that are left.

    The tail is kept beside it as ``.torn``. Damage further ahead stays in its place for ``verify`` to name: what
    follows it was acknowledged, and must be found where the index has it. Raises OSError.
    """
    end = count = left = 0
    for group in groups(_undamaged(path, _logged)):
        count += len(group)
        if _is_kept(group):
            end, left = group[-1].offset + group[-1].length, count
    with path.open("r+b") as file:
        file.seek(end)
        tail = file.read()
        if tail:
            logger.warning("%d torn bytes at the end of %s set aside", len(tail), path)
            replace_file(path.with_name(warc_name(path) + TORN), tail)
            file.truncate(end)
        sync(file.fileno())
    return left


def remove_torn(folder: Path, urls: Collection[str]) -> None:
    """Removes each tail that was set aside and holds anything of these addresses. Raises DiskFull, FolderNotUsable."""
    for path in archive_folder(folder).glob("*" + TORN):
        if any(address in urls for address in _addresses(path)):
            with storage_errors(path):
                path.unlink()


def _addresses(path: Path) -> Iterator[str]:
    """What the records of a tail are of, torn ones too."""
    for record in everything(path):
        yield begun_address(path, record.offset) if isinstance(record, Damage) else record.url


def _mend(folder: Path, path: Path, listener: Listener) -> SealedWarc | None:
    """The file, cut, told and sealed; None when another process writes it, or nothing is in it."""
    with _locked(path) as free:
        if not free:
            return None
        count = cut(path)
        if not count:
            path.unlink()
            return None
        lines = [cdxj_line(capture) for capture in tell(path, listener)]
        return seal(folder, path, _contents(path, count), lines)


def _is_kept(group: list[Record]) -> bool:
    """Whether a file may end with these records: a whole exchange, or an event. A warcinfo alone is worth no file."""
    return is_whole(group) if is_exchange(group) else is_event(group[0])


def _undamaged(path: Path, say: Callable[[str], None]) -> Iterator[Record]:
    for record in everything(path):
        if isinstance(record, Damage):
            say(f"{path}:{record.offset}: {record.reason}")
        else:
            yield record


def _contents(path: Path, count: int) -> Contents:
    contents = Contents(records=count)
    with path.open("rb") as file:
        while data := file.read(READ_BYTES):
            contents.take(data)
    return contents


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Whether the file is ours alone now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:  # its process has sealed it meanwhile
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path.exists()
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
