"""A publisher on two hosts, of which the first fails and comes back while it is crawled."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.collection.resume import capture_at
from tests.conftest import Scrapy, clean_environment, project_with, scrapy_command
from tests.gazette import Gazette
from tests.site.parts import Part, Request, Reset, always, page
from tests.site.server import Site

DEFINITION = """
from crawler.publishers.base import Publisher

PUBLISHER = Publisher(id="courier", name="The Courier", domains=("127.0.0.1", "localhost"))
"""
DELAY = 0.05
STORIES = 18
SEIZED = page(b"<h1>This domain has been seized by the police</h1>")


class Courier:
    """The publisher, the project that knows it, and the collection."""

    def __init__(self, folder: Path) -> None:
        self.project = project_with(DEFINITION, folder / "project")
        self.folder = folder / "archives/news"
        self.gazette = Gazette(STORIES)
        self.gazette.gate = self._gate
        self.down: Any = None
        """What the first host does in place of answering."""
        self.asked: list[str] = []
        """Hosts, in order."""

    def _gate(self, request: Request) -> Iterable[Part] | None:
        host = (request.header("host") or "").partition(":")[0]
        self.asked.append(host)
        self.change(host)
        return [self.down] if host == "127.0.0.1" and self.down is not None else None

    def change(self, host: str) -> None:
        """Before each answer."""

    def start(self, site: Site, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        given = {
            "ARCHIVES_DIR": str(self.folder.parent),
            "ALLOW_PRIVATE_ADDRESSES": "True",
            "DOWNLOAD_DELAY": str(DELAY),
            "RETRY_TIMES": "0",
            "CONTACT": "desk@example.org",
            **settings,
        }
        environment = {f"OFRECORD_{name}": value for name, value in given.items()} | {"PYTHONPATH": str(self.project)}
        return subprocess.Popen(
            scrapy_command(["crawl", "news", "-a", f"site={site.url('/')}", "-a", "sources=feed", *arguments]),
            cwd=self.project,
            env=clean_environment(environment),
            stderr=subprocess.PIPE,
            text=True,
        )

    def crawl(self, site: Site, *arguments: str, **settings: str) -> str:
        process = self.start(site, *arguments, **settings)
        _, said = process.communicate(timeout=180)
        assert process.returncode == 0, said
        return said

    def rows(self, query: str, database: str = "index.db") -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{self.folder}/{database}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def events(self) -> list[str]:
        return [kind for (kind,) in self.rows("select kind from events where kind like 'host-%' order by at")]


@pytest.fixture
def courier(tmp_path: Path) -> Courier:
    return Courier(tmp_path)


@pytest.fixture
def site(courier: Courier) -> Iterator[Site]:
    with courier.gazette.served() as site:
        yield site


def test_a_host_that_goes_down_in_mid_crawl_is_stood_in_for_and_asked_again_when_it_is_back(
    courier: Courier, site: Site
) -> None:
    def change(host: str) -> None:
        if courier.asked.count("127.0.0.1") == 5 and "localhost" not in courier.asked:
            courier.down = Reset
        if courier.asked.count("localhost") == 5:
            courier.down = None

    courier.change = change  # type: ignore[method-assign]
    said = courier.crawl(site, HOST_PROBE_SECONDS="0.2")
    assert f"{STORIES} new" in said
    assert courier.events() == ["host-down", "host-up"]
    ((detail,),) = courier.rows("select detail from events where kind = 'host-down'")
    told = json.loads(detail)
    assert (told["host"], told["instead"], told["faults"][0]["dns"]) == ("127.0.0.1", "localhost", "127.0.0.1")
    # Queued requests went to the other host at once; when the first was back, they went there again.
    fifth = [at for at, host in enumerate(courier.asked) if host == "localhost"][4]
    assert courier.asked[fifth:].count("127.0.0.1") >= 2
    assert courier.rows("select count(*), sum(revisions) from articles") == [(STORIES, STORIES)]
    assert {urlsplit(url).hostname for (url,) in courier.rows("select url from urls", "frontier.db")} == {"127.0.0.1"}
    assert courier.rows("select distinct state from urls where purpose = 'article'", "frontier.db") == [("done",)]
    # One delay for both hosts; what a broken connection sent is sent once more at once, on another.
    moments = [entry.received_at for entry, after in itertools.pairwise(site.log) if entry.url != after.url]
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= DELAY * 0.9
    # robots.txt was asked of the host that is really used, before anything else there.
    first = next(entry.url for entry in site.log if "localhost" in entry.url)
    assert urlsplit(first).path == "/robots.txt"


def test_the_record_says_for_which_address_another_was_asked(courier: Courier, site: Site) -> None:
    courier.down = SEIZED
    courier.crawl(site)
    assert courier.rows("select kind from events where kind in ('seized', 'host-down')") == [("seized",)]
    places = courier.rows("select url, warc, offset from captures where host = 'localhost' and purpose = 'article'")
    assert len(places) == STORIES
    for url, warc, offset in places:
        assert capture_at(courier.folder, warc, offset).notes.mirror_of == url.replace("localhost", "127.0.0.1")
    assert courier.rows("select count(*) from revisions where text like '%seized%'") == [(0,)]


def test_what_a_mirror_lacks_is_asked_for_again_when_the_first_host_is_back(courier: Courier, site: Site) -> None:
    late = courier.gazette.stories[3]
    courier.down, late.status = Reset, "404 Not Found"
    courier.crawl(site)
    assert courier.rows("select state, reason from urls where state <> 'done'", "frontier.db") == [
        ("failed", "HTTP 404 on a mirror")
    ]
    courier.down, late.status = None, "200 OK"
    with closing(connect(courier.folder / "frontier.db")) as frontier:
        frontier.execute("update mirrors set probe_at = 0")
        frontier.execute("update urls set due_at = 0 where state = 'failed'")
        frontier.commit()
    courier.crawl(site)
    assert courier.rows("select count(*), sum(revisions) from articles") == [(STORIES, STORIES)]


def test_a_kill_while_another_host_stands_in_loses_nothing(courier: Courier, site: Site) -> None:
    courier.down = Reset
    process = courier.start(site)
    deadline = time.monotonic() + 60
    while courier.asked.count("localhost") < 7 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    asked = len(courier.asked)
    courier.crawl(site)
    assert courier.rows("select count(*), sum(revisions) from articles") == [(STORIES, STORIES)]
    # What was found is not found out once more.
    assert "127.0.0.1" not in courier.asked[asked:]
    assert courier.events() == ["host-down"]


def test_when_no_host_answers_none_is_said_to_be_down_and_the_urls_wait(courier: Courier, site: Site) -> None:
    """It may be our own network."""
    courier.gazette.gate = lambda request: [Reset]
    process = courier.start(site, HOST_PROBE_SECONDS="600")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 4, said
    assert courier.events() == []
    assert courier.rows("select distinct state from urls", "frontier.db") == [("queued",)]


def test_an_article_that_moved_to_another_site_names_that_site(archives: Path, scrapy: Scrapy) -> None:
    gazette = Gazette(4)
    moved = gazette.stories[2].path
    gazette.routes[moved] = always(page(b"", f"Location: http://moved.test{moved}", status="301 Moved Permanently"))
    with gazette.served() as site:
        assert scrapy("crawl", "news", "-a", f"site={site.url('/')}").returncode == 0
        own, found = map(json.loads, scrapy("publisher", "mirrors", "127.0.0.1", "--json").stdout.splitlines())
        assert own == {"host": "127.0.0.1", "state": "live"}
        assert found == {"host": "moved.test", "state": "suggested", "found_in": site.url(moved)}
        assert scrapy("reindex").returncode == 0
        assert json.loads(scrapy("publisher", "mirrors", "127.0.0.1", "--json").stdout.splitlines()[1]) == found
        guarded = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "False"}
        tried = scrapy("publisher", "mirrors", "127.0.0.1", "--accept", "127.0.0.2", environment=guarded)
        assert (tried.returncode, "is in a private network" in tried.stdout) == (1, True)


def test_a_publisher_with_one_host_is_seized_as_well_and_comes_back(archives: Path, scrapy: Scrapy) -> None:
    gazette = Gazette(3)
    with gazette.served() as site:
        for gate in (lambda request: [SEIZED], lambda request: None):
            gazette.gate = gate
            assert scrapy("crawl", "news", "-a", f"site={site.url('/')}").returncode == 0
    with closing(connect(archives / "news/index.db")) as index:
        query = (
            "select kind, json_extract(detail, '$.host') from events where kind in ('seized', 'host-up') order by at"
        )
        assert index.execute(query).fetchall() == [("seized", "127.0.0.1"), ("host-up", "127.0.0.1")]
        assert index.execute("select count(*), sum(revisions) from articles").fetchall() == [(3, 3)]
