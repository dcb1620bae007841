"""/.well-known/tdmrep.json in a crawl: asked for once per host, on record, harmful to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from crawler.collection.reindex import reindex
from tests.collection.test_collection import asked
from tests.collection.test_reindex import contents
from tests.conftest import Scrapy
from tests.gazette import Gazette
from tests.site.parts import Part, Pause, Request, Reset, Route, always, head, page
from tests.site.server import Site

PATH = "/.well-known/tdmrep.json"
TERMS = "https://gazette.example/terms"
STORIES = Gazette(3).stories
RULES = [
    {"location": STORIES[0].path, "tdm-reservation": 0},
    {"location": "/2024/", "tdm-reservation": 1, "tdm-policy": TERMS},
]
JSON = "Content-Type: application/json"
FILE = page(json.dumps(RULES).encode(), JSON)
SAID = "SELECT tdm_reservation, tdm_policy FROM captures WHERE purpose = 'article' ORDER BY url"


def crawled(scrapy: Scrapy, urls: Iterable[str], folder: Path, *arguments: str) -> str:
    file = folder / "urls.txt"
    file.write_text("\n".join(urls))
    done = scrapy("crawl", "news", "-a", f"urls={file}", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stderr


def all_of(site: Site) -> list[str]:
    return [site.url(story.path) for story in STORIES]


def paths(site: Site) -> list[str]:
    return [urlsplit(entry.url).path for entry in site.log]


def test_what_the_file_says_is_on_record_with_each_page_that_says_nothing_itself(
    scrapy: Scrapy, archives: Path, tmp_path: Path
) -> None:
    own_word = always(page(STORIES[1].html().encode(), "TDM-Reservation: 0"))
    with Gazette(3, {PATH: always(FILE), STORIES[1].path: own_word}).served() as site:
        crawled(scrapy, all_of(site), tmp_path)
        assert paths(site)[:2] == ["/robots.txt", PATH]
        assert paths(site).count(PATH) == 1
        file = site.url(PATH)
    folder = archives / "news"
    assert asked(folder, SAID) == [(0, None), (0, TERMS), (1, TERMS)]
    columns = "url, robots, tdm_reservation"
    assert asked(folder, f"SELECT {columns} FROM captures WHERE purpose = 'tdmrep'") == [(file, "allowed", None)]
    (found,) = scrapy("search", "policy:tdm-reserved", "--json").stdout.splitlines()
    assert STORIES[2].headline in found
    before = contents(folder)
    (folder / "index.db").unlink()
    reindex(folder, workers=1)
    assert contents(folder) == before


def elsewhere(request: Request) -> Iterable[Part]:
    """The same server by another name."""
    port = (request.header("host") or "").rpartition(":")[2]
    yield page(b"", f"Location: http://localhost:{port}/rules.json", status="302 Found")


def test_a_redirect_is_followed_to_another_host_and_the_pace_is_kept(
    scrapy: Scrapy, archives: Path, tmp_path: Path
) -> None:
    with Gazette(3, {PATH: elsewhere, "/rules.json": always(FILE)}).served() as site:
        crawled(scrapy, [site.url(STORIES[1].path)], tmp_path, "-s", "DOWNLOAD_DELAY=0.4")
        assert paths(site) == ["/robots.txt", PATH, "/robots.txt", "/rules.json", STORIES[1].path]
        moments = [entry.received_at for entry in site.log]
    assert all(later - earlier >= 0.35 for earlier, later in pairwise(moments))
    assert asked(archives / "news", SAID) == [(1, TERMS)]


def cut_off(request: Request) -> Iterable[Part]:
    yield head(JSON, "Content-Length: 4000") + b'[{"location": "/"'
    yield Reset


FAULTS: dict[str, Route] = {
    "missing": always(page(b"no", status="404 Not Found")),
    "forbidden": always(page(b"no", status="403 Forbidden")),
    "broken": always(page(b"oops", status="500 Internal Server Error")),
    "reset": always(Reset),
    "cut off": cut_off,
    "a page": always(page(STORIES[0].html().encode())),
    "too long": always(page(b"[" + b'{"location": "/", "tdm-reservation": 1},' * 50_000 + b"{}]", JSON)),
    "a loop": always(page(b"", f"Location: {PATH}", status="302 Found")),
    "slow": always(Pause(30), FILE),
}


def test_whatever_is_wrong_with_the_file_the_pages_are_fetched(scrapy: Scrapy, archives: Path, tmp_path: Path) -> None:
    with ExitStack() as last:
        sites = {name: last.enter_context(Gazette(3, {PATH: route}).served()) for name, route in FAULTS.items()}
        urls = [url for site in sites.values() for url in all_of(site)]
        said = crawled(scrapy, urls, tmp_path, "-s", "DOWNLOAD_TIMEOUT=5")
        times = {name: paths(site).count(PATH) for name, site in sites.items()}
    assert times.pop("a loop") > 1
    assert times.pop("reset") in (1, 2)  # what a connection that is kept brought to an end is sent once more
    assert set(times.values()) == {1}
    assert "left alone" not in said
    assert set(asked(archives / "news", SAID)) == {(None, None)}
    assert asked(archives / "news", "SELECT count(*) FROM captures WHERE purpose = 'article'") == [(len(urls),)]


def test_robots_txt_may_forbid_it_and_a_setting_switch_it_off(scrapy: Scrapy, archives: Path, tmp_path: Path) -> None:
    gazette = Gazette(3, {PATH: always(FILE)})
    gazette.robots = "User-agent: *\nDisallow: /.well-known/\n"
    with gazette.served() as forbidding, Gazette(3, {PATH: always(FILE)}).served() as other:
        crawled(scrapy, all_of(forbidding), tmp_path)
        crawled(scrapy, all_of(other), tmp_path, "-s", "TDMREP_ENABLED=False")
        assert PATH not in paths(forbidding) + paths(other)
    assert asked(archives / "news", SAID) == [(None, None)] * 6


def test_where_robots_txt_is_not_obeyed_the_record_says_that_it_was_not_asked(
    scrapy: Scrapy, archives: Path, tmp_path: Path
) -> None:
    gazette = Gazette(3, {PATH: always(FILE)})
    gazette.robots = "User-agent: *\nDisallow: /\n"
    with gazette.served() as site:
        crawled(scrapy, all_of(site), tmp_path, "-s", "ROBOTSTXT_OBEY=False")
        assert "/robots.txt" not in paths(site)
    assert asked(archives / "news", "SELECT DISTINCT robots FROM captures") == [("not-asked",)]
    assert asked(archives / "news", SAID) == [(0, None), (1, TERMS), (1, TERMS)]
