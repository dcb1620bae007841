"""The one thread that writes index.db: whatever has gathered goes into one transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any, TypeVar

from crawler.errors import DiskFull, FolderNotUsable, StorageError

T = TypeVar("T")

BATCH = 100
"""Operations in one transaction: more gain nothing (architecture.md)."""

WAITING = 10_000
"""Operations that may wait before whoever hands one in has to."""


@dataclass(frozen=True, slots=True)
class _Job:
    operation: Callable[[sqlite3.Connection], Any]
    future: Future[Any]


class IndexWriter:
    """Takes operations from any thread; each is all or nothing, and done when its future is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: Queue[_Job | None] = Queue(WAITING)
        self._thread = threading.Thread(target=self._serve, name="index", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Resolves after the commit. One that raises undoes itself only; StorageError where SQLite cannot write."""
        future: Future[T] = Future()
        self._jobs.put(_Job(operation, future))
        return future

    def close(self) -> None:
        """Finishes what was handed in, then closes the file."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.execute("PRAGMA optimize")
        self._connection.close()

    def _serve(self) -> None:
        while jobs := self._gathered():
            self._commit([job for job in jobs if job is not None])
            if jobs[-1] is None:
                return

    def _gathered(self) -> list[_Job | None]:
        """The next job, and all that wait behind it; None is the last."""
        jobs = [self._jobs.get()]
        while jobs[-1] is not None and len(jobs) < BATCH:
            try:
                jobs.append(self._jobs.get_nowait())
            except Empty:
                break
        return jobs

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            results = [(job, *self._result(job)) for job in jobs]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._undo()
            for job in jobs:
                job.future.set_exception(_storage_error(error))
            return
        for job, result, failure in results:
            if failure is not None:
                job.future.set_exception(failure)
            else:
                job.future.set_result(result)

    def _result(self, job: _Job) -> tuple[Any, Exception | None]:
        self._connection.execute("SAVEPOINT operation")
        try:
            result, failure = job.operation(self._connection), None
        except sqlite3.OperationalError:
            raise  # the disk, not the operation
        except Exception as error:
            self._connection.execute("ROLLBACK TO operation")
            result, failure = None, error
        self._connection.execute("RELEASE operation")
        return result, failure

    def _undo(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _storage_error(error: sqlite3.Error) -> StorageError | FolderNotUsable:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL" or "full" in str(error):
        return DiskFull(f"no room for the index ({error}); free some, then run again: nothing was lost")
    if name.startswith("SQLITE_READONLY"):
        return FolderNotUsable(f"the index cannot be written to ({error}); make its folder writable, then run again")
    return StorageError(f"the index cannot be written to ({error})")
