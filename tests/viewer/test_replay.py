"""Full replay by ReplayWeb.page, where its two files are, at an origin of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from lxml import html
from playwright.sync_api import Browser

from crawler.viewer.replay import ROUTES, package
from tests.test_replay import REPLAYWEB
from tests.viewer.serving import Served, served


@pytest.fixture(scope="module")
def replaying(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A viewer with the files of ReplayWeb.page beside its collections."""
    if not (REPLAYWEB / "sw.js").exists():
        pytest.skip(f"{REPLAYWEB} is not there: .ci/run puts it there")
    archives = tmp_path_factory.mktemp("replaying") / "archives"
    shutil.copytree(demo, archives)
    (archives / "replayweb.page").mkdir()
    for name in ("ui.js", "sw.js"):
        shutil.copy(REPLAYWEB / name, archives / "replayweb.page")
    with served(archives, "demo") as viewer:
        yield viewer


def article_id(viewer: Served) -> str:
    (link, *_) = html.document_fromstring(viewer.get("/search?q=pilots").text).cssselect(".hit h3 a")
    return str(link.get("href")).removeprefix("/article/")


def at_replay(viewer: Served, path: str) -> str:
    return f"http://localhost:{urlsplit(viewer.address).port}{path}"


def test_where_its_files_are_missing_the_page_says_how_to_get_them(viewer: Served) -> None:
    page = viewer.get("/replay").text
    assert "npm pack replaywebpage" in page
    assert f"{viewer.archives}/replayweb.page" in page


def test_an_article_is_replayed(replaying: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    hosts: set[str | None] = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(f"{replaying.address}article/{article_id(replaying)}")
    page.get_by_role("link", name="snapshot").first.click()
    page.get_by_role("link", name="Full replay").click()
    page.get_by_role("link", name="Replay “").click()
    replayed = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
    replayed.get_by_text("have asked the harbour company").first.wait_for(timeout=60_000)
    assert hosts <= {"127.0.0.1", "localhost", None, ""}
    context.close()


def test_what_is_replayed_cannot_read_the_archive(replaying: Served) -> None:
    name = urlsplit(at_replay(replaying, "/")).netloc
    moved = replaying.get("/index/articles.json?_shape=array", Host=name)
    assert moved.status == 307
    assert moved.headers["location"] == f"{replaying.address}index/articles.json?_shape=array"
    assert "access-control-allow-origin" not in replaying.get("/index/articles.json").headers
    assert replaying.get("/replay/sw.js").status == 404


def test_a_part_of_the_package_can_be_asked_for(replaying: Served) -> None:
    name = urlsplit(at_replay(replaying, "/")).netloc
    path = f"/replay/{article_id(replaying)}.wacz"
    whole = replaying.get(path, Host=name)
    assert "datapackage.json" in ZipFile(BytesIO(whole.body)).namelist()
    for asked, expected in (("0-9", whole.body[:10]), ("-7", whole.body[-7:]), ("12-", whole.body[12:])):
        answer = replaying.get(path, Host=name, Range=f"bytes={asked}")
        assert (answer.status, answer.body) == (206, expected)
    assert replaying.get(path, Host=name, Range=f"bytes={len(whole.body)}-").status == 416


def test_an_id_with_slashes_in_it_names_a_package_too() -> None:
    path = "/replay/mainichi/20220105/k00/00m/040/123000c.wacz"
    assert [answer for pattern, answer in ROUTES if re.match(pattern, path)] == [package]


def test_the_replay_of_an_article_that_is_not_there_says_so(replaying: Served) -> None:
    answer = replaying.get("/replay?article=a/b")
    assert answer.status == 404
    assert "there is no article a/b" in answer.text
