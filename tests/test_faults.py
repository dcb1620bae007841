"""What goes wrong in the middle of a crawl: it is said, nothing is lost, and the next run makes up for it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scrapy
from tests.gazette import Gazette, Story
from tests.site.parts import Part, Pause, Request, Reset, head, page
from tests.site.server import Site

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ask(archives: Path) -> Ask:
    def asked(query: str, name: str = "index.db") -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{archives}/news/{name}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    return asked


def crawled(scrapy: Scrapy, site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", "news", "-a", f"site={site.url('/')}", *arguments)


class BadPipeline:
    """Somebody's own, with a fault; its error holds what no encoding can."""

    def process_item(self, item: object) -> object:
        raise ValueError("bad text \ud800")


def test_an_index_that_refuses_an_article_ends_the_crawl(scrapy: Scrapy, archives: Path, ask: Ask) -> None:
    gazette = Gazette(2)
    first, second = (story.path for story in gazette.stories)
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"urls={site.url(first)}")
        with closing(sqlite3.connect(archives / "news/index.db")) as index, index:
            index.execute("UPDATE articles_fts_data SET block = x'deadbeef' WHERE id = 10")
        done = scrapy("crawl", "news", "-a", f"urls={site.url(second)}")
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("ofrecord: the index cannot be written to")
        assert len(site.logged(site.url(second))) == 1
    assert ask("SELECT state FROM urls WHERE reason IS NOT NULL", "frontier.db") == [("queued",)]


def test_pages_that_could_not_be_put_on_record_are_fetched_by_the_next_run(
    scrapy: Scrapy, archives: Path, ask: Ask
) -> None:
    gazette = Gazette(12)
    stories = iter(range(100))

    def torn_away(request: Request) -> Iterable[Part]:
        if next(stories) == 3:
            for path in (archives / "news/archive").glob("*.open"):
                path.unlink()
                path.mkdir()
        yield page(gazette.stories[0].html().encode())

    gazette.routes = {gazette.stories[0].path: torn_away, gazette.stories[5].path: torn_away}
    gazette.routes |= {gazette.stories[number].path: torn_away for number in range(1, 5)}
    with gazette.served() as site:
        broken = crawled(scrapy, site)
        for path in (archives / "news/archive").glob("*.open"):
            path.rmdir()
        assert ask("SELECT count(*) FROM urls WHERE state = 'forbidden'", "frontier.db") == [(0,)]
        mended = crawled(scrapy, site)
    assert (broken.returncode != 0, mended.returncode) == (True, 0)
    assert "Traceback" not in broken.stderr


def half(ending: bytes) -> Callable[[Request], Iterable[Part]]:
    """A story that breaks off in its last paragraph, with some last bytes, by a reset."""
    html = Story(1, "2024-03-11").html().encode()

    def answer(request: Request) -> Iterable[Part]:
        yield head("Content-Type: text/html") + html[: html.index(b"Two members")] + ending
        yield Pause(0.3)
        yield Reset

    return answer


def test_half_a_page_is_no_article_and_is_tried_again(scrapy: Scrapy, ask: Ask) -> None:
    gazette = Gazette(1)
    path = gazette.stories[0].path
    gazette.routes = {path: half(b"")}
    with gazette.served() as site:
        done = scrapy("crawl", "news", "-a", f"urls={site.url(path)}")
        assert len(site.logged(site.url(path))) == 3
    assert done.returncode == 0
    assert ask("SELECT DISTINCT status, truncated, outcome FROM captures WHERE purpose = 'article'") == [
        (200, "disconnect", "failed")
    ]
    assert ask("SELECT count(*) FROM articles") == [(0,)]
    assert ask("SELECT state, reason FROM urls", "frontier.db") == [("failed", "cut short (disconnect)")]


def test_a_page_that_says_it_has_ended_is_whole_however_its_server_hangs_up(scrapy: Scrapy, ask: Ask) -> None:
    gazette = Gazette(1)
    gazette.routes = {gazette.stories[0].path: half(b"</p></article></body></html>\n")}
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"urls={site.url(gazette.stories[0].path)}")
    assert ask("SELECT truncated, outcome FROM captures WHERE purpose = 'article'") == [("disconnect", "new")]


