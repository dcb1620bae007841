"""Whose site a URL belongs to, where nobody wrote a definition."""

from __future__ import annotations

from functools import lru_cache

from crawler.normalisation.urls import host_of, registered_domain
from crawler.publishers.base import Publisher, publisher_of, publishers


def publisher_at(url: str, *, use_definitions: bool = True) -> Publisher:
    """The definition whose hosts include the URL's; else a stand-in, named after the registered domain."""
    known = publisher_of(url) if use_definitions else None
    return known or _undefined(host_of(url))


def publisher_with_id(publisher_id: str, url: str) -> Publisher:
    """The definition of that id; else the stand-in for the URL's host. What a crawl noted, found again."""
    return publishers().get(publisher_id) or _undefined(host_of(url))


@lru_cache(maxsize=4096)
def _undefined(host: str) -> Publisher:
    domain = registered_domain(host)
    return Publisher(id=domain, name=domain, domains=(host,))
