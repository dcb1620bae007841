"""Extraction in processes of its own: a page may kill its worker, never the crawl."""

from __future__ import annotations

import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

from crawler.errors import ExtractionFailed
from crawler.items import Article, Context
from crawler.publishers.base import Publisher

LENGTH = struct.Struct("!I")
"""Each message on the pipe: its length in bytes, then a pickle. Both ends are ours."""

READY = LENGTH.pack(0)
"""What a worker says when it has loaded what it needs: only then a page's time begins."""

START_SECONDS = 60.0
"""What that may take; on a busy machine it has taken ten."""

PAGE_SECONDS = 20.0
"""What one page may take. The slowest of 650 real pages took a quarter of a second."""

WORKER_MEMORY = 2 << 30
"""Bytes of address space a worker may use before a page in it fails."""


@dataclass(frozen=True, slots=True)
class Task:
    """A page on record that is to become an article."""

    warc: Path
    """The file as it is on disk now, ".open" or not."""
    offset: int
    url: str
    publisher: Publisher
    context: Context


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a worker made of a page."""

    article: Article
    content_sha256: str
    problems: tuple[str, ...] = ()
    """What was wrong with the page and could be passed over: "coding", "depth", "size" …"""
    verdict: str | None = None
    """What the page is instead of an article, where it says so."""


class ExtractionPool:
    """A few worker processes, each with a thread here that feeds it, times it, and replaces it when it dies."""

    def __init__(self, workers: int, *, page_seconds: float = PAGE_SECONDS, memory: int = WORKER_MEMORY) -> None:
        self._tasks: SimpleQueue[tuple[Task, Future[Extracted]] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, args=(page_seconds, memory), name=f"extraction-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def extract(self, task: Task) -> Future[Extracted]:
        """Resolves to the article; to ExtractionFailed when the page took too long or killed its worker."""
        future: Future[Extracted] = Future()
        self._tasks.put((task, future))
        return future

    def close(self) -> None:
        """Finishes what was handed in, then ends the workers."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self, page_seconds: float, memory: int) -> None:
        worker = _Worker(page_seconds, memory)
        with suppress(OSError):  # what keeps it from starting may have passed when there is something to do
            worker.start()
        while (job := self._tasks.get()) is not None:
            task, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(worker.run(task))
            except Exception as error:
                future.set_exception(error)
        worker.stop()


class _Worker:
    """One child process, started again after it died."""

    def __init__(self, page_seconds: float, memory: int) -> None:
        self._page_seconds, self._memory = page_seconds, memory
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises OSError where the system has no room for a process."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._started()

    def run(self, task: Task) -> Extracted:
        try:
            self.start()
            self._await_ready()
        except (OSError, EOFError) as error:
            self.stop(kill=True)
            raise ExtractionFailed(f"{task.url}: no worker could be started: {error}") from error
        try:
            reply = self._ask(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        except (OSError, EOFError, TimeoutError) as error:
            self.stop(kill=True)
            reason = f"took over {self._page_seconds:g} s" if isinstance(error, TimeoutError) else "killed its worker"
            raise ExtractionFailed(f"{task.url}: the page {reason} ({task.warc.name}:{task.offset})") from error
        if isinstance(reply, Exception):
            raise reply
        return cast(Extracted, reply)

    def stop(self, *, kill: bool = False) -> None:
        if self._process is None:
            return
        if kill:
            self._process.kill()
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "crawler.collection.worker", str(self._memory), str(self._page_seconds)]
        # The child must find the same modules, from whichever folder scrapy was started.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._stdin, self._stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        self._is_ready = False
        return process

    def _await_ready(self) -> None:
        if not self._is_ready:
            self._read(len(READY), time.monotonic() + START_SECONDS)
            self._is_ready = True

    def _ask(self, message: bytes) -> object:
        self._stdin.write(LENGTH.pack(len(message)) + message)
        self._stdin.flush()
        deadline = time.monotonic() + self._page_seconds
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        return pickle.loads(self._read(length, deadline))

    def _read(self, length: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            ready, _, _ = select.select([self._stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(self._stdout.fileno(), length - len(received))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)
