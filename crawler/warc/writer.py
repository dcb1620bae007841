"""The writer: one thread that turns exchanges and events into records, and says so once they are on disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from crawler.errors import FolderNotUsable, SecretOnTheWire, StorageError
from crawler.items import BrokenExchange, Capture, Event, Exchange, Notes
from crawler.warc.durable import ensure_room
from crawler.warc.events import broken_event, event_group, refusal_event
from crawler.warc.files import WarcFile
from crawler.warc.groups import Group, Originals, exchange_group, placed
from crawler.warc.manifest import SealedWarc
from crawler.warc.records import Located

logger = logging.getLogger(__name__)

QUEUE_LIMIT = 256
"""Groups that may wait; whoever brings one more waits too."""


GROUP_ALLOWANCE = 8192
"""Bytes that a group may take in a file beside its HTTP messages, more or less."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A group that is to be written, and who waits for it."""

    future: Future[Any]
    length: int
    """About the most that the group will take, in bytes."""
    group: Callable[[str], Group]
    """Takes the id of the warcinfo record."""


class WarcWriter:
    """Writes one collection's WARC files. A future resolves once its records survive a power cut.

    After DiskFull or FolderNotUsable, which the futures raise, nothing more is taken; what was on disk stays valid.
    A file is made when there is something to write, so a crawl without exchanges leaves none.
    """

    def __init__(
        self,
        folder: Path,
        *,
        info: Mapping[str, str],
        prefix: str = "ofrecord",
        max_bytes: int = 10**9,
        max_seconds: float = 3600.0,
        min_free_bytes: int = 0,
        on_sealed: Callable[[SealedWarc], None] = lambda sealed: None,
        on_event: Callable[[Event], None] = lambda event: None,
        originals: Originals | None = None,
    ) -> None:
        self._folder, self._info, self._prefix = folder, dict(info), prefix
        self._max_bytes, self._max_seconds, self._min_free = max_bytes, max_seconds, min_free_bytes
        self._on_sealed, self._on_event, self._originals = on_sealed, on_event, originals
        self._file: WarcFile | None = None
        self._unsynced: list[tuple[Future[Any], Capture | Located]] = []
        self._untold: list[Event] = []
        self._failure: Exception | None = None
        self._closing_failure: Exception | None = None
        self._jobs: Queue[_Job | None] = Queue(QUEUE_LIMIT)
        self._taking = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="warc-writer", daemon=True)
        self._thread.start()

    def record(self, exchange: Exchange, notes: Notes) -> Future[Capture]:
        """Where the exchange is on record. The writer reads its spool, and closes it.

        Raises SecretOnTheWire, through the future, when the request carried credentials: then an event says so.
        """
        length = exchange.response_length + len(exchange.request) + len(exchange.interim)

        def group(warcinfo_id: str) -> Group:
            return exchange_group(exchange, notes, warcinfo_id, self._originals)

        future = self._submit(length, group)
        future.add_done_callback(lambda _: exchange.response.close())
        return future

    def event(self, event: Event) -> Future[Located]:
        """Where the event is on record."""
        return self._submit(0, lambda warcinfo_id: event_group(event, warcinfo_id))

    def broken(self, exchange: BrokenExchange) -> Future[Located]:
        """Where an exchange without a whole response header is on record: an event "broken-exchange"."""
        length = 2 * (len(exchange.request) + len(exchange.received))
        return self._submit(length, lambda warcinfo_id: event_group(broken_event(exchange), warcinfo_id))

    def close(self) -> None:
        """Writes what waits, and seals. Raises what kept the file from being sealed, unless a future raised it."""
        with self._taking:
            if self._closed:
                return
            self._closed = True
        self._jobs.put(None)
        self._thread.join()
        if self._closing_failure:
            raise self._closing_failure

    def _submit(self, length: int, group: Callable[[str], Group]) -> Future[Any]:
        future: Future[Any] = Future()
        # From here on it cannot be cancelled: what was handed over goes on record.
        future.set_running_or_notify_cancel()
        with self._taking:
            if self._closed:
                raise RuntimeError("the WARC writer is closed")
            self._jobs.put(_Job(future, length, group))
        return future

    # What follows runs in the writer's thread.

    def _run(self) -> None:
        while (jobs := self._waiting()) is not None:
            for job in jobs:
                self._write(job)
            self._settle()
        had_failed = self._failure is not None
        self._seal()
        if not had_failed:
            self._closing_failure = self._failure

    def _waiting(self) -> list[_Job] | None:
        """What waits now: all that came during the last sync shares the next. None: the writer was closed."""
        try:
            jobs = [self._jobs.get(timeout=self._seconds_left())]
        except Empty:
            self._seal()
            return []
        jobs += [self._jobs.get() for _ in range(self._jobs.qsize())]
        if jobs[-1] is None:
            self._jobs.put(None)
            jobs.pop()
        return [job for job in jobs if job] or None

    def _seconds_left(self) -> float | None:
        """Until the file is old enough to be sealed; None: there is none."""
        if self._file is None:
            return None
        return max(0.0, self._max_seconds - self._file.age_seconds())

    def _write(self, job: _Job) -> None:
        try:
            result = self._append(job)
        except Exception as error:
            self._keep_failure(error)
            job.future.set_exception(error)
        else:
            self._unsynced.append((job.future, result))

    def _append(self, job: _Job) -> Capture | Located:
        file = self._file_for(job.length)
        try:
            group = job.group(file.warcinfo_id)
        except SecretOnTheWire as refusal:
            self._put(file, event_group(refusal_event(refusal, datetime.now(UTC)), file.warcinfo_id))
            raise
        located = self._put(file, group)
        if group.capture is None:
            return located
        capture = placed(group.capture, located)
        file.list_capture(capture)
        if self._originals is not None:
            self._originals.written(capture)
        return capture

    def _put(self, file: WarcFile, group: Group) -> Located:
        located = file.append(group)[0]
        if group.event is not None:
            self._untold.append(group.event)
        return located

    def _file_for(self, length: int) -> WarcFile:
        """The open file, or a new one if that is full or old."""
        if self._file and (self._file.size() + length + GROUP_ALLOWANCE > self._max_bytes or self._seconds_left() == 0):
            self._settle()
            self._seal()
        if self._failure:
            raise self._failure
        ensure_room(self._folder, self._min_free + length)
        if self._file is None:
            self._file = WarcFile(self._folder, self._prefix, self._info)
        return self._file

    def _settle(self) -> None:
        """Syncs, and tells all who wait for it."""
        waiting, self._unsynced = self._unsynced, []
        events, self._untold = self._untold, []
        if not (waiting or events) or self._file is None:
            return
        try:
            self._file.sync()
        except Exception as error:
            self._keep_failure(error)
            for future, _ in waiting:
                future.set_exception(error)
            return
        # First, so that whoever waits for a capture finds what was told before it.
        for event in events:
            self._on_event(event)
        for future, result in waiting:
            future.set_result(result)

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            sealed = file.seal()
            if sealed:
                self._on_sealed(sealed)
        except Exception as error:
            logger.error("%s is not sealed, which the next start makes up for: %s", file.name, error)
            self._keep_failure(error)

    def _keep_failure(self, error: Exception) -> None:
        if isinstance(error, StorageError | FolderNotUsable):
            self._failure = self._failure or error
