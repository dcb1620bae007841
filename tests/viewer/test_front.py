"""The front page: the newest articles, what changed, how the archive is and what is to be done."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.collection.health import Health
from crawler.frontier.protocol import HostState, MirrorState, Waiting
from crawler.index.database import open_index
from crawler.index.overview import Counted, Crawl, Lately, Refusal
from crawler.viewer.notices import ended, notices
from tests.viewer.altered import HOSTILE, LIBRARY, altered, hostile
from tests.viewer.serving import Served, served

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NOTHING = Lately(0, (), 0, ())
WELL = Health((), Waiting(0, 0, None), (), (), ())


def crawl(reason: str | None, finished_at: str | None = "2026-01-05T11:00:00Z") -> Crawl:
    return Crawl(
        "news", ("news", "-a", "site=https://a.example/"), "2026-01-05T10:00:00Z", finished_at, reason, "x", None
    )


@pytest.fixture(scope="module")
def reindexed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Without a frontier, after a crawl that was killed, of a publisher that names things as an attacker would."""
    killed = "UPDATE crawls SET finished_at = NULL, finish_reason = NULL"
    into = tmp_path_factory.mktemp("reindexed")
    with altered(demo, into, killed, *hostile(), keep_frontier=False) as viewer:
        yield viewer


def test_the_newest_article_leads_with_its_summary_section_and_publisher(viewer: Served) -> None:
    lead = viewer.get("/").text.partition('<article class="lead"')[2].partition("</article>")[0]
    assert f'href="/article/{LIBRARY}"' in lead
    assert 'class="dek"' in lead
    assert 'href="/search?q=publisher%3A127.0.0.1+section%3ATown"' in lead
    assert "The Eddermouth Courier" in lead
    assert '<time datetime="2025-03-14T07:40:00Z"' in lead


def test_pictures_are_told_by_their_captions(viewer: Served) -> None:
    assert '<p class="caption"' in viewer.get("/").text


def test_what_changed_is_counted_by_kind_and_leads_to_the_ledger(viewer: Served) -> None:
    page = viewer.get("/").text
    since = datetime.now(UTC).date() - timedelta(days=1)
    for kind in ("edited", "silently-edited"):
        address = f"/ledger?kind={kind}&amp;since={since}"
        assert f'<a href="{address}"><strong>1</strong>' in page
        assert viewer.get(address.replace("&amp;", "&")).text.count('<article class="entry') == 1


def test_the_last_edits_lead_to_what_they_changed(viewer: Served) -> None:
    page = viewer.get("/").text
    assert f'href="/article/{LIBRARY}/diff?from=1&amp;to=2"' in page
    assert "<del>eleven to eight</del> <ins>ten to nine</ins>" in page
    assert viewer.get(f"/article/{LIBRARY}/diff?from=1&to=2").status == 200


def test_how_the_archive_is_is_told_at_a_glance(viewer: Served) -> None:
    page = viewer.get("/").text
    assert "all that was due was fetched" in page
    assert "Nothing is wrong that the archive knows of" in page
    assert "9 articles of 1 publisher<" in page


def test_an_empty_archive_says_what_to_run(tmp_path: Path) -> None:
    open_index(tmp_path / "news" / "index.db").close()
    with served(tmp_path, "news") as viewer:
        page = viewer.get("/").text
        assert "Nothing is archived here yet" in page
        assert "uv run scrapy crawl news -a site=https://example.com/" in page
        assert "There are no publishers yet" in viewer.get("/publishers").text
        assert "No edits and no deletions are known yet" in viewer.get("/ledger").text


def test_without_a_frontier_the_page_says_why_there_is_no_queue(reindexed: Served) -> None:
    page = reindexed.get("/")
    assert page.status == 200
    assert "there is no queue here (after a reindex, or in a copy)" in page.text
    assert not (reindexed.archives / "demo/frontier.db").exists()


def test_a_crawl_that_was_killed_is_told(reindexed: Served) -> None:
    page = reindexed.get("/").text
    assert "did not come to its end" in page
    assert "Run it again" in page


@pytest.mark.parametrize("path", ["/", "/ledger", "/publishers", "/publisher/127.0.0.1"])
def test_what_pages_call_themselves_is_shown_and_never_runs(reindexed: Served, path: str) -> None:
    page = reindexed.get(path)
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert HOSTILE not in page.text


