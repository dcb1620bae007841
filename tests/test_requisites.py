"""Images are archived with their articles where the publisher's definition asks for it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.spiders.requests import IMAGE_BYTES
from tests.conftest import clean_environment, project_with, scrapy_command
from tests.gazette import Gazette
from tests.site.parts import always, page
from tests.site.server import Site

DEFINITION = """
from crawler.publishers.base import Publisher
PUBLISHER = Publisher(id="courier", name="Courier", domains=("127.0.0.1",){more})
"""
PICTURE = os.urandom(5000)
FIGURE = (
    "Two members voted against the plan, since the bids had come from one firm only, as the treasurer had said.</p>"
    "<figure><img src={url} width=800 height=600 alt=bridge><figcaption>The old bridge in March.</figcaption></figure>"
    "<p>The work is to begin in spring, and the ferry will run until the last stone has been laid, the mayor said."
)


@pytest.fixture
def gazette() -> Gazette:
    """Two stories with one image between them, one with an image that is on another host, one with too large a one."""
    png = always(page(PICTURE, "Content-Type: image/png"))
    large = always(page(bytes(IMAGE_BYTES + 1), "Content-Type: image/png"))
    gazette = Gazette(routes={"/bridge.png": png, "/copy.png": png, "/large.png": large})
    for story, url in zip(gazette.stories, ("/bridge.png", "/bridge.png", "/copy.png", "/large.png"), strict=True):
        story.edited = FIGURE.format(url=url)
    return gazette


def crawled(site: Site, folder: Path, more: str = "", *, new: int = 4) -> list[tuple[Any, ...]]:
    """What is on record of images after a crawl with the definition."""
    shutil.rmtree(folder / "project", ignore_errors=True)
    project = project_with(DEFINITION.format(more=more), folder / "project")
    settings = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True", "OFRECORD_DOWNLOAD_DELAY": "0"}
    done = subprocess.run(
        scrapy_command(["crawl", "news", "-a", f"site={site.url('/')}", "-s", f"ARCHIVES_DIR={folder}/archives"]),
        cwd=project,
        env=clean_environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert f"articles: {new} new" in done.stderr.splitlines()[-1]
    with closing(sqlite3.connect(folder / "archives/news/index.db")) as index:
        query = "select url, kind, truncated, via, outcome from captures where purpose = 'requisite' order by url"
        return index.execute(query).fetchall()


def test_each_image_is_fetched_once_and_kept_once(gazette: Gazette, tmp_path: Path) -> None:
    with gazette.served() as site:
        captures = crawled(site, tmp_path, ', requisites="images"')
        assert [site.url(path) for path in ("/bridge.png", "/copy.png", "/large.png")] == [row[0] for row in captures]
        assert len(site.logged(site.url("/bridge.png"))) == 1
    assert sorted(row[1] for row in captures[:2]) == ["response", "revisit"]
    assert [row[2] for row in captures] == [None, None, "length"]
    assert all("/council-votes-to-rebuild-bridge-" in row[3] for row in captures)
    assert [row[4] for row in captures] == [None, None, None]


def test_those_of_articles_that_were_archived_without_are_fetched_later(gazette: Gazette, tmp_path: Path) -> None:
    """As also when a crawl was killed between an article and its images."""
    with gazette.served() as site:
        assert crawled(site, tmp_path) == []
        assert len(crawled(site, tmp_path, ', requisites="images"', new=0)) == 3
        assert len(crawled(site, tmp_path, ', requisites="images"', new=0)) == 3
        assert len(site.logged(site.url("/bridge.png"))) == 1


def test_without_being_asked_for_none_is_fetched(gazette: Gazette, tmp_path: Path) -> None:
    with gazette.served() as site:
        assert crawled(site, tmp_path) == []
        assert not site.logged(site.url("/bridge.png"))
