"""pywb and ReplayWeb.page, beside us, replay what we archived; their tests are skipped where they are not there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from sqlite3 import connect
from threading import Thread

import pytest

from crawler.warc.reader import decode, read
from tests.browser import browsing, chromium
from tests.conftest import PROJECT, Scrapy, clean_environment
from tests.gazette import Gazette


@dataclass(frozen=True)
class Captured:
    """A capture, and where its payload is."""

    url: str
    captured_at: str
    kind: str
    status: int
    shown: int
    """The status that replay shows: of a 304, that of the response it stands for."""
    warc: str
    offset: int


def pywb(name: str) -> str:
    """A program of pywb's; `uv tool install pywb --with "setuptools<81"` puts it there."""
    found = shutil.which(name) or shutil.which(name, path=str(Path("~/.local/bin").expanduser()))
    if found is None:
        pytest.skip(f'{name} is not there: uv tool install pywb --with "setuptools<81"')
    return found


@contextmanager
def replaying(collection: Path, folder: Path) -> Iterator[int]:
    """pywb over a collection as it is; the port it listens at."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    readme = (PROJECT / "archives/README.md").read_text(encoding="utf-8")
    config = readme.partition("```yaml\n")[2].partition("```")[0]
    (folder / "config.yaml").write_text(config.replace("archives/news/", f"{collection}/"))
    command = [pywb("wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with (folder / "pywb.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=clean_environment(), stdout=log, stderr=log)
    try:
        wait_for(port, folder / "pywb.log")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def replayed(port: int, captured_at: str, url: str) -> tuple[int, bytes]:
    """Status and body of a capture, as archived: pywb's modifier id_ rewrites nothing."""
    moment = "".join(character for character in captured_at[:19] if character.isdigit())
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/news/{moment}id_/{url}")
    answer = connection.getresponse()
    with closing(connection):
        return answer.status, answer.read()


def test_every_capture_is_replayed_as_the_server_sent_it(scrapy: Scrapy, archives: Path, tmp_path: Path) -> None:
    pywb("wayback")
    gazette = Gazette()
    gazette.stories[3].status = "410 Gone"
    for story in gazette.stories:
        story.asides = [f"<p>{'Some more of the same. ' * 90}</p>"]
    with gazette.served() as site, gazette.served() as mirror:
        for address, recheck in ((site, []), (site, ["-a", "recheck=now"]), (mirror, [])):
            gazette.has_validators = address is site
            done = scrapy("crawl", "news", "-a", f"site={address.url('/')}", *recheck)
            assert done.returncode == 0, done.stderr
            time.sleep(1.1)  # replay knows seconds: one capture of an address in each
    captures = with_originals(archives / "news")
    kinds = {(capture.kind, capture.status) for capture in captures}
    assert {("response", 200), ("response", 410), ("revisit", 200), ("revisit", 304)} <= kinds
    with replaying(archives / "news", tmp_path) as port:
        for capture in captures:
            expected = decode(read(archives / "news", capture.warc, capture.offset)).data
            assert replayed(port, capture.captured_at, capture.url) == (capture.shown, expected), capture


def with_originals(collection: Path) -> list[Captured]:
    query = """
        SELECT c.url, c.captured_at, c.kind, c.status, o.status, o.warc, o."offset"
        FROM captures c JOIN captures o ON o.record_id = coalesce(c.refers_to, c.record_id)
    """
    with closing(connect(collection / "index.db")) as index:
        return [Captured(*row) for row in index.execute(query)]


REPLAYWEB = Path("~/.cache/ofrecord-tests/replaywebpage/package").expanduser()
"""ui.js and sw.js of the npm package `replaywebpage` (AGPL), as .ci/run puts them there."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder over http; where it is."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_replayweb_page_shows_an_article_of_an_exported_wacz(
    scrapy: Scrapy, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if not (REPLAYWEB / "sw.js").exists():
        pytest.skip(f"{REPLAYWEB} is not there: .ci/run puts it there")
    chromium()
    gazette, folder = Gazette(), tmp_path / "web"
    (folder / "replay").mkdir(parents=True)
    shutil.copy(REPLAYWEB / "ui.js", folder)
    shutil.copy(REPLAYWEB / "sw.js", folder / "replay")
    with gazette.served() as site:
        for recheck in ([], ["-a", "recheck=now"]):
            assert scrapy("crawl", "news", "-a", f"site={site.url('/')}", *recheck).returncode == 0
        url = site.url(gazette.stories[1].path)
    exported = scrapy("export", "--format", "wacz", "-o", str(folder / "news.wacz"))
    assert exported.returncode == 0, exported.stderr
    (folder / "index.html").write_text(
        '<!doctype html><script src="/ui.js"></script>'
        f'<replay-web-page source="/news.wacz" url="{url}" replayBase="/replay/" style="display:block;height:95vh">'
    )
    with served(folder) as address, browsing(tmp_path / "profile") as page:
        page.open(f"{address}/index.html")
        page.wait_for("Two members voted against the plan, number 2 on the list")
        page.screenshot(tmp_path / "replay.png")
    assert (tmp_path / "replay.png").read_bytes().startswith(b"\x89PNG")
    capfd.readouterr()  # the server's log
