"""Bodies beyond a limit: spooled, or cut and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.downloadhandlers.crawling import Fetch, Seen, crawl
from tests.site.server import Site

LARGE = ["/large", "/large-chunked", "/large-until-close", "/large-with-hints"]
SPOOL_BYTES = 100_000


@pytest.fixture(scope="module")
def spools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spools")


@pytest.fixture(scope="module")
def seen(site: Site, spools: Path) -> Seen:
    whole = [Fetch(site.url(path)) for path in (*LARGE, "/page")]
    cut = [Fetch(site.url(f"{path}?cut", "https"), meta={"download_maxsize": 70_000}) for path in LARGE]
    settings = {"CAPTURE_SPOOL_BYTES": SPOOL_BYTES, "CAPTURE_SPOOL_DIR": str(spools)}
    return crawl([*whole, *cut], settings=settings, ca_file=site.ca_file)


@pytest.mark.parametrize("path", LARGE)
def test_body_over_the_memory_threshold_is_spooled_and_exact(site: Site, seen: Seen, path: str) -> None:
    exchange, (logged,) = seen.exchange(site.url(path)), site.logged(site.url(path))
    assert exchange["spooled"]
    assert exchange["response"] == logged.response
    assert exchange["interim"] == logged.interim


def test_body_below_the_threshold_stays_in_memory(site: Site, seen: Seen) -> None:
    assert not seen.exchange(site.url("/page"))["spooled"]


def test_spools_leave_nothing_behind(seen: Seen, spools: Path) -> None:
    assert list(spools.iterdir()) == []


@pytest.mark.parametrize("path", LARGE)
def test_body_over_maxsize_is_cut_and_kept(site: Site, seen: Seen, path: str) -> None:
    url = site.url(f"{path}?cut", "https")
    exchange, (logged,) = seen.exchange(url), site.logged(url)
    assert exchange["truncated"] == "length"
    assert exchange["head_length"] <= exchange["response_length"] < len(logged.response)
    assert logged.response.startswith(exchange["response"])
    assert seen.ends[url] == {"failure": "DownloadCancelledError", "capture": True}


def test_spool_that_cannot_be_written_breaks_the_exchange_and_says_why(site: Site, spools: Path) -> None:
    settings = {
        "CAPTURE_SPOOL_BYTES": SPOOL_BYTES,
        "CAPTURE_SPOOL_DIR": str(spools / "nowhere"),
        "DOWNLOAD_MAXSIZE": 70_000_000,
    }
    seen = crawl([site.url("/large?nowhere")], settings=settings)
    assert seen.exchanges == []
    assert "not spooled" in seen.broken[0]["reason"]
