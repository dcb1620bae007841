"""One article under many addresses, crawled from a site on loopback that moves it about."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.collection.test_reindex import contents
from tests.conftest import Scrapy
from tests.gazette import PARAGRAPHS, Gazette
from tests.site.parts import Request, page

HOST = "gazette.example"
SPELLINGS = (
    "http://gazette.example{}",
    "http://www.gazette.example{}/",
    "http://m.gazette.example{}?utm_source=feed",
    "http://gazette.example{}/amp",
    "http://gazette.example{}?print=1",
    "http://gazette.example{}/index.html",
)
LATER = (
    "The ferry, meanwhile, is to run on Sundays as well, which the two members who had spoken against the plan called "
    "a waste of money that the town does not have and will not have for many years to come."
)


@pytest.fixture
def ask(archives: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def asked(query: str) -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{archives}/news/index.db?mode=ro", uri=True)) as index:
            return index.execute(query).fetchall()

    return asked


def test_an_article_stays_one_under_every_spelling_slug_and_host_and_its_old_ids_find_it(
    scrapy: Scrapy, ask: Callable[[str], list[tuple[Any, ...]]], archives: Path, tmp_path: Path
) -> None:
    gazette = Gazette(2)
    moved, other = gazette.stories
    slug, elsewhere = moved.path.replace("council-votes", "town"), "/archive/a-bridge-for-the-town"

    def served(request: Request) -> Any:
        yield page(moved.html().encode())

    ends = ("/", "/amp", "/index.html")
    gazette.routes = dict.fromkeys((slug, elsewhere, *(f"{moved.path}{end}" for end in ends)), served)
    with gazette.served() as site:

        def crawl(*addresses: str) -> str:
            listed = tmp_path / "urls.txt"
            listed.write_text("\n".join(addresses))
            return done(scrapy("crawl", "news", "-a", f"urls={listed}", environment={"http_proxy": site.proxy})).stderr

        first = crawl(*(spelling.format(moved.path) for spelling in SPELLINGS), f"http://{HOST}{other.path}")
        assert "articles: 2 new, 0 revised, 5 unchanged" in first.splitlines()[-1]
        moved.edited = f"{PARAGRAPHS[-1].format(number=1)} {LATER}"
        second = crawl(f"http://www.{HOST}{slug}")
        assert "articles: 0 new, 1 revised, 0 unchanged" in second.splitlines()[-1]
        third = crawl(f"http://{HOST}{elsewhere}")
    assert "articles: 0 new, 0 revised, 1 unchanged" in third.splitlines()[-1]
    articles = ask("select id, revisions from articles order by revisions")
    assert [revisions for _, revisions in articles] == [1, 2]
    former = ask("select id, article_id from article_ids")
    assert {article for _, article in former} == {articles[1][0]}
    for reference in (*(old for old, _ in former), f"http://{HOST}{elsewhere}", f"{articles[1][0]}@1"):
        shown = json.loads(done(scrapy("show", "--json", reference)).stdout)
        assert shown["id"] == articles[1][0]
    assert len(shown["urls"]) == 8
    done(scrapy("verify"))
    before = contents(archives / "news")
    done(scrapy("reindex"))
    assert contents(archives / "news") == before


def done(process: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert process.returncode == 0, process.stderr
    return process
