"""Whole crawls in processes of their own: every request comes to an end, and the frontier says which."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import PROJECT, clean_environment
from tests.site.parts import Close, Part, Pause, Request, Route, page
from tests.site.server import Site

PLAIN = "Content-Type: text/plain"


def listing(*lines: str) -> Route:
    return lambda request: [page("\n".join(lines).encode(), PLAIN)]


def busy_once(request: Request) -> Iterable[Part]:
    return [page(b"later", status="503 Unavailable")] if request.nth == 1 else [page(b"now", PLAIN)]


ROUTES: dict[str, Route] = {
    "/robots.txt": listing("User-agent: *", "Disallow: /private"),
    "/page": listing("a page"),
    "/slow-page": lambda request: [Pause(0.05), page(b"a page", PLAIN)],
    "/long-page": lambda request: [Pause(1.0), page(b"a page", PLAIN)],
    "/drops": listing("a page"),
    "/breaks": listing("a page"),
    "/fills-the-disk": listing("a page"),
    "/raises": listing("/page?found-before-the-fault"),
    "/stops": listing("a page"),
    "/busy": lambda request: [page(b"later", status="503 Unavailable")],
    "/busy-once": busy_once,
    "/no-answer": lambda request: [Close],
    "/moved": lambda request: [page(b"", "Location: /page?new", status="301 Moved")],
    "/moved-in-circles": lambda request: [page(b"", "Location: /moved-in-circles-2", status="301 Moved")],
    "/moved-in-circles-2": lambda request: [page(b"", "Location: /moved-in-circles", status="301 Moved")],
    "/moved-3": lambda request: [page(b"", "Location: /moved-2", status="301 Moved")],
    "/moved-2": lambda request: [page(b"", "Location: /moved-1", status="301 Moved")],
    "/moved-1": lambda request: [page(b"", "Location: /busy-once?moved", status="301 Moved")],
    "/moved-away": lambda request: [page(b"", "Location: http://localhost:1/elsewhere", status="302 Found")],
    "/links-away": listing("//localhost:1/elsewhere"),
    "/gone": lambda request: [page(b"", status="410 Gone")],
    "/forbidden": lambda request: [page(b"", status="403 Forbidden")],
    "/thousands": listing(*[f"/private?{n}" for n in range(1200)], "/page?last"),
    "/list": listing(*[f"/page?{n}" for n in range(10)], "/list feed"),
    "/hundred": listing(*[f"/slow-page?{n}" for n in range(100)]),
}


def job(*seeds: Mapping[str, Any] | str, **more: Any) -> dict[str, Any]:
    """One crawl from these seeds: what tests.frontier.crawl takes."""
    return {"seeds": [{"path": seed} if isinstance(seed, str) else seed for seed in seeds], **more}


class Crawls:
    """Runs crawls over one frontier and one site."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site, self.log = folder, site, ""

    def start(self, *jobs: dict[str, Any]) -> subprocess.Popen[str]:
        file = self.folder / "jobs.json"
        common = {"folder": str(self.folder), "origin": self.site.url("")}
        file.write_text(json.dumps([{**common, **job} for job in jobs]), encoding="utf-8")
        command = [sys.executable, "-m", "tests.frontier.crawl", str(file)]
        return subprocess.Popen(command, cwd=PROJECT, env=clean_environment(), stderr=subprocess.PIPE, text=True)

    def run(self, *jobs: dict[str, Any]) -> None:
        """One crawl after the other, in one process."""
        process = self.start(*jobs)
        try:
            _, self.log = process.communicate(timeout=180)
        finally:
            process.kill()
        assert process.returncode == 0, self.log

    def asked(self) -> list[str]:
        """What the site was asked for, robots.txt aside, as paths with queries."""
        paths = [entry.url.removeprefix(self.site.url("")) for entry in self.site.log]
        return [path for path in paths if path != "/robots.txt"]

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "frontier.db")) as database:
            return database.execute(f"SELECT {columns} FROM urls ORDER BY id").fetchall()

    def states(self) -> dict[str, str]:
        return {self._path(url): state for url, state in self.rows("url, state")}

    def reason(self, path: str) -> str:
        return str(dict(self.rows("url, reason"))[self.site.url(path)])

    def items(self) -> list[str]:
        file = self.folder / "items.txt"
        return [self._path(line) for line in file.read_text().splitlines()] if file.exists() else []

    @staticmethod
    def _path(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(ROUTES) as site:
        yield site


@pytest.fixture
def crawls(tmp_path: Path, site: Site) -> Crawls:
    site.log.clear()
    return Crawls(tmp_path, site)


ENDS = {
    "/page": "done",
    "/drops": "done",
    "/breaks": "failed",
    "/raises": "failed",
    "/busy": "failed",
    "/busy-once": "done",
    "/no-answer": "failed",
    "/moved": "done",
    "/moved-in-circles": "done",
    "/moved-away": "done",
    "/gone": "gone",
    "/nowhere": "gone",
    "/forbidden": "failed",
    "/private": "forbidden",
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Crawls:
    """One crawl with every end of a request in it."""
    crawls = Crawls(tmp_path_factory.mktemp("ended"), site)
    crawls.run(
        job(
            *ENDS,
            {"path": "/page?at-once", "callback": "parse_at_once"},
            {"path": "/no-answer?mended", "errback": "failed"},
            {"path": "/no-answer?worse", "errback": "failed_too"},
        )
    )
    return crawls


@pytest.mark.parametrize(("path", "state"), ENDS.items())
def test_each_end_of_a_request_has_its_state(ended: Crawls, path: str, state: str) -> None:
    assert ended.states()[path] == state, ended.log


def test_nothing_stays_leased_or_queued(ended: Crawls) -> None:
    assert not {"leased", "queued"} & set(ended.states().values())


def test_a_callback_that_raises_before_any_output_fails_its_url(ended: Crawls) -> None:
    assert ended.states()["/page?at-once"] == "failed"
    assert ended.reason("/page?at-once") == "ValueError: a fault before any output"


def test_links_found_before_a_fault_are_kept(ended: Crawls) -> None:
    assert ended.states()["/page?found-before-the-fault"] == "done"


def test_an_errbacks_request_is_made_and_the_url_stays_failed(ended: Crawls) -> None:
    assert ended.states()["/page?instead"] == "done"
    assert ended.states()["/no-answer?mended"] == "failed"


def test_an_errback_that_raises_fails_its_url(ended: Crawls) -> None:
    assert ended.states()["/no-answer?worse"] == "failed"


def test_a_redirect_names_where_it_led(ended: Crawls) -> None:
    assert dict(ended.rows("url, redirected_to"))[ended.site.url("/moved")] == ended.site.url("/page?new")
    assert ended.states()["/page?new"] == "done"


def test_a_redirect_back_is_not_followed(ended: Crawls) -> None:
    assert ended.states()["/moved-in-circles-2"] == "forbidden"
    assert ended.reason("/moved-in-circles-2") == f"redirects back to {ended.site.url('/moved-in-circles')}"


def test_a_page_behind_redirects_is_tried_again(crawls: Crawls) -> None:
    crawls.run(job("/moved-3"))
    assert crawls.states()["/busy-once?moved"] == "done"


def test_a_failed_url_is_due_again_in_an_hour(ended: Crawls) -> None:
    rows = {url: (due_at - seen_at) / 1e6 for url, seen_at, due_at in ended.rows("url, seen_at, due_at") if due_at}
    assert rows[ended.site.url("/no-answer")] == 3600


def test_links_and_redirects_to_forbidden_hosts_are_not_followed(crawls: Crawls) -> None:
    only = {"DOWNLOADER_MIDDLEWARES": {"tests.frontier.crawl.OnlyLoopbackAddress": 50}}
    crawls.run(job("/moved-away", "/links-away", settings=only))
    assert crawls.states() == {"/moved-away": "forbidden", "/links-away": "done"}


def test_a_full_disk_in_a_pipeline_leaves_the_page_in_the_queue(crawls: Crawls) -> None:
    crawls.run(job("/fills-the-disk", settings={"CLOSESPIDER_TIMEOUT": 1}))
    assert crawls.states() == {"/fills-the-disk": "queued"}


def test_a_spider_that_stops_leaves_its_page_in_the_queue(crawls: Crawls) -> None:
    crawls.run(job("/stops"))
    assert crawls.states() == {"/stops": "queued"}


def test_a_page_with_thousands_of_links_keeps_them_all(crawls: Crawls) -> None:
    crawls.run(job("/thousands", "/page"))
    assert Counter(crawls.states().values()) == {"forbidden": 1200, "done": 3}


def test_a_second_run_fetches_listings_only_and_each_once(crawls: Crawls) -> None:
    feed = job({"path": "/list", "purpose": "feed"})
    crawls.run(feed, feed)
    assert Counter(crawls.asked()) == {"/list": 2, **{f"/page?{n}": 1 for n in range(10)}}


def test_a_page_that_has_become_due_is_fetched_again(crawls: Crawls) -> None:
    crawls.run(job("/page?due", "/page?not-due"))
    with closing(sqlite3.connect(crawls.folder / "frontier.db")) as database, database:
        database.execute("UPDATE urls SET due_at = due_at - 3600e6 WHERE url LIKE '%?due'")
    crawls.site.log.clear()
    crawls.run(job())
    assert crawls.asked() == ["/page?due"]


def test_higher_priority_goes_first(crawls: Crawls) -> None:
    seeds = [{"path": f"/page?{n}", "priority": n} for n in (1, 5, 3, 2, 4)]
    crawls.run(job(*seeds, limit=0), job(settings={"CONCURRENT_REQUESTS": 1}))
    assert crawls.asked() == [f"/page?{n}" for n in (5, 4, 3, 2, 1)]


def test_groups_take_turns(crawls: Crawls) -> None:
    many = [f"/slow-page?a{n}" for n in range(30)]
    few = [f"/slow-page?b{n}" for n in range(5)]
    seeds = [{"path": path, "meta": {"download_slot": path[11]}} for path in many + few]
    crawls.run(job(*seeds, settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1}))
    assert max(crawls.asked().index(path) for path in few) < 16


def test_a_refused_page_stays_queued_and_listings_go_on(crawls: Crawls) -> None:
    crawls.run(job({"path": "/list", "purpose": "section"}, limit=3), job(limit=2))
    assert Counter(crawls.states().values()) == {"queued": 5, "done": 6}


def test_an_interrupted_crawl_finishes_what_is_under_way_and_keeps_the_rest(crawls: Crawls) -> None:
    process = crawls.start(job("/hundred", "/long-page"))
    _until(lambda: len(crawls.asked()) > 20)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    states = Counter(crawls.states().values())
    assert set(states) == {"queued", "done"}
    assert crawls.states()["/long-page"] == "done"
    assert states["done"] == len(crawls.asked())


def test_killed_at_any_moment_nothing_is_lost_and_nothing_acknowledged_fetched_again(crawls: Crawls) -> None:
    moments = random.Random(4)
    for _ in range(4):
        process = crawls.start(job("/hundred"))
        before = len(crawls.asked())
        _until(lambda before=before: len(crawls.asked()) > before)  # type: ignore[misc]
        time.sleep(moments.uniform(0.0, 0.4))
        process.kill()
        process.communicate()
    acknowledged = {path for path, state in crawls.states().items() if state == "done"}
    crawls.site.log.clear()
    crawls.run(job("/hundred"))
    assert not acknowledged & set(crawls.asked())
    assert Counter(crawls.states().values()) == {"done": 101}
    assert {f"/slow-page?{n}" for n in range(100)} <= set(crawls.items())


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
