"""robots.txt (RFC 9309), and the places where a site keeps its sitemaps and feeds when nothing names them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from protego import Protego

from crawler.discovery.links import resolved

# RFC 9309 §2.5: a parser must read at least 500 KiB.
ROBOTS_LIMIT = 500 * 1024
"""Bytes; what comes after is not read."""

SITEMAPS_LIMIT = 1000
"""Sitemap lines that are believed."""

# What news sites use, the most telling first: an index leads to all others, a news sitemap has dates and titles.
_SITEMAPS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/wp-sitemap.xml",
    "/sitemap.xml.gz",
    "/sitemap.txt",
)
_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default", "/feed.json")

# RFC 9309 §2.2.1 knows product tokens only; sites also write "ofrecord/1.0", and mean us.
_VERSION = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n]*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt allows, and the sitemaps it names."""

    sitemaps: tuple[str, ...]
    """Absolute, in order; on whatever host the site trusts (sitemaps.org, "cross submits")."""
    _rules: Protego

    def allows(self, url: str, agent: str) -> bool:
        """Whether the product ``agent`` may fetch a URL (RFC 9309 §2.2)."""
        return bool(self._rules.can_fetch(url, agent))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests of ``agent``, if the file asks for it (no standard, widely used)."""
        delay = self._rules.crawl_delay(agent)
        return delay if delay is not None and math.isfinite(delay) and delay >= 0 else None


@dataclass(frozen=True, slots=True)
class WellKnown:
    """Addresses worth trying, in order; the first that answers of each kind is enough."""

    sitemaps: tuple[str, ...]
    """Only where robots.txt names none."""
    feeds: tuple[str, ...]
    """Only where the front page names none."""


def robots_of(body: bytes, url: str) -> Robots:
    """The rules of a robots.txt; whatever cannot be read in it is as if it were not there. Never raises."""
    rules = Protego.parse(_VERSION.sub(r"\1", _text(body)))
    named = (resolved(url, sitemap) for sitemap in rules.sitemaps)
    sitemaps = tuple(dict.fromkeys(filter(None, named)))
    return Robots(sitemaps[:SITEMAPS_LIMIT], rules)


def well_known(url: str) -> WellKnown:
    """Where the site of a URL may keep sitemaps and feeds."""
    return WellKnown(
        tuple(urljoin(url, path) for path in _SITEMAPS),
        tuple(urljoin(url, path) for path in _FEEDS),
    )


def _text(body: bytes) -> str:
    if len(body) > ROBOTS_LIMIT:
        # A rule cut in two would say something else.
        body = body[:ROBOTS_LIMIT].rpartition(b"\n")[0]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")
