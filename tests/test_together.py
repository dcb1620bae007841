"""Several crawls over one collection: they hand over or share the work, and no host is asked by two at once."""

from __future__ import annotations

import itertools
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import connect
from threading import Event
from typing import Any

import pytest

from crawler.collection.lock import door
from crawler.collection.verify import verify
from crawler.index.database import open_index
from crawler.warc.names import process_of
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.gazette import Gazette
from tests.site.parts import Part, Pause, Request, Route, always, page
from tests.site.server import Site

DELAY = 0.3
TOLERANCE = 0.02
"""A request that opens a connection arrives a little later after it left than one that does not."""

STORIES = 20


class Crawls:
    """Starts crawls over one collection, and ends what is left of them."""

    def __init__(self, archives: Path, **settings: str) -> None:
        self.folder = archives / "news"
        self.settings = {
            "OFRECORD_ARCHIVES_DIR": str(archives),
            "OFRECORD_DOWNLOAD_DELAY": str(DELAY),
            "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
            **settings,
        }
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        given = [part for argument in arguments for part in ("-a", argument)]
        process = subprocess.Popen(
            scrapy_command(["crawl", "news", *given]),
            cwd=PROJECT,
            env=clean_environment(self.settings | {f"OFRECORD_{name}": value for name, value in settings.items()}),
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def run(self, *arguments: str, code: int = 0, **settings: str) -> str:
        process = self.start(*arguments, **settings)
        try:
            _, said = process.communicate(timeout=240)
        finally:
            process.kill()
        assert process.returncode == code, said
        return said

    def end(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            if process.poll() is None:
                process.kill()
                process.communicate()

    def rows(self, query: str, database: str = "index.db") -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{self.folder}/{database}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()


@pytest.fixture
def crawls(archives: Path) -> Iterator[Crawls]:
    crawls = Crawls(archives)
    yield crawls
    crawls.end()


def wait_for(condition: Callable[[], bool], seconds: float = 180) -> None:
    """On a busy machine a crawl takes half a minute to begin."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so within {seconds:g} s"
        time.sleep(0.02)


def too_close(*sites: Site) -> list[str]:
    """Pairs of requests to one host that came sooner after each other than they may, whoever made them."""
    found = []
    for site in sites:
        for earlier, later in itertools.pairwise(sorted(site.log, key=lambda entry: entry.received_at)):
            gap = later.received_at - earlier.received_at
            if gap < DELAY - TOLERANCE:
                found.append(f"{earlier.url} -> {later.url} after {gap:.3f} s")
    return found


@contextmanager
def sites(count: int, stories: int = STORIES) -> Iterator[list[Site]]:
    """Publishers of their own: each has its own host name, which leads to loopback."""
    with ExitStack() as last:
        yield [last.enter_context(Gazette(stories).served()) for _ in range(count)]


def listed(folder: Path, sites: Sequence[Site]) -> Path:
    """A list of all their stories; sites are told apart by host name, and loopback has two."""
    names = ("127.0.0.1", "localhost")
    paths = [story.path for story in Gazette(STORIES).stories]
    urls = [site.url(path).replace("127.0.0.1", names[n]) for n, site in enumerate(sites) for path in paths]
    file = folder / "urls.txt"
    file.write_text("\n".join(urls))
    return file


def until(moment: Event, part: Part) -> Route:
    """A route whose answer waits for something."""

    def answer(request: Request) -> Iterable[Part]:
        while not moment.is_set():
            yield Pause(0.05)
        yield part

    return answer


def writers(crawls: Crawls) -> Counter[str | None]:
    """How many articles each process fetched."""
    rows = crawls.rows("select warc from captures where purpose = 'article'")
    return Counter(process_of(warc) for (warc,) in rows)


def test_a_crawl_beside_another_hands_its_urls_over(crawls: Crawls) -> None:
    handed_over, last = Event(), Gazette(STORIES).stories[-1]
    held = until(handed_over, page(last.html().encode()))
    with Gazette(STORIES, {last.path: held}).served() as first, Gazette(STORIES).served() as second:
        running = crawls.start(f"site={first.url('/')}")
        wait_for(lambda: bool(first.log))
        wanted = second.url(Gazette().stories[0].path).replace("127.0.0.1", "localhost")
        said = crawls.run(f"urls={wanted}")
        handed_over.set()
        assert said.splitlines()[-1] == (f"handed over: 1 URL to the crawl that is running (process {running.pid})"), (
            said
        )
        running.communicate(timeout=180)
        assert running.returncode == 0
    assert crawls.rows("select count(*) from articles") == [(STORIES + 1,)]
    assert crawls.rows("select outcome from captures where host = 'localhost' and purpose = 'article'") == [("new",)]
    assert set(writers(crawls)) == {str(running.pid)}


def test_what_is_handed_over_right_before_the_end_is_fetched_all_the_same(crawls: Crawls) -> None:
    """By the crawl that was about to end, or by the one that found nobody to hand it to."""
    with sites(1, 1) as (site,):
        path = Gazette().stories[0].path
        for number in range(3):
            running = crawls.start(f"urls={site.url(path)}?a={number}", DOWNLOAD_DELAY="0")
            wait_for(lambda number=number: any(entry.url.endswith(f"a={number}") for entry in site.log))  # type: ignore[misc]
            crawls.run(f"urls={site.url(path)}?b={number}", DOWNLOAD_DELAY="0")
            running.communicate(timeout=180)
        asked = {entry.url.partition("?")[2] for entry in site.log}
    assert asked >= {f"{letter}={number}" for letter in "ab" for number in range(3)}


def test_short_addresses_bring_no_host_out_of_its_pace(crawls: Crawls, tmp_path: Path) -> None:
    """What they lead to is asked with the host's other pages, not beside them."""
    paths = [story.path for story in Gazette(8).stories]
    with sites(1, 8) as (news,):
        moved: dict[str, Route] = {
            f"/{number}": always(page(b"", f"Location: {news.url(path)}", status="302 Found"))
            for number, path in enumerate(paths[4:])
        }
        with Site(moved) as short:
            file = tmp_path / "urls.txt"
            given = [short.url(path).replace("127.0.0.1", "localhost") for path in moved]
            file.write_text("\n".join([*map(news.url, paths[:4]), *given]))
            crawls.run(f"urls={file}")
        assert too_close(news) == []
    assert crawls.rows("select count(*) from articles") == [(8,)]
    assert crawls.rows("select distinct host_group from urls where url like 'http://127.0.0.1:%'", "frontier.db") == [
        ("127.0.0.1",)
    ]


def test_short_addresses_alone_are_followed_to_the_end(crawls: Crawls) -> None:
    with sites(1, 1) as (news,):
        target = news.url(Gazette().stories[0].path)
        with Site({"/1": always(page(b"", f"Location: {target}", status="302 Found"))}) as short:
            crawls.run(f"urls={short.url('/1').replace('127.0.0.1', 'localhost')}")
    assert crawls.rows("select url from articles") == [(target,)]


def test_a_crawl_that_starts_while_another_makes_the_index_waits_for_it(crawls: Crawls) -> None:
    path = crawls.folder / "index.db"
    with sites(1, 1) as (site,):
        with door(crawls.folder):
            path.touch()
            starting = crawls.start(f"urls={site.url(Gazette(1).stories[0].path)}")
            with suppress(subprocess.TimeoutExpired):
                starting.wait(5)
            open_index(path).close()
        _, said = starting.communicate(timeout=180)
    assert starting.returncode == 0, said
    assert crawls.rows("select count(*) from articles") == [(1,)]


def test_a_crawl_with_a_limit_is_a_crawl_of_its_own(crawls: Crawls, tmp_path: Path) -> None:
    with sites(1) as (site,):
        running = crawls.start(f"site={site.url('/')}")
        wait_for(lambda: bool(site.log))
        wanted = site.url(Gazette().stories[0].path).replace("127.0.0.1", "localhost")
        assert "handed over" not in crawls.run(f"urls={wanted}", "limit=1")
        running.communicate(timeout=180)
    assert len(set(writers(crawls))) == 2


def test_two_crawls_share_the_work_and_each_host_is_asked_by_one(crawls: Crawls, tmp_path: Path) -> None:
    share, last = Event(), Gazette(STORIES).stories[-1]
    held = {last.path: until(share, page(last.html().encode()))}
    with Gazette(STORIES, held).served() as one, Gazette(STORIES, held).served() as other:
        both = [one, other]
        file = listed(tmp_path, both)
        settings = {"JOIN": "1", "LEASE_SECONDS": "6", "DOWNLOAD_DELAY": "0.9"}
        running = [crawls.start(f"urls={file}", **settings) for _ in range(2)]
        # On a busy machine one could be done before the other has begun.
        wait_for(lambda: bool(one.log or other.log))
        wait_for(lambda: crawls.rows("select count(*) from workers", "frontier.db") == [(2,)])
        share.set()
        for process in running:
            _, said = process.communicate(timeout=180)
            assert process.returncode == 0, said
        assert too_close(*both) == []
        asked = [entry.url for site in both for entry in site.log if "robots" not in entry.url]
        assert len(set(asked)) == len(asked)
    assert len(writers(crawls)) == 2
    assert crawls.rows("select count(*) from articles") == [(2 * STORIES,)]
    assert verify(crawls.folder, workers=1).faults == []


def test_a_host_that_refuses_one_crawl_is_not_asked_by_the_other(crawls: Crawls, tmp_path: Path) -> None:
    """Both were running before: what one learns, the other takes over with the host."""
    refuses, refused = Event(), []

    def story(request: Request) -> Iterable[Part]:
        if not refuses.is_set():
            return [page(b"<p>Nothing of note.")]
        refused.append(request.path)
        return [page(b"later", "Retry-After: 3600", status="429 Too Many Requests")]

    routes = {each.path: story for each in Gazette(STORIES).stories}
    with Gazette(STORIES).served() as willing, Gazette(STORIES, routes).served() as busy:
        settings = {"LEASE_SECONDS": "6", "JOIN": "1", "DOWNLOAD_DELAY": "0.6", "RETRY_TIMES": "0"}
        both = [crawls.start(f"urls={listed(tmp_path, [willing, busy])}", **settings) for _ in range(2)]
        wait_for(lambda: bool(busy.log))
        wait_for(lambda: crawls.rows("select count(*) from workers", "frontier.db") == [(2,)])
        refuses.set()
        for process in both:
            process.communicate(timeout=180)
    assert len(refused) == 1


def test_nothing_is_lost_when_one_of_two_is_killed_time_and_again(crawls: Crawls, tmp_path: Path) -> None:
    moments = random.Random(7)
    with sites(2) as both:
        arguments = [f"urls={listed(tmp_path, both)}"]
        settings = {"LEASE_SECONDS": "6", "JOIN": "1"}
        staying = crawls.start(*arguments, **settings)
        kills = 0
        while staying.poll() is None and kills < 5:
            killed = crawls.start(*arguments, **settings)
            with suppress(subprocess.TimeoutExpired):
                killed.wait(moments.uniform(1.0, 2.5))
            killed.kill()
            killed.communicate()
            kills += 1
        staying.communicate(timeout=180)
        crawls.run(*arguments)
        assert too_close(*both) == []
        asked = Counter(entry.url for site in both for entry in site.log if "robots" not in entry.url)
    assert crawls.rows("select count(*) from articles") == [(2 * STORIES,)]
    assert crawls.rows("select distinct state from urls", "frontier.db") == [("done",)]
    assert sum(asked.values()) - len(asked) <= 4 * kills  # two groups with at most two requests under way each
    assert verify(crawls.folder, workers=1).faults == []


def test_a_process_that_was_stopped_past_its_lease_sends_nothing_more_of_it(crawls: Crawls, tmp_path: Path) -> None:
    with sites(1) as (site,):
        settings = {"LEASE_SECONDS": "3", "JOIN": "1"}
        arguments = [f"urls={listed(tmp_path, [site])}"]
        stopped = crawls.start(*arguments, **settings)
        wait_for(lambda: len(site.log) >= 3)
        stopped.send_signal(signal.SIGSTOP)
        before = len(site.log)
        other = crawls.start(*arguments, **settings)
        wait_for(lambda: len(site.log) >= before + 3)
        stopped.send_signal(signal.SIGCONT)
        for process in (stopped, other):
            process.communicate(timeout=180)
            assert process.returncode == 0
        assert too_close(site) == []
        asked = Counter(entry.url for entry in site.log if "robots" not in entry.url)
    assert len(asked) == STORIES
    assert sum(asked.values()) <= STORIES + 2  # what was under way when it was stopped
    assert crawls.rows("select count(*) from articles") == [(STORIES,)]
    assert crawls.rows("select distinct state from urls", "frontier.db") == [("done",)]
    assert len(writers(crawls)) == 2
    assert verify(crawls.folder, workers=1).faults == []
