"""One thread writes, in batches; a mistake of one operation is its own, a kill or a full disk leaves a sound file."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import DiskFull, FolderNotUsable, StorageError
from crawler.index.database import open_index, read_index
from crawler.index.writer import IndexWriter
from tests.conftest import PROJECT

ADD = "INSERT INTO events (at, kind, detail) VALUES (?, 'edited', ?)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.db"


@pytest.fixture
def writer(path: Path) -> Iterator[IndexWriter]:
    writer = IndexWriter(open_index(path))
    yield writer
    writer.close()


def event(at: str, detail: str = "{}") -> Callable[[sqlite3.Connection], str]:
    """An operation that adds a row."""

    def added(db: sqlite3.Connection) -> str:
        db.execute(ADD, (at, detail))
        return at

    return added


def events(path: Path) -> list[str]:
    with closing(read_index(path)) as db:
        return [at for (at,) in db.execute("SELECT at FROM events ORDER BY at")]


def held_up(writer: IndexWriter) -> threading.Event:
    """Lets the writer wait until the event is set, so that what is handed in meanwhile becomes one batch."""
    go, waiting = threading.Event(), threading.Event()

    def wait(db: sqlite3.Connection) -> None:
        waiting.set()
        go.wait(20)

    writer.submit(wait)
    waiting.wait(20)
    return go


def test_a_future_resolves_when_readers_can_see_the_row(writer: IndexWriter, path: Path) -> None:
    assert writer.submit(event("2026-01-01")).result(20) == "2026-01-01"
    assert events(path) == ["2026-01-01"]


def test_what_waits_together_is_one_transaction(writer: IndexWriter, path: Path) -> None:
    go = held_up(writer)
    seen: list[list[str]] = []
    first = writer.submit(event("1"))
    first.add_done_callback(lambda _: seen.append(events(path)))
    last = writer.submit(event("2"))
    go.set()
    last.result(20)
    assert seen == [["1", "2"]]


def test_an_operation_that_raises_undoes_itself_only(writer: IndexWriter, path: Path) -> None:
    def half(db: sqlite3.Connection) -> None:
        db.execute(ADD, ("half", "{}"))
        raise LookupError("no such capture")

    go = held_up(writer)
    before, broken, after = writer.submit(event("1")), writer.submit(half), writer.submit(event("2"))
    go.set()
    with pytest.raises(LookupError, match="no such capture"):
        broken.result(20)
    assert (before.result(20), after.result(20)) == ("1", "2")
    assert events(path) == ["1", "2"]


@pytest.mark.parametrize(
    "statement", ["INSERT INTO nowhere VALUES (1)", "INSERT INTO events (at) VALUES (NULL)", "SELECT '"]
)
def test_a_mistake_in_sql_fails_its_own_operation_only(writer: IndexWriter, path: Path, statement: str) -> None:
    go = held_up(writer)
    wrong, right = writer.submit(lambda db: db.execute(statement)), writer.submit(event("1"))
    go.set()
    with pytest.raises(sqlite3.Error):
        wrong.result(20)
    assert right.result(20) == "1"
    assert events(path) == ["1"]


def test_what_was_handed_in_is_written_though_nobody_waits_any_more(writer: IndexWriter, path: Path) -> None:
    go = held_up(writer)
    assert not writer.submit(event("1")).cancel()
    go.set()
    writer.close()
    assert events(path) == ["1"]


def test_closing_finishes_all_that_was_handed_in(path: Path) -> None:
    writer = IndexWriter(open_index(path))
    futures = [writer.submit(event(f"{number:04}")) for number in range(1000)]
    writer.close()
    assert all(future.done() for future in futures)
    assert len(events(path)) == 1000


def test_a_callback_may_hand_in_more_even_while_closing(path: Path) -> None:
    writer = IndexWriter(open_index(path))
    second: list[Future[str]] = []
    go = held_up(writer)
    writer.submit(event("1")).add_done_callback(lambda _: second.append(writer.submit(event("2"))))
    closer = threading.Thread(target=writer.close)
    closer.start()
    go.set()
    closer.join(20)
    assert second[0].result(20) == "2"
    assert events(path) == ["1", "2"]


def test_a_closed_writer_refuses_at_once(path: Path) -> None:
    writer = IndexWriter(open_index(path))
    writer.close()
    writer.close()
    with pytest.raises(StorageError, match="closed"):
        writer.submit(event("1"))


def test_whoever_hands_in_too_much_has_to_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.index.writer.WAITING", 2)
    writer = IndexWriter(open_index(path))
    go = held_up(writer)
    third = threading.Event()

    def hand_in() -> None:
        for at in "123":
            writer.submit(event(at))
        third.set()

    threading.Thread(target=hand_in).start()
    assert not third.wait(0.2)
    go.set()
    assert third.wait(20)
    writer.close()
    assert events(path) == ["1", "2", "3"]


def test_a_full_disk_is_named_and_what_was_written_stays(path: Path) -> None:
    connection = open_index(path)
    writer = IndexWriter(connection)
    writer.submit(event("1")).result(20)
    (pages,) = writer.submit(lambda db: db.execute("PRAGMA page_count").fetchone()).result(20)
    writer.submit(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone()).result(20)
    with pytest.raises(DiskFull, match="free some, then run again"):
        writer.submit(event("2", "x" * 100_000)).result(20)
    assert writer.submit(event("3")).result(20) == "3"
    writer.close()
    assert events(path) == ["1", "3"]


def test_a_quota_is_named_like_a_full_disk(path: Path) -> None:
    # SQLite calls it an I/O error.
    writer = IndexWriter(open_index(path))
    writer.submit(event("1")).result(20)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(DiskFull, match="free some, then run again"):
            writer.submit(event("2", "x" * 3_000_000)).result(20)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert writer.submit(event("3")).result(20) == "3"
    writer.close()
    assert events(path) == ["1", "3"]


def test_a_file_that_may_not_be_written_to_is_named(path: Path) -> None:
    connection = open_index(path)
    connection.execute("PRAGMA query_only = ON")
    writer = IndexWriter(connection)
    with pytest.raises(FolderNotUsable, match="make its folder writable"):
        writer.submit(event("1")).result(20)
    writer.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from crawler.index.database import open_index
from crawler.index.writer import IndexWriter
from tests.index.test_writer import event

writer = IndexWriter(open_index(Path(sys.argv[1])))
for number in range(10_000):
    future = writer.submit(event(f"{number:05}", "x" * 2000))
    future.add_done_callback(lambda done: (os.write(1, done.result().encode() + b"\\n")))
future.result()
"""


@pytest.mark.parametrize("acknowledged", [1, 150, 700])
def test_a_kill_leaves_a_sound_file_with_all_that_was_acknowledged(path: Path, acknowledged: int) -> None:
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        written = [process.stdout.readline().strip() for _ in range(acknowledged)]
        os.kill(process.pid, signal.SIGKILL)
        written += process.stdout.read().split()
    with closing(open_index(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert set(written) <= set(events(path))
