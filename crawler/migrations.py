"""How a database file gets the tables of this version, also where several processes open it at the same moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.errors import FolderNotUsable, IndexTooNew, IndexTooOld

BUSY_SECONDS = 30.0
"""How long to wait for another process that writes."""

PAUSE_SECONDS = 0.02


def migrate(database: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """All that the file lacks, in one transaction: other processes see it as it was or as it is to be.

    The connection is in autocommit mode. Raises IndexTooNew, sqlite3.Error; then the file is as it was.
    """
    if version_of(database, path, migrations) == len(migrations):
        return
    with database:
        database.execute("BEGIN IMMEDIATE")
        # Asked again: whom this one waited for may have done it.
        version = version_of(database, path, migrations)
        for script in migrations[version:]:
            for statement in _statements(script):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(migrations)}")


def open_reading(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """A connection that can only read, also while another process writes, or on read-only media.

    Raises FolderNotUsable, of it IndexTooOld for a file that lacks migrations, and IndexTooNew.
    """
    uri = path.resolve().as_uri()
    try:
        return _reader(f"{uri}?mode=ro", path, migrations)
    except sqlite3.OperationalError as error:
        if path.with_name(f"{path.name}-wal").exists():
            raise FolderNotUsable(f"{path}: cannot be read ({error})") from error
    except sqlite3.Error as error:
        raise FolderNotUsable(f"{path}: cannot be read ({error})") from error
    try:
        # On read-only media there is no place for the file by which readers and a writer agree; but no writer either.
        return _reader(f"{uri}?immutable=1", path, migrations)
    except sqlite3.Error as error:
        raise FolderNotUsable(f"{path}: cannot be read ({error})") from error


def _reader(uri: str, path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    # Whoever closes it may be in another thread than the one that read.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        version = version_of(connection, path, migrations)
        if version < len(migrations):
            raise IndexTooOld(f"{path} is empty or of an older version ({version}); the next crawl mends that")
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(database: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> int:
    """How many of the migrations the file has seen; 0: it is empty. Raises IndexTooNew."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(migrations):
        raise IndexTooNew(
            f"{path} has version {version}, this ofrecord knows up to {len(migrations)}; install a newer one"
        )
    return int(version)


def use_wal(database: sqlite3.Connection) -> None:
    """Readers and a writer that do not wait for each other, from now on. Raises sqlite3.Error."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Of two that change a new file's mode at once SQLite refuses one at once, whatever its timeout.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _statements(script: str) -> Iterator[str]:
    """One by one: ``executescript`` would end the transaction first."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        # Not so within a trigger, a text or a comment.
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
