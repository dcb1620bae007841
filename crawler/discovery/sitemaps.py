"""Sitemaps (sitemaps.org 0.9): lists and indexes in XML, plain text or as a feed, gzipped or not, as links."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from itertools import islice

from lxml import etree

from crawler.discovery.dates import listed_moment
from crawler.discovery.feeds import feed_page
from crawler.discovery.links import plain_text, resolved
from crawler.discovery.scope import Scope
from crawler.discovery.xml import safe_xml
from crawler.errors import BadListing
from crawler.items import Hints, Link

# sitemaps.org, "Sitemap file requirements": 50,000 URLs and 50 MiB uncompressed; an index the same.
SITEMAP_LINKS = 50_000
SITEMAP_BYTES = 50 * 1024 * 1024

SITEMAP_DEPTH = 3
"""Indexes above a list that are followed; the protocol allows one, some sites have an index by year and month."""

IMAGES = 10
"""Images noted for one address; the image extension allows 1,000."""

GZIP = b"\x1f\x8b"
GZIP_MEMBERS = 10_000
"""Members of one file; a file of millions of empty ones would cost minutes."""
GZIP_PIECE = 64 * 1024
"""Bytes handed to zlib at a time: it copies what it did not use."""

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]+)")
_COMMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """What one sitemap says."""

    sitemaps: tuple[Link, ...] = ()
    """Of an index; ``hints.modified`` is its lastmod, so that what did not change can be left."""
    links: tuple[Link, ...] = ()
    foreign: int = 0
    """Addresses out of scope that were left."""
    problems: tuple[str, ...] = ()
    """What was wrong with it and could be passed over."""


@dataclass(slots=True)
class _Gathered:
    """A page in the making."""

    url: str
    scope: Scope | None
    max_links: int
    sitemaps: dict[str, Link] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    foreign: int = 0
    problems: list[str] = field(default_factory=list)

    def page(self) -> SitemapPage:
        return SitemapPage(
            tuple(self.sitemaps.values()), tuple(self.links.values()), self.foreign, tuple(self.problems)
        )

    def add(self, link: Link) -> bool:
        """Takes an address in scope; False when there is no room for another."""
        if self.scope is not None and not self.scope.covers(link.url):
            self.foreign += 1
            return self._has_room(len(self.links))
        return self._put(self.links, link)

    def add_sitemap(self, link: Link) -> bool:
        """Takes the address of another sitemap, on whatever host: what it lists is held against the scope."""
        return self._put(self.sitemaps, link)

    def _put(self, taken: dict[str, Link], link: Link) -> bool:
        if link.url not in taken and not self._has_room(len(taken)):
            return False
        taken.setdefault(link.url, link)
        return True

    def _has_room(self, taken: int) -> bool:
        """Foreign addresses take room as well: they cost as much to read."""
        if taken + self.foreign < self.max_links:
            return True
        self.problems.append(f"more than {self.max_links} addresses; the rest was left")
        return False


def sitemap_page(
    body: bytes,
    url: str,
    *,
    scope: Scope | None = None,
    content_type: str | None = None,
    depth: int = 0,
    max_depth: int = SITEMAP_DEPTH,
    max_links: int = SITEMAP_LINKS,
    max_bytes: int = SITEMAP_BYTES,
) -> SitemapPage:
    """What a sitemap lists; ``depth`` counts the indexes that led to it. Without a scope all of it.

    Broken XML gives what stands before and around the fault. Raises BadListing, with the URL, for what is no
    sitemap, and for one that unpacks to more than ``max_bytes``.
    """
    gathered = _Gathered(url, scope, max_links)
    plain = _unpacked(body, gathered, max_bytes)
    if plain.lstrip(b"\xef\xbb\xbf \t\r\n\0\xff\xfe")[:1] != b"<":
        return _listed_as_text(plain, gathered)
    document = safe_xml(plain, url, content_type)
    root = _ROOT.search(_COMMENTS.sub(b"", document[:10_000]))
    if root and root[1].lower() in (b"rss", b"feed", b"rdf"):
        feed = feed_page(document, url, scope=scope, max_links=max_links, max_bytes=max_bytes)
        return SitemapPage((), tuple(_as_sitemap(link) for link in feed.links), feed.foreign, feed.problems)
    if root and root[1].lower() == b"html":
        raise BadListing(f"{url}: an HTML page where a sitemap should be")
    return _read_xml(document, gathered, follow=depth < max_depth)


def _unpacked(body: bytes, gathered: _Gathered, max_bytes: int) -> bytes:
    """The body without gzip, which its first bytes tell; a name or header may say otherwise."""
    for _ in range(2):  # some servers compress the .gz file once more
        if not body.startswith(GZIP):
            break
        body = _gunzipped(body, gathered, max_bytes)
    if len(body) > max_bytes:
        raise BadListing(f"{gathered.url}: more than {max_bytes} bytes unpacked; a sitemap has no more", "too-long")
    return body


def _gunzipped(body: bytes, gathered: _Gathered, max_bytes: int) -> bytes:
    """All members of a gzip file (RFC 1952 §2.2), as far as they can be read and one byte past the limit."""
    whole = bytearray()
    position = 0
    try:
        for _ in range(GZIP_MEMBERS):
            if not body.startswith(GZIP, position) or len(whole) > max_bytes:
                break
            position = _unpack_member(body, position, whole, max_bytes)
    except (zlib.error, EOFError) as error:
        gathered.problems.append(f"broken gzip: {error}")
    if not whole:
        raise BadListing(f"{gathered.url}: gzip that holds nothing readable")
    return bytes(whole)


def _unpack_member(body: bytes, position: int, whole: bytearray, max_bytes: int) -> int:
    """Adds one member to ``whole``; gives where the next begins. Raises EOFError when the member is cut off."""
    member = zlib.decompressobj(wbits=31)
    while not member.eof and len(whole) <= max_bytes:
        piece = body[position : position + GZIP_PIECE]
        if not piece:
            raise EOFError("it is cut off")
        whole += member.decompress(piece, max_bytes + 1 - len(whole))
        position += len(piece) - len(member.unused_data) - len(member.unconsumed_tail)
    return position


def _listed_as_text(body: bytes, gathered: _Gathered) -> SitemapPage:
    """One address a line (sitemaps.org, "Text file")."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for line in body.decode(encoding, "replace").splitlines():
        if not line.strip().startswith(("http://", "https://")):
            continue
        found = resolved(gathered.url, line)
        if found and not gathered.add(Link(found, None, Hints("sitemap", gathered.url))):
            break
    if not gathered.links and not gathered.foreign:
        raise BadListing(f"{gathered.url}: neither XML nor a list of addresses")
    return gathered.page()


