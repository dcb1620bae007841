"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, as links with what the feed claims about each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree

from crawler.discovery.dates import listed_moment
from crawler.discovery.links import URL_LENGTH, plain_text, resolved
from crawler.discovery.scope import Scope
from crawler.discovery.xml import safe_xml
from crawler.errors import BadListing
from crawler.items import Hints, Link

FEED_BYTES = 16 * 1024 * 1024
"""A feed that is longer is refused: feedparser takes a second for every megabyte or two."""

FEED_LINKS = 5000
"""Entries taken from one feed, from the top."""

REFERENCES = 10
"""Images noted for one entry, older pages noted for one feed."""

_ROOTS = frozenset(("rss", "rdf", "feed", "channel"))


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What one feed says."""

    links: tuple[Link, ...]
    """Articles in the feed's order, each address once."""
    next_pages: tuple[str, ...] = ()
    """Older entries: Atom's rel=next (RFC 5005 §3), JSON Feed's next_url."""
    foreign: int = 0
    """Entries that lead out of scope and were left."""
    problems: tuple[str, ...] = ()
    """What was wrong with it and could be passed over."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry, whatever format it came in."""

    addresses: tuple[str, ...]
    """Candidates, the best first."""
    hints: Hints


def feed_page(
    body: bytes,
    url: str,
    *,
    scope: Scope | None = None,
    content_type: str | None = None,
    max_links: int = FEED_LINKS,
    max_bytes: int = FEED_BYTES,
) -> FeedPage:
    """The links of a feed. Without a scope all of them. Raises BadListing, with the URL, for what is no feed."""
    if len(body) > max_bytes:
        raise BadListing(f"{url}: feed of {len(body)} bytes, over the limit of {max_bytes}", "too-long")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(body, url, scope, max_links)
    return _xml_feed(body, url, scope, content_type, max_links)


def _xml_feed(body: bytes, url: str, scope: Scope | None, content_type: str | None, max_links: int) -> FeedPage:
    document, problems = _well_formed(safe_xml(body, url, content_type), url)
    try:
        # Bytes in a stream: given a string, feedparser would take it for an address or a file name.
        parsed = feedparser.parse(BytesIO(document), resolve_relative_uris=False, sanitize_html=False)
    except Exception as error:  # feedparser lets whatever its handlers meet through: TypeError, KeyError, …
        raise BadListing(f"{url}: feedparser gave up: {type(error).__name__}: {error}") from error
    base = resolved(url, parsed.feed.get("base")) or url
    later = (link.get("href") for link in parsed.feed.get("links", ()) if link.get("rel") == "next")
    language = plain_text(parsed.feed.get("language"))
    return _page(
        (_xml_entry(entry, url, language) for entry in parsed.entries), base, later, scope, max_links, problems
    )


