"""An archived page that is out to run something, in a real browser: nothing runs, nothing leaves, nobody is called."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Frame, Page

from crawler.viewer.disarm import POLICY, disarmed
from crawler.viewer.disarm_names import ATTRIBUTES, KEPT
from tests.browser import chromium
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.site.parts import Route, always
from tests.site.parts import page as answer
from tests.site.server import Site
from tests.viewer.conftest import QUIET
from tests.viewer.hostile_pages import ALONE, LOADS, pages
from tests.viewer.serving import Served, served
from tests.viewer.test_disarm import OURS, PAGE, PAGES
from tests.viewer.trap import SILENCE, Trap

WAIT_MS = 1500
"""After all has been done, for what is slow to begin."""

FOLDER = "/2024/05/01/"
CLICKABLE = "a, button, input, summary, span, img, svg, label, area"

# What a parser of HTML makes of documents: each element as [namespace, tag, names of attributes, addresses].
PARSED = """
documents => documents.map(text => {
  const found = [];
  const walk = root => root.querySelectorAll('*').forEach(element => {
    const names = Array.from(element.attributes, attribute => attribute.name);
    const live = ['href', 'src', 'srcset', 'action', 'data', 'poster'].map(name => element.getAttribute(name) || '');
    found.push([element.namespaceURI, element.localName, names, live]);
    if (element.shadowRoot) walk(element.shadowRoot);
    if (element.content instanceof DocumentFragment) walk(element.content);
  });
  walk(Document.parseHTMLUnsafe ? Document.parseHTMLUnsafe(text) : new DOMParser().parseFromString(text, 'text/html'));
  return found;
})
"""


@dataclass(frozen=True)
class Hostile:
    """The archive of a hostile site, its viewer, and who would be called."""

    trap: Trap
    site: Site
    viewer: Served
    records: dict[str, str]
    """Of each page: the WARC-Record-ID of its capture."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Crawled for real: the trap is not called by that either."""
    archives = tmp_path_factory.mktemp("hostile")
    with Trap() as trap:
        found = pages(trap.address)
        routes: dict[str, Route] = {f"{FOLDER}{name}": always(answer(body)) for name, body in found.items()}
        with Site(routes) as site:
            urls = archives / "urls.txt"
            urls.write_text("".join(f"{site.url(path)}\n" for path in routes))
            _crawl(archives, urls)
            assert trap.connections == []
            with closing(sqlite3.connect(archives / "news/index.db")) as index:
                captured = dict(index.execute("select url, record_id from captures where status = 200"))
            records = {name: captured[site.url(f"{FOLDER}{name}")] for name in found}
            with served(archives, "news") as viewer:
                yield Hostile(trap, site, viewer, records)


def _crawl(archives: Path, urls: Path) -> None:
    settings = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True", "OFRECORD_DOWNLOAD_DELAY": "0"}
    command = scrapy_command(["crawl", "news", "-a", f"urls={urls}", "-s", f"ARCHIVES_DIR={archives}"])
    environment = clean_environment(settings)
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, timeout=300)


