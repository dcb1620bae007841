"""The one thread that writes index.db: whatever has gathered goes into one transaction."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread, current_thread
from typing import Any, TypeVar

from crawler.errors import DiskFull, FolderNotUsable, StorageError, wants_room

T = TypeVar("T")

BATCH = 100
"""Operations in one transaction: more gain nothing (architecture.md)."""

WAITING = 10_000
"""Operations that may wait before whoever hands one in has to."""


@dataclass(frozen=True, slots=True)
class _Job:
    operation: Callable[[sqlite3.Connection], Any]
    future: Future[Any]


_Result = tuple[Any, Exception | None]
"""What an operation returned, or raised."""


class IndexWriter:
    """Takes operations from any thread; each is all or nothing, and done when its future is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: deque[_Job] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._serve, name="index", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Resolves after the commit. One that raises undoes itself only; StorageError where SQLite cannot write.

        Waits while too many wait already. What was handed in cannot be cancelled.
        """
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        with self._changed:
            # The writer's own thread, in a future's callback, must not wait for itself.
            if current_thread() is not self._thread:
                self._changed.wait_for(lambda: self._closing or len(self._jobs) < WAITING)
                if self._closing:
                    raise StorageError("the index is closed")
            self._jobs.append(_Job(operation, future))
            self._changed.notify_all()
        return future

    def close(self) -> None:
        """Finishes what was handed in, then closes the file; a second call does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _serve(self) -> None:
        while jobs := self._gathered():
            self._commit(jobs)
        with suppress(sqlite3.Error):  # statistics for the query planner: not worth an error on a full disk
            self._connection.execute("PRAGMA optimize")
        self._connection.close()

    def _gathered(self) -> list[_Job]:
        """The next job, and those that wait behind it; none after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closing)
            jobs = [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]
            self._changed.notify_all()
        return jobs

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            results = self._done_together(jobs) or self._done_apart(jobs)
        except sqlite3.Error as error:
            self._undo()
            for job in jobs:
                job.future.set_exception(_storage_error(error))
            return
        for job, (result, failure) in zip(jobs, results, strict=True):
            if failure is not None:
                job.future.set_exception(failure)
            else:
                job.future.set_result(result)

    def _done_together(self, jobs: list[_Job]) -> list[_Result] | None:
        """All jobs in one go; None, and nothing done, where one of them raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results: list[_Result] = [(job.operation(self._connection), None) for job in jobs]
        except Exception as error:
            if isinstance(error, sqlite3.Error) and _concerns_the_file(error):
                raise
            self._connection.execute("ROLLBACK")
            return None
        self._connection.execute("COMMIT")
        return results

    def _done_apart(self, jobs: list[_Job]) -> list[_Result]:
        """Each job within a savepoint. Only after a failure: at each savepoint FTS5 writes out what it has gathered."""
        self._connection.execute("BEGIN IMMEDIATE")
        results = [self._result(job) for job in jobs]
        self._connection.execute("COMMIT")
        return results

    def _result(self, job: _Job) -> _Result:
        self._connection.execute("SAVEPOINT operation")
        try:
            result, failure = job.operation(self._connection), None
        except Exception as error:
            if isinstance(error, sqlite3.Error) and _concerns_the_file(error):
                raise
            self._connection.execute("ROLLBACK TO operation")
            result, failure = None, error
        self._connection.execute("RELEASE operation")
        return result, failure

    def _undo(self) -> None:
        # SQLite itself has undone it where the disk was full.
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")


# A constraint of a table has a name of its own; what FTS5 calls just so is a damaged full text.
_OF_AN_OPERATION = ("SQLITE_ERROR", "SQLITE_CONSTRAINT_", "SQLITE_MISMATCH", "SQLITE_TOOBIG", "SQLITE_RANGE")


def _concerns_the_file(error: sqlite3.Error) -> bool:
    """Whether no operation could have been written, and not only this one. Errors of Python's own have no name."""
    name: str | None = getattr(error, "sqlite_errorname", None)
    return name is not None and not name.startswith(_OF_AN_OPERATION)


def _storage_error(error: sqlite3.Error) -> StorageError | FolderNotUsable:
    name = getattr(error, "sqlite_errorname", "")  # Python's own errors have none
    if wants_room(error):
        return DiskFull(f"no room for the index ({error}); free some, then run again: nothing was lost")
    if name.startswith("SQLITE_READONLY"):
        return FolderNotUsable(f"the index cannot be written to ({error}); make its folder writable, then run again")
    return StorageError(f"the index cannot be written to ({error})")