def _well_formed(document: bytes, url: str) -> tuple[bytes, tuple[str, ...]]:
    """The feed as far as it can be read, mended, so that feedparser's fast and strict parser takes it."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise BadListing(f"{url}: no feed: {error}") from error
    if root is None or _local_name(root) not in _ROOTS:
        found = "nothing" if root is None else f"<{_local_name(root)}>"
        raise BadListing(f"{url}: no feed: {found} where <rss>, <rdf:RDF> or <feed> should be")
    problems = (f"broken XML: {parser.error_log[0].message.strip()}",) if len(parser.error_log) else ()
    return etree.tostring(root, encoding="utf-8"), problems


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _xml_entry(entry: Any, url: str, language: str | None) -> _Entry:
    published = _first_text(entry, "published", "updated", "created")
    hints = Hints(
        source="feed",
        listing_url=url,
        title=plain_text(_first_text(entry, "title")),
        summary=plain_text(_first_text(entry, "summary", "subtitle")),
        authors=_authors(entry),
        published=listed_moment(published),
        published_raw=published,
        modified=listed_moment(_first_text(entry, "updated")),
        language=plain_text(_first_text(entry, "language", "dc_language")) or language,
        images=_resolved_all(url, _images_named(entry)),
    )
    return _Entry(tuple(_addresses(entry)), hints)


def _addresses(entry: Any) -> Iterator[str]:
    """The original address before that of a service that counts clicks; a guid where there is no other."""
    yield from filter(None, (_first_text(entry, "feedburner_origlink"), _first_text(entry, "link")))
    for link in entry.get("links", ()):
        if link.get("rel") == "alternate" and link.get("href"):
            yield link["href"]
    identifier = _first_text(entry, "id")
    if identifier and identifier.startswith(("http://", "https://")):
        yield identifier


def _authors(entry: Any) -> tuple[str, ...]:
    named = [plain_text(author.get("name")) for author in entry.get("authors", ()) if isinstance(author, dict)]
    return tuple(dict.fromkeys(filter(None, named or [plain_text(_first_text(entry, "author"))])))


def _images_named(entry: Any) -> Iterator[str | None]:
    for media in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ()), *entry.get("links", ())):
        kind = str(media.get("type", "")) or str(media.get("medium", ""))
        is_link = "rel" in media
        if kind.startswith("image") or (not kind and not is_link and media.get("url")):
            yield media.get("url") or media.get("href")


def _first_text(entry: Any, *names: str) -> str | None:
    for name in names:
        # FeedParserDict answers for "updated" with "published" where there is only that: ask only what it holds.
        value = dict.get(entry, name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _json_feed(body: bytes, url: str, scope: Scope | None, max_links: int) -> FeedPage:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise BadListing(f"{url}: neither XML nor JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise BadListing(f"{url}: JSON without a list of items; no JSON Feed")
    language = _text(feed, "language")
    entries = (_json_entry(item, url, language) for item in items if isinstance(item, dict))
    return _page(entries, url, (_text(feed, "next_url"),), scope, max_links, ())


def _json_entry(item: dict[str, Any], url: str, language: str | None) -> _Entry:
    authors = item.get("authors")
    # Version 1.0 has one "author", 1.1 a list of "authors".
    people = authors if isinstance(authors, list) else [item.get("author")]
    named = (plain_text(_text(person, "name")) for person in people if isinstance(person, dict))
    published = _text(item, "date_published")
    hints = Hints(
        source="feed",
        listing_url=url,
        title=plain_text(_text(item, "title")),
        summary=plain_text(_text(item, "summary")),
        authors=tuple(dict.fromkeys(filter(None, named))),
        published=listed_moment(published),
        published_raw=published,
        modified=listed_moment(_text(item, "date_modified")),
        language=_text(item, "language") or language,
        images=_resolved_all(url, (_text(item, "image"), _text(item, "banner_image"))),
    )
    identifier = _text(item, "id") or ""
    by_id = identifier if identifier.startswith(("http://", "https://")) else None
    return _Entry(tuple(filter(None, (_text(item, "url"), _text(item, "external_url"), by_id))), hints)


def _text(mapping: dict[str, Any], name: str) -> str | None:
    value = mapping.get(name)
    if not isinstance(value, str) or not value.strip():
        return None
    # JSON can hold half a surrogate pair, which no encoding can.
    return value.strip().encode("utf-8", "replace").decode()


def _page(
    entries: Iterable[_Entry],
    base: str,
    later: Iterable[str | None],
    scope: Scope | None,
    max_links: int,
    problems: tuple[str, ...],
) -> FeedPage:
    links: dict[str, Link] = {}
    foreign = 0
    for entry in entries:
        urls = [url for address in entry.addresses if (url := resolved(base, address))]
        ours = next((url for url in urls if scope is None or scope.covers(url)), None)
        if ours is None:
            foreign += bool(urls)
            continue
        if len(links) >= max_links:
            problems = (*problems, f"more than {max_links} entries; the rest was left")
            break
        links.setdefault(ours, Link(ours, entry.hints.title, entry.hints))
    return FeedPage(tuple(links.values()), _resolved_all(base, later), foreign, problems)


def _resolved_all(base: str, references: Iterable[str | None]) -> tuple[str, ...]:
    found = (resolved(base, reference) for reference in references if reference and len(reference) <= URL_LENGTH)
    return tuple(dict.fromkeys(filter(None, found)))[:REFERENCES]