def test_a_frontier_that_cannot_be_read_is_told_and_the_rest_is_shown(demo: Path, tmp_path: Path) -> None:
    with altered(demo, tmp_path) as viewer:
        with closing(sqlite3.connect(tmp_path / "demo/frontier.db")) as frontier:
            frontier.execute("PRAGMA user_version = 99")
        page = viewer.get("/")
    assert page.status == 200
    assert "The queue cannot be read: " in page.text
    assert "has version 99" in page.text
    assert "Council votes" in page.text


def test_a_crawl_that_holds_the_frontier_is_not_waited_for(demo: Path, tmp_path: Path) -> None:
    with altered(demo, tmp_path) as viewer, closing(sqlite3.connect(tmp_path / "demo/frontier.db")) as frontier:
        frontier.execute("BEGIN IMMEDIATE")
        page = viewer.get("/")
        frontier.execute("ROLLBACK")
    assert "0 now" in page.text


def test_the_frontier_is_never_written(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo / "demo", tmp_path / "demo")
    before = (tmp_path / "demo/frontier.db").read_bytes()
    with served(tmp_path, "demo") as viewer:
        assert viewer.get("/").status == 200
    assert (tmp_path / "demo/frontier.db").read_bytes() == before


def test_where_all_is_well_there_is_nothing_to_notice() -> None:
    assert notices(crawl("finished"), WELL, NOTHING) == []
    assert notices(None, None, NOTHING) == []


def test_a_crawl_that_still_runs_was_not_killed() -> None:
    running = Health(("17",), Waiting(1, 0, None), (), (), ())
    assert notices(crawl(None, None), running, NOTHING) == []
    assert ended(crawl(None, None), is_running=True) == "it is running"
    assert ended(crawl(None, None), is_running=False) == "it was killed"


def test_the_command_to_run_again_can_be_pasted() -> None:
    quoted = Crawl(
        "news", ("news", "-a", "site=https://a.example/?a=1&b=2"), "2026-01-05T10:00:00Z", None, None, "x", None
    )
    (notice,) = notices(quoted, WELL, NOTHING)
    assert notice.command == "uv run scrapy crawl news -a 'site=https://a.example/?a=1&b=2'"


def test_of_another_command_than_crawl_none_is_made_up() -> None:
    watch = Crawl("news", ("presstv",), "2026-01-05T10:00:00Z", None, None, "x", None)
    (notice,) = notices(watch, WELL, NOTHING)
    assert (notice.command, "Run it again" in (notice.do or "")) == (None, True)


@pytest.mark.parametrize("reason", ["storage_error", "unreachable"])
def test_a_crawl_that_could_not_go_on_is_told(reason: str) -> None:
    (notice,) = notices(crawl(reason), WELL, NOTHING)
    assert notice.command == "uv run scrapy crawl news -a site=https://a.example/"


def test_hosts_that_are_away_are_told_once_a_publisher_with_what_to_do() -> None:
    away = tuple(MirrorState("gazette", host, "down", NOW, NOW, "HTTP 503") for host in ("a.example", "b.example"))
    put_off = (HostState("c.example", 5, NOW, "x" * 500),)
    mirrors, host = notices(crawl("finished"), Health((), Waiting(0, 0, None), put_off, away, ()), NOTHING)
    assert mirrors.said.startswith("Of gazette a.example is down since 5 January 2026, 00:00 UTC (HTTP 503); b.example")
    assert mirrors.command == "uv run scrapy publisher mirrors gazette"
    assert host.said.startswith("c.example is left alone until 5 January 2026")
    assert len(host.said) < 250


def test_faults_lead_to_their_rows_and_hosts_are_left_to_the_frontier_where_it_knows() -> None:
    told = Lately(0, (Counted("broken-exchange", 2), Counted("seized", 1)), 0, ())
    (broken,) = notices(crawl("finished"), WELL, told)
    assert (broken.said, broken.look) == (
        "2 answers broke off before their end",
        "/index/events?kind=broken-exchange&_sort_desc=at",
    )
    assert [notice.said for notice in notices(crawl("finished"), None, told)][1:] == [
        "1 host showed a notice of seizure"
    ]


def test_a_host_that_refuses_is_told_and_a_page_that_is_gone_is_not() -> None:
    told = Lately(0, (), 0, (Refusal("a.example", 404, 9), Refusal("b.example", 429, 3)))
    (notice,) = notices(crawl("finished"), WELL, told)
    assert notice.said == "b.example answered with status 429 3 times"
    assert notice.look == "/index/captures?host=b.example&status=429&_sort_desc=captured_at"
