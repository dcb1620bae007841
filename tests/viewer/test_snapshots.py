"""Archived pages in the browser: read from their records, whatever they are, and clear words where they cannot be."""

from __future__ import annotations

import base64
import gzip
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from crawler.collection.collection import Collection
from crawler.items import Notes, Purpose
from tests.collection.test_collection import INFO, LIMITS
from tests.viewer.serving import Answer, Served, served
from tests.viewer.waiting import wait_until
from tests.warc.exchanges import exchange, message

HOST = "https://gazette.example"
STORY = "<h1>The bridge</h1><p>The council voted on Monday to rebuild it.</p>" * 20
PAGE = (
    f"<!doctype html><html lang=en><head><title>Bridge</title><link rel=stylesheet href=/look.css></head>"
    f"<body onload=run()><script src=/run.js></script>{STORY}<a href='{HOST}/other'>Other</a>"
    f"<img src=/bridge.png alt=Bridge><img src=/lost.png alt=Lost></body></html>"
).encode()
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>run()</script></svg>"
RESPONSES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "/page": (message(PAGE, "Content-Type: text/html; charset=utf-8"), {}),
    "/gzipped": (message(gzip.compress(PAGE), "Content-Type: text/html", "Content-Encoding: gzip"), {}),
    "/copy": (message(PAGE, "Content-Type: text/html; charset=utf-8"), {}),
    "/cyrillic": (message("<p>Старый мост".encode("cp1251"), "Content-Type: text/html; charset=windows-1251"), {}),
    "/untyped": (message(b"<!doctype html><p>Hello</p><script>run()</script>"), {}),
    "/bridge.png": (message(PNG, "Content-Type: image/png"), {"purpose": "requisite"}),
    "/look.css": (message(b"p{color:red;background:url(/x)}", "Content-Type: text/css"), {"purpose": "requisite"}),
    "/drawing.svg": (message(SVG, "Content-Type: image/svg+xml"), {}),
    "/data.json": (message(b'{"a": "<script>run()</script>"}', "Content-Type: application/json"), {}),
    "/report.pdf": (message(b"%PDF-1.4 " + bytes(500), "Content-Type: application/pdf"), {}),
    "/moved": (message(b"", f"Location: {HOST}/page", status="301 Moved Permanently"), {}),
    "/cut": (message(PAGE, "Content-Type: text/html"), {"truncated": "disconnect"}),
    "/broken-gzip": (message(gzip.compress(PAGE)[:-20], "Content-Encoding: gzip", "Content-Type: text/html"), {}),
    "/lying.png": (message(b"<script>run()</script>", "Content-Type: image/png"), {}),
}


