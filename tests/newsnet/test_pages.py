"""The main job on 654 real pages: as four large sites, and as a list of addresses."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.warc.reader import read
from tests.collection.test_reindex import contents
from tests.conftest import Scrapy
from tests.newsnet.conftest import Net
from tests.newsnet.kills import SITE, answered, killed_often, left, sound

Ask = Callable[..., list[tuple[Any, ...]]]
FAST = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16")


def pages_of(net: Net, host: str) -> set[str]:
    return {url for url in net.server.urls if f"//{host}/" in url}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_large_site_is_found_whole_and_nothing_else(
    newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask, conform: Callable[..., str], number: int
) -> None:
    net, host = newsnet("pages", regroup=4), f"www.gazette-{number}.example"
    crawled = net.crawl(scrapy, "-a", f"site=https://{host}/", *FAST)
    assert crawled.returncode == 0, crawled.stderr
    wanted = pages_of(net, host)
    assert len(wanted) > 100
    assert {url for (url,) in rows("select url from captures where purpose = 'article'")} == wanted
    held = {url for (url,) in rows("select url from article_urls")}
    assert held <= wanted
    assert len(held) >= 0.97 * len(wanted)
    conform("--skip", "ip-address", "--expect-exact-log", str(net.exact_log))


def test_pagination_alone_leads_to_all_articles(newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask) -> None:
    net, host = newsnet("pages", regroup=4), "www.gazette-3.example"
    crawled = net.crawl(scrapy, "-a", f"site=https://{host}/", "-a", "sources=section", *FAST)
    assert crawled.returncode == 0, crawled.stderr
    assert {url for (url,) in rows("select url from captures where purpose = 'article'")} == pages_of(net, host)


def test_a_list_of_addresses_is_archived_whole(
    shared: Path, newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask, archives: Path, tmp_path: Path
) -> None:
    net, urls = newsnet("pages"), tmp_path / "urls.txt"
    wanted = some_urls(shared, 300)
    urls.write_text("\n".join(wanted))
    crawled = net.crawl(scrapy, "-a", f"urls={urls}", *FAST)
    assert crawled.returncode == 0, crawled.stderr
    assert {url for (url,) in rows("select url from captures where purpose = 'article'")} == set(wanted)
    ((indexed,),) = rows("select count(*) from captures where outcome in ('new', 'revised', 'unchanged')")
    assert indexed >= 0.97 * len(wanted)
    for warc, offset, record_id in rows("select warc, offset, record_id from captures"):
        assert read(archives / "news", warc, offset).record_id == record_id


def test_reindex_makes_the_index_of_real_pages_again(
    newsnet: Callable[..., Net], scrapy: Scrapy, archives: Path
) -> None:
    net = newsnet("pages", regroup=8)
    for more in ((), ("-a", "recheck=now")):
        net.crawl(scrapy, "-a", "site=https://www.gazette-4.example/", *more, *FAST)
    before = contents(archives / "news")
    assert len(before["articles"]) > 50
    assert scrapy("reindex").returncode == 0
    assert contents(archives / "news") == before


def some_urls(shared: Path, count: int) -> list[str]:
    """Addresses of the original hosts, https, each once."""
    with (shared / "newsnet/pages/manifest.jsonl").open(encoding="utf-8") as lines:
        urls = dict.fromkeys(json.loads(line)["url"] for line in lines)
    return [url for url in urls if url.startswith("https://")][:count]


def test_nothing_is_lost_by_kills(newsnet: Callable[..., Net], conform: Callable[..., str], archives: Path) -> None:
    net = newsnet("pages", regroup=4)
    kills = killed_often(archives, net.environment, 12, random.Random(6))
    found = left(archives, kills, pages_of(net, SITE), answered(net.server))
    assert sound(found), found
    conform("--closed", "--skip", "ip-address", "--skip", "log-response-exact", "--skip", "log-request-exact")


def test_a_second_run_fetches_listings_only(newsnet: Callable[..., Net], scrapy: Scrapy, rows: Ask) -> None:
    net, arguments = newsnet("pages", regroup=8), ("-a", "site=https://www.gazette-2.example/", *FAST)
    net.crawl(scrapy, *arguments)
    before, articles = len(net.server.exchanges), rows("select id from articles order by id")
    crawled = net.crawl(scrapy, *arguments)
    assert crawled.returncode == 0, crawled.stderr
    again = {f"https://{exchange.host}{exchange.target}" for exchange in net.server.exchanges[before:]}
    assert again
    assert not again & set(net.server.urls)
    assert rows("select id from articles order by id") == articles
