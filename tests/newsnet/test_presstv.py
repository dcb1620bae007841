"""The main job on the publisher that the work began with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scrapy
from tests.newsnet.conftest import Net, truth

Ask = Callable[..., list[tuple[Any, ...]]]
ARTICLE = "presstv-c2dff827fdf2"
ALL_FOUR = ["presstv/674020", "presstv/674088", "presstv/674100", "presstv/674101"]


def ids(rows: Ask) -> list[str]:
    return [identity for (identity,) in rows("select id from articles order by id")]


@pytest.mark.parametrize("source", ["feed", "sitemap", "section"])
def test_each_source_alone_leads_to_all_four_articles(
    newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask, source: str
) -> None:
    crawled = newsnet("presstv").crawl(scrapy, "-a", "publisher=presstv", "-a", f"sources={source}")
    assert crawled.returncode == 0, crawled.stderr
    assert ids(rows) == ALL_FOUR


def test_the_whole_crawl_is_on_record_byte_for_byte(
    newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask, conform: Callable[..., str]
) -> None:
    net = newsnet("presstv")
    crawled = net.crawl(scrapy, "-a", "publisher=presstv")
    assert crawled.returncode == 0, crawled.stderr
    assert ids(rows) == ALL_FOUR
    conform("--skip", "ip-address", "--expect-exact-log", str(net.exact_log))


@pytest.mark.parametrize("page_id", [ARTICLE, "presstv-e9e24248891a"], ids=["2022", "after-the-seizure"])
@pytest.mark.parametrize("definition", [(), ("-a", "definition=none")], ids=["definition", "none"])
def test_the_article_has_all_its_fields_in_both_layouts(
    shared: Path,
    newsnet: Callable[..., Net],
    scrapy: Scrapy,
    rows: Ask,
    page_id: str,
    definition: tuple[str, ...],
) -> None:
    page = truth(shared, page_id)
    crawled = newsnet("presstv").crawl(scrapy, "-a", f"urls={page['url']}", *definition)
    assert crawled.returncode == 0, crawled.stderr
    ((headline, section_path, day, text),) = rows(
        "select headline, section_path, substr(published_at, 1, 10), text from revisions"
    )
    expected = page["truth"]
    assert headline == expected["headline"]
    assert json.loads(section_path) == expected["section_path"]
    assert day == expected["published_day"]
    assert rows("select caption, credit from images order by position") == list(
        zip(expected["captions"], expected["credits"], strict=True)
    )
    assert rows("select kind, text from blocks order by position") == [tuple(block) for block in expected["blocks"]]
    assert "alternate addresses" not in text
    assert "alternate addresses" in " ".join(kept for (kept,) in rows("select text from boilerplate"))


def test_one_article_under_two_addresses_is_one_article(
    shared: Path, newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask
) -> None:
    addresses = [truth(shared, page_id)["url"] for page_id in (ARTICLE, "presstv-e9e24248891a")]
    crawled = newsnet("presstv").crawl(scrapy, "-a", "urls=-", stdin="\n".join(addresses))
    assert crawled.returncode == 0, crawled.stderr
    assert ids(rows) == ["presstv/674100"]
    assert {url for (url,) in rows("select url from article_urls")} == set(addresses)


def test_hosts_that_the_definition_does_not_know_become_candidates(
    shared: Path, newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask
) -> None:
    newsnet("presstv").crawl(scrapy, "-a", f"urls={truth(shared, ARTICLE)['url']}", "-a", "definition=none")
    candidates = {host for (host,) in rows("select host from mirror_candidates where status = 'suggested'")}
    assert {"www.presstv.co.uk", "www.presstv.tv"} <= candidates
