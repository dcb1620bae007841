"""How a database file gets the tables of this version, also where several processes open it at the same moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.errors import IndexTooNew

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
