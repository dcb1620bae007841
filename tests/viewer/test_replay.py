"""Full replay by ReplayWeb.page, where its two files are, at an origin of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from lxml import html
from playwright.sync_api import Browser

from tests.test_replay import REPLAYWEB
from tests.viewer.serving import Answer, Served, served


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


def opened(viewer: Served) -> str:
    """The address of an article's package, as its replay has it."""
    offered = html.document_fromstring(viewer.get(f"/replay?article={article_id(viewer)}").text)
    (way,) = (link.get("href", "") for link in offered.cssselect("a.button"))
    assert way.startswith(at_replay(viewer, "/replay/view?"))
    (player,) = html.document_fromstring(ask(viewer, way).text).cssselect("replay-web-page")
    return str(player.get("source"))


def ask(viewer: Served, address: str, **headers: str) -> Answer:
    """As a browser asks the origin of replay."""
    place = urlsplit(address)
    return viewer.get(f"{place.path}?{place.query}", Host=urlsplit(at_replay(viewer, "/")).netloc, **headers)


def test_a_part_of_the_package_can_be_asked_for(replaying: Served) -> None:
    path = opened(replaying)
    whole = ask(replaying, path)
    assert "datapackage.json" in ZipFile(BytesIO(whole.body)).namelist()
    for asked, expected in (("0-9", whole.body[:10]), ("-7", whole.body[-7:]), ("12-", whole.body[12:])):
        answer = ask(replaying, path, Range=f"bytes={asked}")
        assert (answer.status, answer.body) == (206, expected)
    assert ask(replaying, path, Range=f"bytes={len(whole.body)}-").status == 416


def test_what_is_replayed_cannot_open_another_article(replaying: Served) -> None:
    """It runs where packages are, and may know the ids of articles."""
    key = opened(replaying).removeprefix("/replay/").removesuffix(".wacz")
    for guessed in (article_id(replaying), f"{key.partition('.')[0]}.{'A' * 27}", key[:-1]):
        assert ask(replaying, f"/replay/{guessed}.wacz").status == 404
        assert ask(replaying, f"/replay/view?key={guessed}").status == 404


def test_the_replay_of_an_article_that_is_not_there_says_so(replaying: Served) -> None:
    answer = replaying.get("/replay?article=a/b")
    assert answer.status == 404
    assert "there is no article a/b" in answer.text
