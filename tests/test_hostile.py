"""A crawl of a site full of traps ends, in bounded time and memory; each is named, and the good articles are there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.collection.verify import verify
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.hostile import ARTICLES, BESIDE, GOOD, LISTINGS, PREFIX, fallback, routes
from tests.site.server import Site

MEMORY = 700 << 20
"""Bytes: an empty crawl takes a third of it."""

LONGEST = 300
"""Seconds, on a busy machine, after which the crawl is killed: it was to end by itself."""

FAULTS = {
    "faults/page-coding": ["gzip-bomb", "gzip-bomb-in-gzip", "broken-gzip"],
    "faults/page-depth": ["nested-tags-without-end", "tags-that-never-close"],
    "faults/page-unreadable": ["nul-bytes"],
    "faults/redirect-loop": [
        "redirect-to-itself",
        "redirect-loop",
        "redirect-to-nowhere",
        "redirect-that-wants-a-cookie",
    ],
    "faults/redirect-nowhere": ["redirect-to-a-file"],
    "faults/private-address": ["redirect-to-another-port"],
    "faults/not-followed": ["redirect-to-a-name-that-resolves-there", "redirect-to-an-address-in-decimal"],
    "faults/too-long": ["body-without-end", "chunks-without-end"],
    "faults/timeout": ["slow-drip", "slow-header", "silence"],
    "faults/header-too-long": ["headers-without-end"],
    "faults/cut-off": ["content-length-too-long", "reset"],
    "faults/not-http": ["content-length-of-no-number", "no-http"],
    "faults/http-503": ["always-503"],
    "ofrecord/not-article": [
        *("meta-refresh-of-itself", "content-length-too-short"),
        *("attributes-without-end", "one-line-of-a-million-spaces"),
    ],
    "faults/listing-dtd": ["sitemap-entity-bomb", "sitemap-with-an-entity-of-a-file"],
    "faults/listing-too-long": ["sitemap-gzip-bomb"],
    "faults/listing-unreadable": ["sitemap-that-is-no-sitemap"],
    "faults/listing: more than 50000 addresses; the rest was left": ["sitemap-of-a-million-links"],
    "listings/nothing-new-before": ["feed-of-itself"],
    "listings/too-deep": ["deeper"],
    "faults/listing: indexes in indexes, too deep to follow": ["sitemap-of-itself"],
    "traps/calendar": ["sitemap-of-years", "endless-calendar"],
    "traps/session": ["sessions"],
    "robots/unknown": ["robots-503", "robots-without-end"],
    "hosts/put-off": ["retry-after"],
    "traps/repeating": ["repeating"],
    "traps/fruitless": ["sitemap-same-text"],
}
"""What is counted in the crawl's stats, at least once for each of the traps."""

HARMLESS = {"json-without-end", "no-such-charset", "a-title-of-a-megabyte", "redirect-loop-back"}
"""Traps that do nothing to us: their pages are read as others are."""


@dataclass(frozen=True)
class Ended:
    folder: Path
    stats: dict[str, Any]
    memory: int
    """Bytes, at most."""
    asked: list[str]
    """Paths, as the site saw them."""
    asked_elsewhere: list[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{self.folder}/index.db?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    archives = tmp_path_factory.mktemp("hostile")
    with ExitStack() as sites:
        other = sites.enter_context(Site())
        beside = {name: port_of(sites.enter_context(Site(paths))) for name, paths in BESIDE.items()}
        site = sites.enter_context(Site(routes(port_of(other), beside), fallback=fallback))
        allowed = [f"127.0.0.1:{port}" for port in (port_of(site), *beside.values())]
        settings = {
            "ARCHIVES_DIR": str(archives),
            "ALLOW_PRIVATE_ADDRESSES": ",".join(allowed),
            "DOWNLOAD_DELAY": "0",
            "DOWNLOAD_TIMEOUT": "3",
            "DOWNLOAD_MAXSIZE": str(4 << 20),
            "CONCURRENT_REQUESTS_PER_DOMAIN": "4",
            "RETRY_TIMES": "1",
        }
        process = subprocess.Popen(
            scrapy_command(["crawl", "news", "-a", f"site={site.url('/')}"]),
            cwd=PROJECT,
            env=clean_environment({f"OFRECORD_{name}": value for name, value in settings.items()}),
            stderr=subprocess.DEVNULL,
        )
        # Not process.kill: it would take the status that wait4 waits for.
        overdue = Timer(LONGEST, os.kill, (process.pid, signal.SIGKILL))
        overdue.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            overdue.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        asked = [entry.url.removeprefix(site.url("")) for entry in site.log]
        elsewhere = [entry.url for entry in other.log]
    folder = archives / "news"
    with closing(connect(folder / "index.db")) as db:
        stats = json.loads(db.execute("SELECT stats FROM crawls").fetchone()[0])
    return Ended(folder, stats, usage.ru_maxrss * 1024, asked, elsewhere)


def port_of(site: Site) -> int:
    return urlsplit(site.url("/")).port or 0


def test_there_are_thirty_traps_and_more() -> None:
    assert len(ARTICLES) + len(LISTINGS) + len(BESIDE) >= 30


@pytest.mark.parametrize(("fault", "traps"), FAULTS.items())
def test_each_fault_is_named_in_the_stats(ended: Ended, fault: str, traps: list[str]) -> None:
    assert ended.stats.get(fault, 0) >= len(traps), ended.stats


def test_no_trap_is_without_a_name() -> None:
    named = {trap for traps in FAULTS.values() for trap in traps}
    paths = [*ARTICLES, *BESIDE, *(path.strip("/").partition(".")[0] for path in LISTINGS)]
    assert set(paths) - named - HARMLESS == set()


def test_the_good_articles_are_in_the_archive(ended: Ended) -> None:
    found = {urlsplit(url).path for (url,) in ended.rows("SELECT url FROM articles")}
    assert {story.path for story in GOOD} <= found
    assert verify(ended.folder, workers=1).faults == []


def test_nobody_else_is_asked(ended: Ended) -> None:
    assert ended.asked_elsewhere == []


def test_memory_is_bounded(ended: Ended) -> None:
    assert ended.memory < MEMORY


def test_what_has_no_end_is_left_after_a_while(ended: Ended) -> None:
    assert len(ended.asked) < 300
    assert sum(path.endswith("/same-text") for path in ended.asked) < 60
    assert sum(path.startswith("/deeper") for path in ended.asked) < 30
    assert sum(path.startswith("/endless-calendar") for path in ended.asked) < 10
    assert sum(path.startswith("/sitemap-of-years") for path in ended.asked) < 6
    assert sum(path.startswith(f"{PREFIX}1001/redirect-to-itself") for path in ended.asked) < 5


def test_one_article_under_many_session_ids_is_fetched_once(ended: Ended) -> None:
    assert sum(path.startswith(GOOD[0].path) for path in ended.asked) == 1
