"""``scrapy serve``: one address on the loopback, nothing from elsewhere, clear words when it cannot."""

from __future__ import annotations

import socket
from pathlib import Path

from lxml import html

from tests.conftest import Scrapy
from tests.viewer.serving import Served


def test_the_front_page_shows_the_newest_articles(viewer: Served) -> None:
    page = viewer.get("/")
    assert page.status == 200
    assert "Council votes to keep the Lantern Library open" in page.text


def test_every_table_of_the_index_can_be_read_as_data(viewer: Served) -> None:
    assert viewer.get("/index/articles").status == 200
    assert b'"columns"' in viewer.get("/index/articles.json").body
    assert viewer.get("/index/events.csv").headers["content-type"].startswith("text/plain")
    assert b'"rows": [[1]]' in viewer.get("/index.json?sql=select+1").body


def test_nothing_is_loaded_from_elsewhere(viewer: Served) -> None:
    policy = viewer.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_no_page_tells_the_live_web_where_a_reader_came_from(viewer: Served) -> None:
    for path in ("/", "/index/articles", "/nothing"):
        assert viewer.get(path).headers["referrer-policy"] == "no-referrer"


def test_a_page_elsewhere_whose_name_leads_here_cannot_read_the_archive(viewer: Served) -> None:
    refused = viewer.get("/", Host="rebound.example")
    assert refused.status == 421
    assert "this archive is not at rebound.example" in refused.text


def test_the_loopback_may_be_asked_by_any_of_its_names(viewer: Served) -> None:
    assert viewer.get("/", Host="localhost:8001").status == 200


def test_an_address_that_leads_nowhere_says_so(viewer: Served) -> None:
    answer = viewer.get("/nothing")
    assert answer.status == 404
    assert "There is no such page." in answer.text


def test_an_article_that_is_not_there_is_named(viewer: Served) -> None:
    answer = viewer.get("/article/gazette/%3Cb%3E")
    assert answer.status == 404
    assert "there is no article gazette/&lt;b&gt;" in answer.text


def test_without_an_index_there_is_nothing_to_serve(scrapy: Scrapy, archives: Path) -> None:
    refused = scrapy("serve", "--port", "0")
    assert refused.returncode == 5
    assert f"{archives}/news/index.db is not there; run a crawl first" in refused.stderr


def test_a_port_that_is_taken_is_named(scrapy: Scrapy, viewer: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = scrapy("serve", "--port", port, "-s", f"ARCHIVES_DIR={viewer.archives}", "-s", "COLLECTION=demo")
    assert refused.returncode == 3
    assert f"cannot listen at 127.0.0.1 port {port}" in refused.stderr


def test_a_port_that_is_none_is_refused(scrapy: Scrapy) -> None:
    refused = scrapy("serve", "--port", "70000")
    assert refused.returncode == 3
    assert "--port 70000 is no port" in refused.stderr


def test_the_rows_of_tables_lead_to_the_pages_of_what_they_are_about(viewer: Served) -> None:
    for path, page in (
        ("/index/articles", "/article/"),
        ("/index/revisions", "/article/"),
        ("/index/captures", "/snapshot/"),
        ("/index?sql=select+article_id,+record_id+from+captures+where+article_id+is+not+null", "/snapshot/"),
    ):
        links = html.document_fromstring(viewer.get(path).text).cssselect(f'td a[href^="{page}"]')
        assert links, path
        assert viewer.get(str(links[0].get("href"))).status == 200, path