def _read_xml(document: bytes, gathered: _Gathered, *, follow: bool) -> SitemapPage:
    elements = etree.iterparse(
        BytesIO(document),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    seen = 0
    try:
        for _, element in elements:
            name = _local_name(element)
            if name not in ("url", "sitemap"):
                continue
            seen += 1
            if not _take(name, element, gathered, follow=follow):
                break
            _drop(element)
    except etree.XMLSyntaxError as error:
        gathered.problems.append(f"broken XML: {error.msg}")
    if not seen and _local_name(elements.root) not in ("urlset", "sitemapindex"):
        raise BadListing(f"{gathered.url}: no sitemap: neither <urlset> nor <sitemapindex>")
    if not gathered.problems and len(elements.error_log):
        gathered.problems.append(f"broken XML: {elements.error_log[0].message.strip()}")
    return gathered.page()


def _take(name: str, element: etree._Element, gathered: _Gathered, *, follow: bool) -> bool:
    """Adds one <url> or <sitemap>; False when there is no room for more."""
    url = resolved(gathered.url, _child_text(element, "loc"))
    if url is None:
        return True
    modified = listed_moment(_child_text(element, "lastmod"))
    if name == "url":
        return gathered.add(_link(url, element, gathered.url, modified))
    if not follow:
        gathered.problems.append(f"indexes in indexes, too deep to follow: {url}")
        return False
    return gathered.add_sitemap(Link(url, None, Hints("sitemap", gathered.url, modified=modified)))


def _link(url: str, element: etree._Element, listing_url: str, modified: datetime | None) -> Link:
    # <news:news> of Google News; the namespace is missing or misspelt on many sites, the names are not.
    news = next(_children(element, "news"), None)
    published = _child_text(news, "publication_date")
    title = plain_text(_child_text(news, "title"))
    images = (resolved(url, _child_text(image, "loc")) for image in _children(element, "image"))
    hints = Hints(
        source="sitemap",
        listing_url=listing_url,
        title=title,
        published=listed_moment(published),
        published_raw=published,
        modified=modified,
        language=_child_text(next(_children(news, "publication"), None), "language"),
        images=tuple(islice(filter(None, images), IMAGES)),
        alternates=tuple(islice(_alternates(url, element), IMAGES)),
    )
    return Link(url, title, hints)


def _alternates(url: str, element: etree._Element) -> Iterator[tuple[str, str]]:
    """<xhtml:link rel="alternate" hreflang="…" href="…">: the page in other languages."""
    for link in _children(element, "link"):
        other = resolved(url, link.get("href"))
        if link.get("rel") == "alternate" and link.get("hreflang") and other:
            yield str(link.get("hreflang")), other


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return (child for child in (() if element is None else element) if _local_name(child) == name)


def _child_text(element: etree._Element | None, name: str) -> str | None:
    for child in _children(element, name):
        if child.text and child.text.strip():
            return child.text.strip()
    return None


def _local_name(element: etree._Element | None) -> str:
    """Without namespace, or the prefix that stays in a name whose namespace is not declared."""
    return "" if element is None else str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _drop(element: etree._Element) -> None:
    """Frees what has been read: a list of 50,000 addresses need not be in memory as a tree."""
    element.clear()
    parent = element.getparent()
    if parent is None or parent.getparent() is not None:
        return
    while element.getprevious() is not None:
        del parent[0]


def _as_sitemap(link: Link) -> Link:
    return replace(link, hints=replace(link.hints, source="sitemap")) if link.hints else link