def test_an_archive_that_cannot_be_sealed_is_a_fault(scrapy: Scrapy, archives: Path) -> None:
    archives.joinpath("news").mkdir(parents=True)
    (archives / "news/indexes").write_text("a file is in the way")
    with Gazette(1).served() as site:
        done = crawled(scrapy, site)
        assert done.returncode == 5
        assert str(archives / "news/indexes") in done.stderr.splitlines()[-1]
        (archives / "news/indexes").unlink()
        assert crawled(scrapy, site).returncode == 0
    assert not list((archives / "news/archive").glob("*.open"))


def test_a_pipeline_that_fails_is_a_fault_and_its_page_is_tried_again(scrapy: Scrapy, ask: Ask) -> None:
    pipelines = {
        "crawler.pipelines.extract.ExtractPipeline": 100,
        "tests.test_faults.BadPipeline": 500,
        "crawler.pipelines.store.StorePipeline": 900,
    }
    with Gazette(1).served() as site:
        done = crawled(scrapy, site, "-s", f"ITEM_PIPELINES={json.dumps(pipelines)}")
    assert done.returncode == 1
    assert "1 failed" in done.stderr
    states = ask("SELECT state, reason, due_at IS NOT NULL FROM urls WHERE purpose = 'article'", "frontier.db")
    assert states == [("failed", "ValueError: bad text ?", 1)]


def test_robots_txt_is_asked_of_another_host_that_holds_the_sitemap(scrapy: Scrapy, ask: Ask) -> None:
    gazette = Gazette(3)
    with gazette.served() as site:
        port = site.url("/").rstrip("/").rpartition(":")[2]
        gazette.robots = f"User-agent: *\nDisallow:\nSitemap: http://localhost:{port}/sitemap.xml\n"
        done = crawled(scrapy, site, "-a", "sources=sitemap")
    assert done.returncode == 0
    kinds = {purpose for (purpose,) in ask("SELECT purpose FROM captures WHERE host = 'localhost'")}
    assert kinds == {"robots", "tdmrep", "sitemap"}


def rules_elsewhere(request: Request) -> Iterable[Part]:
    """The same server by another name."""
    port = (request.header("host") or "").rpartition(":")[2]
    yield page(b"", f"Location: http://localhost:{port}/rules.txt", status="301 Moved Permanently")


def test_robots_txt_that_moved_to_another_host_is_followed_there(scrapy: Scrapy, ask: Ask) -> None:
    rules = page(b"User-agent: *\nDisallow: /section/\n", "Content-Type: text/plain")
    gazette = Gazette(2, {"/robots.txt": rules_elsewhere, "/rules.txt": lambda request: [rules]})
    with gazette.served() as site:
        done = crawled(scrapy, site)
        assert not site.logged(site.url("/section/town"))
    assert done.returncode == 0
    assert ask("SELECT count(*) FROM articles") == [(2,)]


def test_recheck_follows_a_redirect_to_the_article(scrapy: Scrapy, ask: Ask) -> None:
    gazette = Gazette(1)
    (story,) = gazette.stories
    gazette.routes = {"/old": lambda request: [page(b"", f"Location: {story.path}", status="301 Moved Permanently")]}
    with gazette.served() as site:
        for edited in ("", "Three members voted against the plan, the treasurer among them, it was said on Friday."):
            story.edited = edited
            assert scrapy("crawl", "news", "-a", f"urls={site.url('/old')}", "-a", "recheck=now").returncode == 0
    assert ask("SELECT revisions FROM articles") == [(2,)]


def test_a_response_that_no_tap_saw_ends_the_crawl(scrapy: Scrapy, tmp_path: Path, ask: Ask) -> None:
    cached = ("-s", "HTTPCACHE_ENABLED=1", "-s", f"HTTPCACHE_DIR={tmp_path}/cache")
    gazette = Gazette(1)
    with gazette.served() as site:
        url = f"urls={site.url(gazette.stories[0].path)}"
        scrapy("crawl", "news", "-a", url, *cached)
        done = scrapy("crawl", "news", "-a", url, "-a", "recheck=now", *cached)
    assert done.returncode == 9
    assert "a response came past the wire tap" in done.stderr.splitlines()[-1]
    assert ask("SELECT state FROM urls WHERE purpose = 'article'", "frontier.db") == [("queued",)]
