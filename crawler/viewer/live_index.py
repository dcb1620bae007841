"""index.db as Datasette reads it: the file that is there now, each time as it is at one moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import Database

from crawler.index.database import Connection, read_index, unchanging

T = TypeVar("T")


class LiveIndex(Database):  # type: ignore[misc]  # Datasette publishes no types
    """In place of Datasette's own, which reads on in a file that ``scrapy reindex`` has replaced.

    That cannot open one on read-only media either, nor one below a folder with "#", "?" or "%" in its name.
    """

    def __init__(self, datasette: Any, path: Path) -> None:
        super().__init__(datasette, path=str(path))
        self._file = path
        self._of_thread = threading.local()

    async def execute_fn(self, query: Callable[[Connection], T]) -> T:
        """What a function gives of a connection, in one of Datasette's threads. Raises as ``read_index``."""
        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, self._answer, query)

    def _answer(self, query: Callable[[Connection], T]) -> T:
        connection = self._connection()
        with unchanging(connection):
            return query(connection)

    def _connection(self) -> Connection:
        """This thread's, to the file that is there."""
        here, there = self._of_thread, _identity(self._file)
        if getattr(here, "connection", None) and here.identity == there:
            found: Connection = here.connection
            return found
        if getattr(here, "connection", None):
            here.connection.close()
            here.connection = None
        connection = read_index(self._file)
        self.ds._prepare_connection(connection, self.name)
        here.connection, here.identity = connection, there
        return connection


def _identity(path: Path) -> tuple[int, int, int | None] | None:
    """What tells a file from another of its name; None: it is not there.

    Without a log beside it nobody writes, or we are not allowed to agree with who does: then a file that was written
    since is another one, too, for what is read of it counts as unchanging.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    has_log = path.with_name(f"{path.name}-wal").exists()
    return status.st_dev, status.st_ino, None if has_log else status.st_mtime_ns
