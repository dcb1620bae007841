"""What a site asks for is kept: pace, pauses, bounds; counted at the site."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.frontier.protocol import HostState
from crawler.frontier.sqlite import SqliteFrontier
from tests.conftest import Scrapy, clean_environment, project_with, scrapy_command
from tests.gazette import Gazette
from tests.site.parts import Part, Pause, Request, always, page
from tests.site.server import Site
from tests.test_together import Crawls

PATHS = [story.path for story in Gazette(6).stories]


@pytest.fixture
def crawls(archives: Path) -> Crawls:
    # With no delay at all Scrapy 2.19 begins what waits for a host in one go, whatever may be under way at once there.
    return Crawls(archives, OFRECORD_DOWNLOAD_DELAY="0.02")


def listed(site: Site, folder: Path) -> str:
    file = folder / "urls.txt"
    file.write_text("\n".join(site.url(path) for path in PATHS))
    return f"urls={file}"


def gaps(site: Site) -> list[float]:
    moments = [entry.received_at for entry in site.log]
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


def asked(site: Site) -> list[str]:
    return [entry.url.removeprefix(site.url("")) for entry in site.log if "robots" not in entry.url]


@pytest.mark.parametrize(("longest", "delay"), [("60", 0.5), ("0.3", 0.3), ("0", 0.02)])
def test_the_delay_that_robots_txt_asks_for_is_kept_up_to_a_bound(
    crawls: Crawls, tmp_path: Path, longest: str, delay: float
) -> None:
    gazette = Gazette(6)
    gazette.robots = "User-agent: *\nCrawl-delay: 0.5\n"
    with gazette.served() as site:
        crawls.run(listed(site, tmp_path), CRAWL_DELAY_MAX=longest)
        assert min(gaps(site)) >= delay * 0.9
        assert len(asked(site)) == 6


def test_the_delay_counts_from_the_answer(crawls: Crawls, tmp_path: Path) -> None:
    """A request may have been on its way for a while: the site counts from when it came."""

    def late(request: Request) -> Iterable[Part]:
        return [Pause(0.4), page(b"<p>A page that took its time.")]

    with Gazette(6, dict.fromkeys(PATHS, late)).served() as site:
        crawls.run(listed(site, tmp_path), DOWNLOAD_DELAY="0.3")
        assert min(gaps(site)[1:]) >= 0.7


def test_a_host_that_says_when_is_asked_then_and_by_the_same_crawl(crawls: Crawls, tmp_path: Path) -> None:
    def busy_once(request: Request) -> Iterable[Part]:
        busy = page(b"later", "Retry-After: 2", status="503 Service Unavailable")
        yield busy if request.nth == 1 else page(Gazette(6).stories[2].html().encode())

    with Gazette(6, {PATHS[2]: busy_once}).served() as site:
        said = crawls.run(listed(site, tmp_path))
        refused = next(n for n, entry in enumerate(site.log) if PATHS[2] in entry.url)
        assert gaps(site)[refused] >= 1.9
        assert sorted(asked(site)) == sorted([*PATHS, PATHS[2]])
    assert "is left alone: put off until" in said
    assert "6 new" in said.splitlines()[-1]


def test_a_host_that_says_tomorrow_is_not_asked_by_the_next_crawl_either(
    crawls: Crawls, scrapy: Scrapy, tmp_path: Path
) -> None:
    refuse = always(page(b"later", "Retry-After: 7200", status="429 Too Many Requests"))
    with Gazette(6, {PATHS[0]: refuse}).served() as site:
        for _ in range(2):
            crawls.run(listed(site, tmp_path), code=4)
            assert asked(site) == PATHS[:1]
    assert {state for (state,) in crawls.rows("select state from urls", "frontier.db")} == {"queued"}
    status = scrapy("status").stdout
    assert f"put off   {site.url('').removeprefix('http://')} until" in status
    assert "HTTP 429" in status


def test_a_host_that_fails_time_after_time_is_left_alone(crawls: Crawls, tmp_path: Path) -> None:
    fail = always(page(b"oops", status="500 Internal Server Error"))
    with Gazette(6, dict.fromkeys(PATHS, fail)).served() as site:
        said = crawls.run(listed(site, tmp_path), RETRY_TIMES="0", code=4)
        assert len(asked(site)) in (5, 6)  # one more may have been on its way
    assert "after 5 failures in a row (the last: HTTP 500)" in said


def test_a_mirror_of_a_host_that_is_left_alone_is_asked(archives: Path, tmp_path: Path) -> None:
    definition = 'PUBLISHER = Publisher(id="courier", name="Courier", domains=("127.0.0.1", "localhost"))'
    project = project_with(f"from crawler.publishers.base import Publisher\n\n{definition}\n", tmp_path / "project")
    settings = {"ARCHIVES_DIR": str(archives), "ALLOW_PRIVATE_ADDRESSES": "True", "DOWNLOAD_DELAY": "0.02"}
    settings["ROBOTSTXT_OBEY"] = "False"  # else it would be asked for first, and put off itself
    environment = {f"OFRECORD_{name}": value for name, value in settings.items()} | {"PYTHONPATH": str(project)}
    with Gazette(6).served() as site:
        until = datetime.now(UTC) + timedelta(hours=1)
        with closing(SqliteFrontier(archives / "news/frontier.db")) as frontier:
            frontier.note_host(HostState(site.url("").removeprefix("http://"), 6, until, "timed out"))
        urls = [site.url(path) for path in PATHS[:3]] + [site.url(PATHS[3]).replace("127.0.0.1", "localhost")]
        (tmp_path / "urls.txt").write_text("\n".join(urls))
        command = scrapy_command(["crawl", "news", "-a", f"urls={tmp_path / 'urls.txt'}"])
        subprocess.run(command, cwd=project, env=clean_environment(environment), check=True, timeout=180)
        assert [urlsplit(entry.url).path for entry in site.log] == [PATHS[3]]


def test_a_publisher_s_share_of_a_crawl_may_be_bounded(crawls: Crawls, tmp_path: Path) -> None:
    with Gazette(6).served() as site:
        said = crawls.run(listed(site, tmp_path), SOURCE_MAX_REQUESTS="4")
        assert len(asked(site)) + 2 == 4  # robots.txt and tdmrep.json are among them
        assert "has had its 4 requests in this crawl; the rest waits for the next" in said
        crawls.run(listed(site, tmp_path))
        assert sorted(asked(site)) == PATHS


def test_bytes_are_a_bound_as_well(crawls: Crawls, tmp_path: Path) -> None:
    with Gazette(6).served() as site:
        crawls.run(listed(site, tmp_path), SOURCE_MAX_BYTES="3000")
        assert 1 < len(asked(site)) < 6


def test_while_robots_txt_cannot_be_had_nothing_is_fetched(crawls: Crawls, tmp_path: Path) -> None:
    gazette = Gazette(6)
    gazette.robots_status = "503 Service Unavailable"
    with gazette.served() as site:
        crawls.run(listed(site, tmp_path), code=4)
        assert asked(site) == []
    assert crawls.rows("select distinct state from urls", "frontier.db") == [("queued",)]
    # Its whole group is left alone: what was not on its way by then is not even looked at.
    ((looked_at,),) = crawls.rows("select json_extract(stats, '$.\"robots/unknown\"') from crawls")
    assert looked_at <= 2
