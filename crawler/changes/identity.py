"""Which article a page is: the same key on every mirror, under every slug, whatever way the URL is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urlsplit

from crawler.items import Article
from crawler.normalisation.urls import canonical_url, is_address, plain_variant, registered_domain, same_site
from crawler.publishers.base import Publisher

KEY_LENGTH = 12
"""Hex digits of a key that is made from the address: 48 bits, within one publisher."""

# Hosts of one site that show the same articles in another shape; "m" may stand behind a language.
_VARIANT_HOST = re.compile(r"^(?:www\d*|m|mobile|amp|touch|wap)\.|(?<=\.)(?:m|mobile|amp)\.")
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
# Years, months and days, in which a year comes first or last; they are on many addresses.
_DATE = re.compile(
    r"(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d)"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_SLUG = frozenset("amp print html htm shtml php aspx article articles news story detail details item view".split())


def article_key(article: Article, publisher: Publisher) -> str:
    """The article's key within its publisher.

    The publisher's own id where one of its patterns finds it, in the page's address or in a canonical one;
    else a digest of the address that the page calls canonical, if that can be believed.
    """
    for url in (article.url, *_canonical_addresses(article)):
        if (own := own_id(url, publisher)) is not None:
            return own
    return address_key(identity_url(article, publisher), publisher)


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


def identity_url(article: Article, publisher: Publisher) -> str:
    """The first canonical address that plainly names this page; else the one it was read at.

    Some sites name their front page, or one fixed page, on every article: believing those would make all
    articles one.
    """
    url = _plain(article.url)
    canonical = map(_plain, _canonical_addresses(article))
    return next((each for each in canonical if _names_the_same(each, url, publisher)), url)


def address_key(url: str, publisher: Publisher) -> str:
    """The key of an article without an id of its publisher's, from its address alone."""
    parts = urlsplit(_plain(url))
    host = (parts.hostname or "").lower()
    # Mirrors may differ in all of their name; a publisher with one host may have subdomains that are sites.
    name = "" if len(publisher.hosts()) > 1 and publisher.covers(host) else _below(host)
    path = _INDEX_PAGE.sub("", parts.path).rstrip("/")
    target = path + (f"?{parts.query}" if parts.query else "")
    return sha256(f"{name}{target}".encode()).hexdigest()[:KEY_LENGTH]


def numbers(url: str) -> frozenset[str]:
    """What may be ids in an address: runs of four and more digits that are no date, behind the host."""
    parts = urlsplit(url)
    return frozenset(found for found in _NUMBER.findall(f"{parts.path}?{parts.query}") if not _DATE.fullmatch(found))


def _canonical_addresses(article: Article) -> Iterator[str]:
    """All that the page calls its own, the likeliest first."""
    if article.canonical_url:
        yield article.canonical_url
    for said in article.evidence:
        if said.field == "canonical_url" and not said.chosen and is_address(said.value):
            yield said.value


def _plain(url: str) -> str:
    return plain_variant(canonical_url(url))


def _names_the_same(canonical: str, url: str, publisher: Publisher) -> bool:
    ours, theirs = urlsplit(url), urlsplit(canonical)
    if not (same_site(canonical, url) or publisher.covers(theirs.hostname or "")):
        return False
    common, mine, other = numbers(url) & numbers(canonical), _slug(ours.path), _slug(theirs.path)
    if ours.path.rstrip("/") == theirs.path.rstrip("/"):
        return _is_part(theirs.query, ours.query) or len(mine) >= 2 or bool(numbers(ours.path))
    # Where we have no slug, "/amp/7781234" or "print?id=7781234", the number is all there is to go by.
    return bool(common and (mine & other or not mine)) or len(mine & other) >= 3


def _is_part(query: str, whole: str) -> bool:
    """Whether one query says some of what the other does; or there is none to say anything."""
    return not whole or (bool(query) and set(query.split("&")) <= set(whole.split("&")))


def _slug(path: str) -> frozenset[str]:
    """The words of the last segment that has any, and is more than the name of a kind of page."""
    segments = (set(_WORD.findall(segment.lower())) - _NO_SLUG for segment in reversed(path.split("/")))
    return frozenset(next(filter(None, segments), ()))


def _below(host: str) -> str:
    """What stands before the registered domain, without the names of variants: "sport" of www.sport.example.org."""
    domain = registered_domain(host)
    return _VARIANT_HOST.sub("", host.removesuffix(domain)).rstrip(".")
