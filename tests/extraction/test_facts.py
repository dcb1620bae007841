"""Addresses on a page: short ways must lead where the long one does."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.html import fromstring

from crawler.extraction.facts import Facts
from crawler.extraction.walk import walked
from crawler.items import Context

URL = "https://gazette.example:8443/town/bridge.html?page=2#top"


def facts(url: str = URL) -> Facts:
    root = fromstring("<html><body></body></html>")
    return Facts(url, root, walked(root), [], {}, None, None, Context())


@given(st.text("/ab.:;?#%&=~ü0-", min_size=1, max_size=24))
@example("//other.example/a")
@example("/a/../b")
@example("/a?")
@example("/a;b")
def test_an_address_resolves_as_urljoin_would(address: str) -> None:
    expected = urljoin(URL, address)
    assert facts().absolute(address) == (expected if expected.startswith("http") else None)


@pytest.mark.parametrize("address", ["mailto:desk@gazette.example", "javascript:void(0)", "http://[::1", "data:,x"])
def test_what_is_no_http_url_is_no_address(address: str) -> None:
    assert facts().absolute(address) is None


@pytest.mark.parametrize("url", ["", "ftp://gazette.example/a", "http://[", "about:blank"])
def test_a_page_without_an_http_address_of_its_own_gives_relative_links_none(url: str) -> None:
    assert facts(url).absolute("/town/2") is None
