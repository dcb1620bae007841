"""What the wire tap hands on is what the site logged, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.downloadhandlers.crawling import Seen, crawl
from tests.site.routes import ROUTES
from tests.site.server import Scheme, Site

WHOLE = [path for path in ROUTES if path.startswith(("/page", "/gone", "/chunked", "/gzip", "/odd"))]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    return crawl([site.url(path, "https") for path in WHOLE] + [site.url(path) for path in WHOLE], ca_file=site.ca_file)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("path", WHOLE)
def test_whole_exchange_is_exact(site: Site, seen: Seen, path: str, scheme: Scheme) -> None:
    url = site.url(path, scheme)
    (logged,) = site.logged(url)
    exchange = seen.exchange(url)
    assert exchange["request"] == logged.request
    assert exchange["response"] == logged.response
    assert exchange["interim"] == logged.interim
    assert exchange["truncated"] is None
