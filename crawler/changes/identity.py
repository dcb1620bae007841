"""Which article a page is: the same key on every mirror, under every slug, whatever way the URL is written."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

from crawler.items import Article
from crawler.normalisation.urls import canonical_url, plain_variant, registered_domain
from crawler.publishers.base import Publisher

KEY_LENGTH = 12
"""Hex digits of a key that is made from the address: 48 bits, within one publisher."""

# Hosts of one site that show the same articles in another shape.
_VARIANT_HOST = re.compile(r"^(?:www\d*|m|mobile|amp)\.")
_NUMBER = re.compile(r"\d{4,}")
_WORD = re.compile(r"[^\W\d_]{3,}")


def article_key(article: Article, publisher: Publisher) -> str:
    """The article's key within its publisher.

    The publisher's own id where one of its patterns finds it, in the page's address or in the canonical one;
    else a digest of the address that the page calls canonical, if that can be believed.
    """
    for url in filter(None, (article.url, article.canonical_url)):
        if (own := own_id(url, publisher)) is not None:
            return own
    return _digest(identity_url(article), publisher)


def own_id(url: str, publisher: Publisher) -> str | None:
    """The publisher's id in an article's URL; None where no pattern matches."""
    parts = urlsplit(url)
    if not publisher.covers(parts.hostname or ""):
        return None
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    for pattern in publisher.article_patterns:
        match = re.search(pattern, target)
        if match and match.groupdict().get("id"):
            return match["id"]
    return None


def identity_url(article: Article) -> str:
    """The canonical address where it plainly names this page; else the one it was read at.

    Some sites name their front page, or one fixed page, on every article: believing those would make all
    articles one.
    """
    url = plain_variant(canonical_url(article.url))
    if not article.canonical_url:
        return url
    canonical = plain_variant(canonical_url(article.canonical_url))
    return canonical if _names_the_same(canonical, url) else url


def _names_the_same(canonical: str, url: str) -> bool:
    ours, theirs = urlsplit(url), urlsplit(canonical)
    if registered_domain(ours.hostname or "") != registered_domain(theirs.hostname or ""):
        return False
    if ours.path.rstrip("/") == theirs.path.rstrip("/"):
        return True
    numbers = set(_NUMBER.findall(f"{ours.path}?{ours.query}")) & set(_NUMBER.findall(f"{theirs.path}?{theirs.query}"))
    words = set(_words(ours.path)) & set(_words(theirs.path))
    return bool(numbers and words) or len(words) >= 3


def _words(path: str) -> list[str]:
    """Of the last segment that has any: the slug."""
    slugs = [found for segment in path.split("/") if (found := _WORD.findall(segment.lower()))]
    return slugs[-1] if slugs else []


def _digest(url: str, publisher: Publisher) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    # Mirrors may differ in all of their name; a publisher with one host may have subdomains that are sites.
    name = "" if len(publisher.hosts()) > 1 and publisher.covers(host) else _below(host)
    target = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return sha256(f"{name}{target}".encode()).hexdigest()[:KEY_LENGTH]


def _below(host: str) -> str:
    """What stands before the registered domain, without the names of variants: "sport" of www.sport.example.org."""
    return _VARIANT_HOST.sub("", host).removesuffix(registered_domain(host)).rstrip(".")
