"""`scrapy watch`: what is due is fetched at its time, for ever."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from crawler.collection.verify import verify
from tests.conftest import PROJECT, Scrapy, clean_environment, scrapy_command
from tests.gazette import Gazette
from tests.test_together import Crawls, wait_for
from tests.watching import PUBLISHED

Hours = dict[str, list[float]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Hours:
    """The hours at which each address was asked for, over nine days that pass in seconds."""
    folder = tmp_path_factory.mktemp("week")
    done = subprocess.run(
        [sys.executable, "-m", "tests.watching", str(folder), "9"],
        cwd=PROJECT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert verify(folder / "news", workers=1).faults == []
    hours: Hours = defaultdict(list)
    for hour, path in json.loads(done.stdout):
        hours[path].append(hour)
    return hours


def intervals(hours: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(hours)]


def stories(week: Hours) -> list[list[float]]:
    return [week[story.path.removeprefix("/")] for story in Gazette(len(PUBLISHED)).stories]


def test_every_article_is_fetched_again_at_its_ages(week: Hours) -> None:
    for hours in stories(week):
        ages = [hour - hours[0] for hour in hours]
        assert ages == pytest.approx([0, 1, 6, 24, 168][: len(ages)], abs=0.1)
        assert len(ages) == 5 or hours[0] + 168 > 9 * 24


def test_every_article_is_found_soon_after_a_listing_names_it(week: Hours) -> None:
    asked = sorted(week[""] + week["feed.xml"] + week["sitemap.xml"])
    for published, hours in zip(PUBLISHED, stories(week), strict=True):
        first = next(hour for hour in asked if hour >= published)
        assert hours[0] == pytest.approx(first, abs=0.1)


@pytest.mark.parametrize(("path", "first"), [("feed.xml", 0.25), ("", 0.5), ("sitemap.xml", 1.0)])
def test_a_listing_without_news_is_asked_for_ever_more_seldom(week: Hours, path: str, first: float) -> None:
    quiet = [hour for hour in week[path] if hour < PUBLISHED[3]]
    waits = intervals(quiet)
    assert waits[0] == pytest.approx(first, rel=0.01)
    assert all(later == pytest.approx(1.5 * earlier, rel=0.01) for earlier, later in itertools.pairwise(waits[1:]))
    assert intervals(week[path])[-2:] == pytest.approx([24, 24], abs=0.1)


@pytest.mark.parametrize("path", ["feed.xml", "", "sitemap.xml"])
def test_a_listing_with_news_is_asked_for_oftener(week: Hours, path: str) -> None:
    busy = next(number for number, hour in enumerate(week[path]) if hour >= PUBLISHED[-1])
    waits = intervals(week[path])
    assert waits[busy] == pytest.approx(waits[busy - 1] / 2, rel=0.01)


def test_a_watch_takes_what_is_handed_over_and_ends_in_order(archives: Path) -> None:
    crawls = Crawls(archives)
    with Gazette(3).served() as site:
        crawls.run(f"urls={site.url(Gazette().stories[0].path)}")
        command = scrapy_command(["watch"])
        environment = clean_environment(crawls.settings)
        with subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True) as watch:
            try:
                wait_for(lambda: crawls.rows("select count(*) from workers", "frontier.db") == [(1,)])
                said = crawls.run(f"site={site.url('/')}")
                assert f"(process {watch.pid})" in said
                wait_for(lambda: crawls.rows("select count(*) from articles") == [(3,)])
                watch.send_signal(signal.SIGTERM)
                _, said = watch.communicate(timeout=180)
            finally:
                watch.kill()
        assert watch.returncode == 0
        assert "2 new" in said.splitlines()[-1]
    assert verify(crawls.folder, workers=1).faults == []


def test_a_watch_with_nothing_to_do_says_what_to_give(scrapy: Scrapy) -> None:
    done = scrapy("watch")
    assert done.returncode == 3
    assert "nothing to watch: name publishers" in done.stderr
