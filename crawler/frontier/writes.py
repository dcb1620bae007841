"""Writes to a frontier in a thread: what gathers while one write runs goes into the next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from crawler.errors import StorageError
from crawler.frontier.protocol import End, Entry, Frontier

T = TypeVar("T")

BATCH = 500
"""Entries, outlinks included, in one write: it takes about 50 ms, and a claim may have to wait for it."""

GATHER = 2000
"""Entries that may wait in memory before whoever adds them has to."""


class Writes:
    """Used from the thread of the running event loop. After a failed write nothing more is stored."""

    def __init__(
        self, frontier: Frontier, clock: Callable[[], datetime], failed: Callable[[StorageError], None]
    ) -> None:
        self._frontier, self._clock, self._failed = frontier, clock, failed
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="frontier")
        self._entries: deque[Entry] = deque()
        self._ends: deque[End] = deque()
        self._added = self._begun = 0
        self._running: Future[None] | None = None
        self._stopped = False

    def add(self, entries: Iterable[Entry]) -> None:
        """Entries to be stored soon. Blocks while too many wait: seeds come without anyone awaiting them."""
        before = len(self._entries)
        self._entries.extend(entries)
        self._added += len(self._entries) - before
        if len(self._entries) > GATHER:
            self.drain()
        self._begin()

    def settle(self, end: End) -> None:
        """An end to be stored soon, after the entries that came before it."""
        self._ends.append(end)
        self._begin()

    def pending(self) -> bool:
        """Whether anything is not stored yet."""
        return not self._stopped and (self._running is not None or bool(self._entries or self._ends))

    async def written(self) -> None:
        """Returns when the entries that were added until now are stored, or never will be."""
        wanted = self._added
        while self._running is not None:
            is_last = self._begun >= wanted
            await asyncio.gather(asyncio.wrap_future(self._running), return_exceptions=True)
            if is_last:
                return

    async def run(self, operation: Callable[[], T]) -> T:
        """The result of an operation on the frontier, which has its turn between writes. Raises what it raises."""
        return await asyncio.wrap_future(self._thread.submit(operation))

    def drain(self) -> None:
        """Stores all that has gathered, blocking."""
        self._begin()
        while self._running is not None:
            self._finish(self._running)

    def close(self) -> None:
        self.drain()
        self._thread.shutdown()

    def _begin(self) -> None:
        if self._running is not None or not self.pending():
            return
        entries = [self._entries.popleft() for _ in range(min(BATCH, len(self._entries)))]
        self._begun += len(entries)
        # Links that were stored ahead of their page come before its end.
        ends = [] if self._entries else self._next_ends(BATCH - len(entries))
        self._running = self._thread.submit(self._write, entries, ends)
        self._running.add_done_callback(lambda write: self._loop.call_soon_threadsafe(self._finish, write))

    def _next_ends(self, outlinks: int) -> list[End]:
        ends: list[End] = []
        while self._ends and outlinks >= 0:
            ends.append(self._ends.popleft())
            outlinks -= len(ends[-1].outlinks)
        return ends

    def _write(self, entries: list[Entry], ends: list[End]) -> None:
        now = self._clock()
        if entries:
            self._frontier.add(entries, now)
        if ends:
            self._frontier.settle(ends, now)

    def _finish(self, write: Future[None]) -> None:
        if write is not self._running:
            return
        self._running = None
        try:
            write.result()
        except Exception as error:
            self._stopped = True
            self._failed(error if isinstance(error, StorageError) else _unforeseen(error))
        self._begin()


def _unforeseen(error: Exception) -> StorageError:
    return StorageError(f"the frontier cannot be written to ({type(error).__name__}: {error})")
