"""A crawl begins only where exact bytes can be promised."""

from __future__ import annotations

from time import perf_counter

import pytest
from twisted.internet.task import Clock
from twisted.web.client import HTTPConnectionPool

from crawler.downloadhandlers.selftest import ensure_versions, self_test
from crawler.downloadhandlers.wire import _Pool, _TappedPool, ensure_exact
from crawler.errors import CaptureMismatch
from tests.downloadhandlers.crawling import crawl


@pytest.mark.parametrize(
    ("scrapy", "twisted", "named"),
    [
        ((2, 18, 3), (26, 4), "Scrapy 2.18.3 is installed; the wire tap needs >=2.19,<2.20"),
        ((2, 20, 0), (26, 4), "Scrapy 2.20.0"),
        ((2, 19, 0), (25, 5), "Twisted 25.5"),
        ((2, 19, 0), (27, 0), "Twisted 27.0"),
    ],
)
def test_other_versions_are_refused(scrapy: tuple[int, ...], twisted: tuple[int, ...], named: str) -> None:
    with pytest.raises(CaptureMismatch, match=named):
        ensure_versions(scrapy, twisted)


def test_versions_it_was_made_for_are_accepted() -> None:
    ensure_versions((2, 19, 4), (26, 10))


def test_self_test_notices_connections_that_are_not_tapped() -> None:
    clock = Clock()
    with pytest.raises(CaptureMismatch, match="saw 0 exchanges"):
        self_test(lambda tap: HTTPConnectionPool(clock), clock)  # type: ignore[no-untyped-call]


def test_self_test_says_what_a_changed_private_name_breaks() -> None:
    with pytest.raises(CaptureMismatch, match="private name"):
        self_test(lambda tap: object(), Clock())


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 64, 1000])
def test_exchange_is_exact_however_its_bytes_are_cut(piece: int) -> None:
    clock = Clock()
    pool = _Pool(clock)  # type: ignore[no-untyped-call]  # as all of Twisted's client
    self_test(lambda tap: _TappedPool(pool, tap), clock, piece=piece)


def test_self_test_takes_less_than_50_milliseconds() -> None:
    began = perf_counter()
    ensure_exact.__wrapped__()
    assert perf_counter() - began < 0.05


def test_handler_without_a_sink_does_not_start() -> None:
    seen = crawl(["http://127.0.0.1:9/"], settings={"EXCHANGE_SINK": None})
    assert "CaptureMismatch: EXCHANGE_SINK is not set" in seen.log
    assert seen.ends["http://127.0.0.1:9/"]["failure"] == "NotSupported"
