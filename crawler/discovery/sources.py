"""Whose site a URL belongs to, where nobody wrote a definition."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.normalisation.urls import registered_domain
from crawler.publishers.base import Publisher, publisher_of, publishers


def publisher_at(url: str, *, use_definitions: bool = True) -> Publisher:
    """The definition whose hosts include the URL's; else a stand-in, named after the registered domain."""
    known = publisher_of(url) if use_definitions else None
    return known or _undefined(url)


def publisher_with_id(publisher_id: str, url: str) -> Publisher:
    """The definition of that id; else the stand-in for the URL's host. What a crawl noted, found again."""
    return publishers().get(publisher_id) or _undefined(url)


def _undefined(url: str) -> Publisher:
    host = (urlsplit(url).hostname or "").lower()
    domain = registered_domain(host)
    return Publisher(id=domain, name=domain, domains=(host,))
