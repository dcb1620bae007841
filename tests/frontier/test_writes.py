from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import pytest

from crawler.errors import StorageError
from crawler.frontier.protocol import End, Entry, Lease, Terms
from crawler.frontier.requests import fingerprint
from crawler.frontier.sqlite import SqliteFrontier
from crawler.frontier.writes import Writes

P = ParamSpec("P")


def in_a_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[SqliteFrontier]:
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        yield frontier


def now() -> datetime:
    return datetime.now(UTC)


def entries(count: int, name: str = "x") -> list[Entry]:
    urls = [f"https://news.example/{name}/{n}" for n in range(count)]
    return [Entry(fingerprint("GET", url, b""), url, "news") for url in urls]


def claimed(frontier: SqliteFrontier, limit: int = 10_000) -> list[Lease]:
    now = datetime.now(UTC)
    return frontier.claim(limit, now, Terms("test", now + timedelta(hours=1))).leases


def refuse(error: StorageError) -> None:
    raise AssertionError(error)


@in_a_loop
async def test_what_was_added_is_stored_when_awaited(frontier: SqliteFrontier) -> None:
    writes = Writes(frontier, now, refuse)
    writes.add(entries(1200))
    await writes.written()
    assert len(claimed(frontier)) == 1200
    writes.close()


@in_a_loop
async def test_many_seeds_wait_for_the_disk_rather_than_in_memory(frontier: SqliteFrontier) -> None:
    writes = Writes(frontier, now, refuse)
    writes.add(entries(5000))
    assert len(claimed(frontier)) == 5000
    writes.close()


@in_a_loop
async def test_an_end_is_stored_after_the_links_that_came_before_it(frontier: SqliteFrontier) -> None:
    frontier.add(entries(1, "list"), datetime.now(UTC))
    (lease,) = claimed(frontier)
    writes = Writes(frontier, now, refuse)
    writes.add(entries(1500))
    writes.settle(End(lease, "done", outlinks=entries(10, "last")))
    while frontier.abandoned(()):
        await asyncio.sleep(0.001)
    assert len(claimed(frontier)) == 1510
    writes.close()


@in_a_loop
async def test_after_a_failed_write_nothing_more_is_stored(tmp_path: Path) -> None:
    frontier = SqliteFrontier(tmp_path / "frontier.db")
    frontier.close()
    errors: list[StorageError] = []
    writes = Writes(frontier, now, errors.append)
    writes.add(entries(10))
    await writes.written()
    writes.add(entries(10))
    writes.close()
    assert len(errors) == 1
    assert not writes.pending()


@in_a_loop
async def test_what_nobody_foresaw_ends_the_writing_too(frontier: SqliteFrontier) -> None:
    failures: list[StorageError] = []
    writes = Writes(frontier, now, failures.append)
    writes.add(entries(1))
    await writes.written()
    (lease,) = claimed(frontier)
    writes.settle(End(lease, "done", etag="half a pair: \ud800"))
    writes.drain()
    assert not writes.pending()
    assert ["UnicodeEncodeError" in str(failure) for failure in failures] == [True]
    writes.close()


@in_a_loop
async def test_a_reason_may_hold_what_no_encoding_can(frontier: SqliteFrontier) -> None:
    writes = Writes(frontier, now, refuse)
    writes.add(entries(1))
    await writes.written()
    (lease,) = claimed(frontier)
    writes.settle(End(lease, "failed", reason="bad text \ud800"))
    writes.close()