@dataclass
class Seen:
    """What a browser did while pages were open in it."""

    requests: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    """By dialogs, downloads and new tabs."""


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser as readers have it, with a profile on disk: one without, as in tests elsewhere, never preconnects."""
    chrome = browser.browser_type
    context = chrome.launch_persistent_context(tmp_path / "profile", executable_path=chromium(), args=QUIET)
    yield context
    context.close()


def watch(context: BrowserContext, seen: Seen) -> None:
    def refuse(dialog: Dialog) -> None:
        seen.said.append("dialog")
        dialog.dismiss()

    def listen(page: Page) -> None:
        page.on("dialog", refuse)
        page.on("download", lambda download: seen.said.append("download"))
        page.on("popup", lambda popup: seen.said.append("popup"))

    context.on("request", lambda request: seen.requests.add(request.url))
    context.on("page", listen)


def click_everything(page: Page, frame: Frame) -> None:
    """What can be clicked is, wherever it is; then keys are pressed."""
    for element in frame.locator(CLICKABLE).all()[:80]:
        with suppress(Error):
            element.dispatch_event("click", timeout=500)
        with suppress(Error):
            element.click(force=True, timeout=250, no_wait_after=True)
    page.mouse.click(300, 400, button="middle")
    for key in ("Tab", "Enter", "Tab", "Space", "Enter"):
        page.keyboard.press(key)


def test_a_preconnect_calls_the_trap_where_it_is_not_disarmed(hostile: Hostile, reader: BrowserContext) -> None:
    """Or else what follows would not prove that there is none."""
    before = len(hostile.trap.connections)
    reader.pages[0].goto(hostile.site.url(f"{FOLDER}preconnect"))
    reader.pages[0].wait_for_timeout(WAIT_MS)
    assert set(hostile.trap.connections[before:]) == {SILENCE}


def test_the_pages_call_the_trap_where_they_are_not_disarmed(hostile: Hostile, reader: BrowserContext) -> None:
    before = len(hostile.trap.connections)
    for name in hostile.records:
        page = reader.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        with suppress(Error):
            page.goto(hostile.site.url(f"{FOLDER}{name}"), wait_until="commit")
        if name == "clicks":
            page.click("text=New tab", no_wait_after=True)
    reader.pages[0].wait_for_timeout(WAIT_MS)
    called = hostile.trap.connections[before:]
    names = {path.strip("/").partition(".")[0].partition("?")[0].partition("/")[0] for path in called}
    assert len(names & set(LOADS)) >= 70
    assert len(names & set(ALONE)) >= 16
    assert "link-in-a-new-tab" in names


def test_nothing_runs_and_nobody_is_called(hostile: Hostile, reader: BrowserContext) -> None:
    """Opened in the viewer's page, and by itself; everything in it is clicked."""
    called, asked, opened = len(hostile.trap.connections), len(hostile.site.log), len(reader.pages)
    seen = Seen()
    watch(reader, seen)
    for name, record in hostile.records.items():
        _look_at(reader, hostile.viewer, name, f"snapshot/{record}")
        _look_at(reader, hostile.viewer, name, f"snapshot/{record}/page")
    reader.pages[0].wait_for_timeout(WAIT_MS)
    assert len(reader.pages) == opened + 2 * len(hostile.records)
    assert not reader.service_workers
    assert hostile.trap.connections[called:] == []
    assert hostile.site.log[asked:] == []
    assert seen.said == []
    expected = {f"snapshot/{record}{what}" for record in hostile.records.values() for what in ("", "/page")}
    expected |= {f"static/{file}" for file in ("ofrecord.css", "icon.svg", "keys.js")} | {"favicon.ico"}
    paths = {url.removeprefix(hostile.viewer.address).partition("#")[0] for url in seen.requests}
    assert {path for path in paths if not path.startswith("data:")} <= expected


def test_without_the_headers_nobody_is_called_either(hostile: Hostile, reader: BrowserContext) -> None:
    """Neither the sandbox nor the policy is what the disarmed page itself relies on."""
    found = pages(hostile.trap.address)
    bare = {name: disarmed(body, PAGE).replace(POLICY.encode(), b"") for name, body in found.items()}
    called, opened = len(hostile.trap.connections), len(reader.pages)
    routes: dict[str, Route] = {f"/{name}": always(answer(body)) for name, body in bare.items()}
    with Site(routes) as site:
        for name in bare:
            page = reader.new_page()
            page.goto(site.url(f"/{name}"), wait_until="load")
            click_everything(page, page.main_frame)
            assert page.evaluate("[name, localStorage.length]") == ["", 0]
            assert page.title() == name
        reader.pages[0].wait_for_timeout(WAIT_MS)
        assert len(reader.pages) == opened + len(bare)
        asked = {entry.url.removeprefix(site.url("/")) for entry in site.log}
    assert hostile.trap.connections[called:] == []
    assert asked <= {*bare, "favicon.ico"}


def _look_at(context: BrowserContext, viewer: Served, name: str, path: str) -> None:
    page = context.new_page()
    page.goto(f"{viewer.address}{path}", wait_until="load")
    title = page.title()
    assert title == (name if path.endswith("/page") else f"The story of {name} · ofrecord") or "Snapshot" in title
    frame = page.frames[-1]
    assert "The council voted on Monday" in frame.locator("body").inner_text() or name == "frameset"
    click_everything(page, frame)
    assert page.url.partition("#")[0] == f"{viewer.address}{path}"
    assert page.title() == title
    if path.endswith("/page"):
        return
    if name == "clicks":
        assert frame.url.endswith("#x")  # by the one link that still leads somewhere: clicks do arrive
    left = page.evaluate(
        "async () => [window.name, localStorage.length, document.cookie, (await caches.keys()).length]"
    )
    assert left == ["", 0, "", 0]
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


@settings(deadline=None, max_examples=10)
@given(st.lists(PAGES, min_size=20, max_size=40))
def test_a_browser_finds_in_it_only_what_was_written(browser: Browser, documents: list[bytes]) -> None:
    texts = [disarmed(document, PAGE).decode() for document in documents]
    with browser.new_context() as context:
        found: list[list[Any]] = context.new_page().evaluate(PARSED, texts)
    for namespace, tag, names, live in (element for document in found for element in document):
        assert namespace == "http://www.w3.org/1999/xhtml"
        assert tag in KEPT | OURS | {"tbody", "colgroup"}
        assert tag == "meta" or set(names) <= ATTRIBUTES | {"style", "href", "src", "media"}
        assert all(address == "" or address.startswith("#") for address in live)
