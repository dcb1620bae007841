"""The pool of workers, on real WARC files and real processes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from lxml.html import HtmlElement

from crawler.collection.collection import Collection, Limits
from crawler.collection.pool import ExtractionPool, Task
from crawler.errors import ExtractionFailed
from crawler.items import Capture, Context, Exchange, Notes
from crawler.publishers.base import Layout, Publisher
from crawler.warc.names import warc_path
from crawler.warc.writer import WarcWriter
from tests.collection import traps
from tests.collection.test_collection import NOW, archived, asked, exchange, notes

HTML = (
    b"<!doctype html><html lang=en><title>A story</title><h1>A story</h1>" + b"<p>Some words of it, and more.</p>" * 20
)
OWNER = Publisher("gazette.example", "gazette.example", ("gazette.example",))


@pytest.fixture
def task(tmp_path: Path) -> Task:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    exchange = Exchange(
        url="https://gazette.example/a-story",
        method="GET",
        captured_at=datetime(2024, 3, 11, 9, 0, 0, 1, tzinfo=UTC),
        fetch_ms=1,
        request=b"GET /a-story HTTP/1.1\r\nHost: gazette.example\r\n\r\n",
        response=BytesIO(head + HTML),
        response_length=len(head + HTML),
        head_length=len(head),
        status=200,
    )
    writer = WarcWriter(tmp_path, info={"software": "test"})
    capture: Capture = writer.record(exchange, Notes(purpose="article")).result()
    writer.close()
    return Task(warc_path(tmp_path, capture.warc), capture.offset, capture.url, OWNER, Context())


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    pool = ExtractionPool(1)
    yield pool
    pool.close()


def workers() -> list[int]:
    """The processes that this one's pools have started."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "crawler.collection.worker" in line]


def test_a_page_comes_back_as_an_article(pool: ExtractionPool, task: Task) -> None:
    extracted = pool.extract(task).result(30)
    assert extracted.article.headline == "A story"
    assert len(extracted.content_sha256) == 64


def test_a_worker_that_dies_is_replaced_and_its_page_marked(pool: ExtractionPool, task: Task) -> None:
    pool.extract(task).result(30)
    (worker,) = workers()
    os.kill(worker, signal.SIGSTOP)
    stuck = pool.extract(task)
    time.sleep(1)  # until the page is handed to it
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(ExtractionFailed, match="killed its worker"):
        stuck.result(30)
    assert pool.extract(task).result(30).article.headline == "A story"


def test_a_worker_that_cannot_be_started_is_started_later(task: Task) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) - 1, hard))
    try:
        pool = ExtractionPool(1)
        failure = pool.extract(task).exception(30)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert isinstance(failure, ExtractionFailed)
    assert "no worker could be started" in str(failure)
    assert pool.extract(task).result(30).article.headline == "A story"
    pool.close()


def test_a_page_that_takes_too_long_is_given_up(task: Task) -> None:
    pool = ExtractionPool(1, page_seconds=1.0)
    pool.extract(task).result(100)
    (worker,) = workers()
    os.kill(worker, signal.SIGSTOP)
    with pytest.raises(ExtractionFailed, match="took over 1 s"):
        pool.extract(task).result(30)
    pool.close()


def test_a_record_that_is_not_there_is_named(pool: ExtractionPool, task: Task) -> None:
    missing = Task(task.warc.with_name("missing.warc.gz"), 0, task.url, OWNER, Context())
    with pytest.raises(ExtractionFailed, match=r"a-story.*missing\.warc\.gz"):
        pool.extract(missing).result(30)


def test_closing_leaves_no_process_behind(task: Task) -> None:
    pool = ExtractionPool(2)
    pool.extract(task).result(30)
    assert len(workers()) == 2
    pool.close()
    assert workers() == []


def trapped(task: Task, trap: Callable[[HtmlElement], None]) -> Task:
    """The page, which springs a trap when it is read."""
    return replace(task, publisher=replace(OWNER, layouts=(Layout("trapped", tidy=trap),)))


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        (traps.hang, "took over 8 s"),
        (traps.eat, "MemoryError"),
        (traps.crash, "killed its worker"),
        (traps.leave, "killed its worker"),
        (traps.sink, "RecursionError"),
    ],
    ids=lambda each: getattr(each, "__name__", "reason"),
)
def test_a_page_that_springs_a_trap_fails_alone(task: Task, trap: Callable[[HtmlElement], None], reason: str) -> None:
    pool = ExtractionPool(1, page_seconds=8.0, memory=1 << 29)
    before = pool.extract(task)
    stuck = pool.extract(trapped(task, trap))
    after = pool.extract(task)
    assert before.result(100).article.headline == "A story"
    with pytest.raises(ExtractionFailed, match=reason):
        stuck.result(100)
    assert after.result(100).article.headline == "A story"
    pool.close()
    assert workers() == []


def test_what_a_page_makes_a_library_print_is_no_answer(pool: ExtractionPool, task: Task) -> None:
    assert pool.extract(trapped(task, traps.chatter)).result(100).article.headline == "A story"
    assert pool.extract(task).result(100).article.headline == "A story"


def test_pages_that_kill_their_workers_hold_up_no_others(task: Task) -> None:
    pool = ExtractionPool(2, page_seconds=10.0)
    tasks = [trapped(task, traps.crash) if number % 3 == 0 else task for number in range(12)]
    read = [pool.extract(each) for each in tasks]
    assert [each.exception(120) is None for each in read] == [number % 3 != 0 for number in range(12)]
    pool.close()


def test_a_page_that_kills_its_worker_is_marked_and_the_crawl_goes_on(tmp_path: Path) -> None:
    collection = Collection(tmp_path, info={"software": "test"}, limits=Limits(workers=1))
    archived(collection, "https://gazette.example/2024/first", "gazette.example", at=NOW)
    (worker,) = workers()
    os.kill(worker, signal.SIGSTOP)
    deadly = collection.record(
        exchange("https://gazette.example/2024/deadly", NOW + timedelta(hours=1)), notes("gazette.example")
    ).result(30)
    reading = collection.articles.read(deadly)
    time.sleep(1)  # until the page is handed to it
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(ExtractionFailed, match="killed its worker"):
        reading.result(100)
    archived(collection, "https://gazette.example/2024/last", "gazette.example", at=NOW + timedelta(hours=2))
    collection.close()
    outcomes = asked(tmp_path, "select outcome from captures order by captured_at")
    assert outcomes == [("new",), ("failed",), ("new",)]
