"""The key under which all spellings of one page's address meet."""

from __future__ import annotations

from crawler.normalisation.urls import canonical_url, plain_variant, surt


def page_key(url: str) -> str:
    """The SURT of the page: scheme, "www.", final slash, tracking parameters, AMP and print versions do not count."""
    # Without a query nothing is left for canonical_url to do that surt does not.
    return surt(plain_variant(canonical_url(url) if "?" in url else url))