def make_archive(folder: Path) -> None:
    collection = Collection(folder, info=INFO, limits=LIMITS)
    start = datetime(2024, 3, 11, 9, tzinfo=UTC)
    for minutes, (path, (response, more)) in enumerate(RESPONSES.items()):
        given = dict(more)
        purpose: Purpose = given.pop("purpose", "other")
        at = start + timedelta(minutes=minutes)
        made = exchange(path, response, url=f"{HOST}{path}", captured_at=at, **given)
        collection.record(made, Notes(purpose=purpose, publisher_id="gazette.example")).result(30)
    collection.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for ARCHIVES_DIR with a collection of one answer of each kind."""
    archives = tmp_path_factory.mktemp("snapshots")
    make_archive(archives / "news")
    return archives


@pytest.fixture(scope="module")
def gazette(archive: Path) -> Iterator[Served]:
    with served(archive, "news") as viewer:
        yield viewer


def record_of(viewer: Served, path: str) -> str:
    with closing(sqlite3.connect(viewer.index)) as index:
        query = "select record_id from captures where url = ?"
        return str(index.execute(query, (HOST + path,)).fetchone()[0])


def look(viewer: Served, path: str, what: str = "/page") -> Answer:
    return viewer.get(f"/snapshot/{record_of(viewer, path)}{what}")


def test_a_snapshot_says_what_it_is_and_where_its_bytes_are(gazette: Served) -> None:
    page = look(gazette, "/page", "")
    assert page.status == 200
    assert f"{HOST}/page" in page.text
    assert re.search(r"WARC file</dt><dd class=\"fixed\">ofrecord-.*\.warc\.gz", page.text)
    assert f'src="/snapshot/{record_of(gazette, "/page")}/page"' in page.text
    assert re.search(r"<iframe[^>]* sandbox[ >]", page.text)


@pytest.mark.parametrize("path", ["/page", "/gzipped"])
def test_a_page_is_shown_without_what_runs(gazette: Served, path: str) -> None:
    shown = look(gazette, path)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "The council voted on Monday" in shown.text
    assert "run" not in shown.text


def test_an_equal_page_is_shown_from_the_record_that_has_it(gazette: Served) -> None:
    with closing(sqlite3.connect(gazette.index)) as index:
        query = "select kind from captures where url = ?"
        assert index.execute(query, (f"{HOST}/copy",)).fetchone() == ("revisit",)
    assert "The council voted on Monday" in look(gazette, "/copy").text
    assert "of which this is a revisit" in look(gazette, "/copy", "").text


def test_what_is_in_the_archive_is_shown_from_there(gazette: Served) -> None:
    shown = look(gazette, "/page").text
    assert f'<img src="/snapshot/{record_of(gazette, "/bridge.png")}/page" alt="Bridge"' in shown
    assert f'<link rel="stylesheet" href="/snapshot/{record_of(gazette, "/look.css")}/page">' in shown
    assert f">Lost {HOST}/lost.png</span>" in shown


def test_a_browser_shows_it_inside_of_the_sandbox(gazette: Served, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{gazette.address}snapshot/{record_of(gazette, '/page')}", wait_until="load")
        inside = page.frames[-1]
        wait_until(inside, "document.images.length === 1 && document.images[0].naturalWidth === 1")
        colour = "getComputedStyle(document.querySelector('p')).color"
        wait_until(inside, f"{colour} === 'rgb(255, 0, 0)'")
        assert inside.evaluate("origin") == "null"


def test_a_page_is_decoded_as_its_header_says(gazette: Served) -> None:
    assert "Старый мост" in look(gazette, "/cyrillic").text


def test_a_page_without_a_type_is_shown_as_what_it_looks_like(gazette: Served) -> None:
    assert "<p>Hello</p>" in look(gazette, "/untyped").text
    assert "script" not in look(gazette, "/untyped").text.partition("<body")[2]


def test_an_image_comes_as_it_was(gazette: Served) -> None:
    image = look(gazette, "/bridge.png")
    assert (image.headers["content-type"], image.body) == ("image/png", PNG)
    assert image.headers["x-content-type-options"] == "nosniff"
    assert image.headers["content-security-policy"].startswith("sandbox;")


def test_a_style_sheet_fetches_nothing(gazette: Served) -> None:
    assert look(gazette, "/look.css").text == "p{color:red;background:none;}\n"


@pytest.mark.parametrize("path", ["/drawing.svg", "/data.json"])
def test_what_is_text_is_shown_as_text(gazette: Served, path: str) -> None:
    shown = look(gazette, path)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;script&gt;run()" in shown.text


def test_what_a_browser_would_run_is_only_offered_as_a_file(gazette: Served) -> None:
    assert "This is application/pdf, 509 bytes." in look(gazette, "/report.pdf").text


def test_an_answer_without_content_says_where_it_leads(gazette: Served) -> None:
    assert f"with status 301, had no content. It leads to {HOST}/page" in look(gazette, "/moved").text


def test_a_download_is_the_payload_and_is_not_opened(gazette: Served) -> None:
    file = look(gazette, "/gzipped", "/raw")
    assert file.body == PAGE
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == 'attachment; filename="20240311090100-gzipped.html"'


def test_what_was_cut_off_is_shown_as_far_as_it_came(gazette: Served) -> None:
    assert "cut off: disconnect" in look(gazette, "/cut", "").text
    assert "the compressed data is cut short" in look(gazette, "/broken-gzip", "").text
    assert "<h1>The bridge</h1>" in look(gazette, "/broken-gzip").text


def test_every_answer_is_kept_from_running_and_from_other_sites(gazette: Served) -> None:
    for path in RESPONSES:
        for what in ("/page", "/raw"):
            headers = look(gazette, path, what).headers
            assert headers["content-security-policy"].startswith("sandbox; default-src 'none';")
            assert "allow-" not in headers["content-security-policy"]
            assert headers["referrer-policy"] == "no-referrer"
            assert "service-worker-allowed" not in headers


def test_a_capture_can_be_named_by_its_number_too(gazette: Served) -> None:
    assert gazette.get("/snapshot/1/page").body == look(gazette, "/page").body


@pytest.mark.parametrize("name", ["999", "urn:uuid:nothing", "9" * 30, "%E2%82%AC", "1'"])
def test_a_capture_that_is_not_there_is_named(gazette: Served, name: str) -> None:
    for what in ("", "/page", "/raw"):
        answer = gazette.get(f"/snapshot/{name}{what}")
        assert answer.status == 404
        assert "there is no capture" in answer.text


@pytest.fixture
def spoilt(tmp_path: Path) -> Iterator[Served]:
    """An archive of its own, for a test to damage."""
    make_archive(tmp_path / "news")
    with served(tmp_path, "news") as viewer:
        yield viewer


def test_a_damaged_file_is_named_with_what_to_do(spoilt: Served) -> None:
    (file,) = (spoilt.index.parent / "archive").glob("*.warc.gz")
    data = bytearray(file.read_bytes())
    with closing(sqlite3.connect(spoilt.index)) as index:
        query = 'select "offset", length from captures where url = ?'
        offset, length = index.execute(query, (f"{HOST}/page",)).fetchone()
    data[offset + length // 2 : offset + length // 2 + 40] = bytes(40)
    file.write_bytes(data)
    answer = look(spoilt, "/page")
    assert answer.status == 502
    assert f"{file.name}:{offset}:" in answer.text
    assert "scrapy verify" in answer.text
    file.unlink()
    assert f"{file.name} is not there; it may have been moved or removed" in look(spoilt, "/page").text


def test_a_record_that_is_not_the_one_of_the_index_is_not_shown(spoilt: Served) -> None:
    with closing(sqlite3.connect(spoilt.index)) as index, index:
        query = 'select "offset" from captures where url = ?'
        (other,) = index.execute(query, (f"{HOST}/gzipped",)).fetchone()
        index.execute('update captures set "offset" = ? where url = ?', (other, f"{HOST}/cyrillic"))
    answer = look(spoilt, "/cyrillic")
    assert answer.status == 502
    assert "scrapy reindex makes the index anew" in answer.text
