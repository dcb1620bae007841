"""Opens index.db: creates it, brings an older one up to date, refuses a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import DiskFull, FolderNotUsable, IndexTooNew, wants_room
from crawler.index.schema import MIGRATIONS
from crawler.migrations import BUSY_SECONDS, migrate, open_reading, use_wal, version_of
from crawler.normalisation.folding import folded

PAGE_SIZE = 16384
"""Bytes: 9 % smaller files than the default of 4096, no slower (architecture.md)."""

CACHE_KIB = 64 * 1024

Connection = sqlite3.Connection
"""For modules that hand one on and have no SQL of their own."""


def open_index(path: Path) -> sqlite3.Connection:
    """A connection for writing, in autocommit mode. Raises IndexTooNew, FolderNotUsable, DiskFull."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    except (sqlite3.Error, OSError) as error:
        raise FolderNotUsable(f"{path}: cannot be opened for writing ({error})") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        if wants_room(error):
            raise DiskFull(f"{path}: no room ({error}); free some, then run again") from error
        raise FolderNotUsable(f"{path}: cannot be opened for writing ({error})") from error
    except IndexTooNew:
        connection.close()
        raise
    return connection


def read_index(path: Path) -> sqlite3.Connection:
    """A connection that can only read, with rows that know their columns, also while a crawl writes.

    Raises FolderNotUsable, of it IndexTooOld where ``open_index`` would mend that, and IndexTooNew.
    """
    if not path.exists():
        raise FolderNotUsable(missing(path))
    connection = open_reading(path, MIGRATIONS)
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def unchanging(connection: Connection) -> Iterator[None]:
    """What is read meanwhile, query by query, is all as it was at one moment, whatever is written."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def missing(path: Path) -> str:
    """What to say where a collection has no such file: which collections there are beside it."""
    beside = sorted(other.parent.name for other in path.parent.parent.glob("*/index.db"))
    known = f" ({', '.join(beside)})" if beside else ""
    return (
        f"{path} is not there; run a crawl first, or name another collection{known} with -s COLLECTION=, "
        "or another folder with -s ARCHIVES_DIR="
    )


def remove_index(path: Path) -> None:
    """Removes an index that nobody has open, if there is one. Raises OSError."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def put_in_place(built: Path, path: Path) -> None:
    """A closed index in the place of another, which is whole or gone at every moment. Raises OSError.

    Programs that have the old one open go on reading that until they open it again.
    """
    for ending in ("-wal", "-shm"):  # of the old one: the new one must not be read with them
        path.with_name(path.name + ending).unlink(missing_ok=True)
    built.replace(path)


def add_functions(connection: sqlite3.Connection) -> None:
    """What the schema's SQL calls beside SQLite's own functions: ``folded``, "" where there is nothing to fold."""
    connection.create_function("folded", 1, lambda text: folded(text or ""), deterministic=True)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    add_functions(connection)
    if version_of(connection, path, MIGRATIONS) == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    use_wal(connection)
    # NORMAL: a kill loses nothing; a power cut may lose the last rows, which the WARC files give back.
    connection.executescript(f"PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -{CACHE_KIB}")
    migrate(connection, path, MIGRATIONS)
