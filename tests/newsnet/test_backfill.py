"""A span of the past, by the archive pages of a publisher: exactly its articles, and an account of them."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import clean_environment, project_with, scrapy_command
from tests.newsnet.conftest import Net

HOST = "www.gazette-1.example"
DEFINITION = f"""
from crawler.publishers.base import Publisher

PUBLISHER = Publisher(
    id="courier",
    name="Courier",
    domains=("{HOST}",),
    archive_pages=("/archive/{{year}}/{{month:02}}/{{day:02}}",),
)
"""
SPAN = ("-a", "since=2024-04-01", "-a", "until=2024-05-31")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def net(newsnet: Callable[..., Net]) -> Net:
    return newsnet("pages", regroup=1)


@pytest.fixture
def run(net: Net, tmp_path: Path, archives: Path) -> Run:
    """Runs ``scrapy …`` in a project that has the definition."""
    project = project_with(DEFINITION, tmp_path / "project")
    settings = {"OFRECORD_ARCHIVES_DIR": str(archives), "OFRECORD_DOWNLOAD_DELAY": "0", **net.environment}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            scrapy_command(arguments),
            cwd=project,
            env=clean_environment(settings | {"PYTHONPATH": str(project)}),
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


def published(net: Net) -> dict[str, str]:
    """The days of the publisher's articles, by address."""
    pages = net.server.hosts[HOST].values()
    return {page.url: time.strftime("%Y-%m-%d", time.gmtime(page.published)) for page in pages}


def asked(net: Net) -> list[str]:
    lines = net.exact_log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["url"] for line in lines]


def test_a_span_brings_exactly_its_articles_and_coverage_says_so(net: Net, run: Run, rows: Callable[..., Any]) -> None:
    crawled = run("crawl", "news", "-a", "publisher=courier", *SPAN)
    assert crawled.returncode == 0, crawled.stderr
    wanted = {url: day for url, day in published(net).items() if "2024-04-01" <= day <= "2024-05-31"}
    assert len(wanted) > 10
    articles = {url for url in asked(net) if url in published(net)}
    assert articles == set(wanted)
    assert {url for (url,) in rows("select url from captures where purpose = 'article'")} == set(wanted)
    told = [json.loads(line) for line in run("coverage", "courier", "--json").stdout.splitlines()]
    assert {row["day"]: row["held"] for row in told} == Counter(wanted.values())
    assert all((row["listed"], row["missing"]) == (row["held"], 0) for row in told)
    assert run("coverage", "--since", "2024-04-01", "--until", "2024-05-31").returncode == 0


def test_a_span_is_read_newest_first_goes_on_where_it_was_left_and_is_not_read_twice(net: Net, run: Run) -> None:
    run("crawl", "news", "-a", "publisher=courier", *SPAN, "-a", "limit=5")
    first = asked(net)
    days = [url[-10:] for url in first if "/archive/" in url]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2024/05/31"
    assert len(days) < 61
    for _ in range(2):
        assert run("crawl", "news", "-a", "publisher=courier", *SPAN).returncode == 0
    pages = Counter(url for url in asked(net) if "/archive/" in url)
    assert len(pages) == 61
    assert set(pages.values()) == {1}
