"""A small news site on loopback, for trying ofrecord without a network."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from types import TracebackType
from typing import Any, Self

from crawler.commands.demolater import later
from crawler.commands.demopages import (
    DemoArticle,
    DemoSection,
    article_page,
    demo_texts,
    html_page,
    paragraphs,
    picture,
    teaser,
)

PER_PAGE = 2
"""Articles on one page of a section."""

IN_FEED = 5
ON_FRONT_PAGE = 4

GONE = "/2025/02/11/fair-on-the-common-is-called-off-for-want-of-ponies"
"""Linked from the front page; answers 410."""

FORBIDDEN = "/drafts/2025/03/17/harbour-company-names-a-new-bridge-master"
"""Linked from the front page; robots.txt forbids it."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

_ROBOTS = Template("User-agent: *\nDisallow: /drafts/\n\nSitemap: $base/sitemap.xml\n")
_FEED = Template(f"""{_XML}<rss version="2.0"><channel>
<title>$title</title><link>$base/</link><description>All of Eddermouth</description><language>en</language>
$items
</channel></rss>
""")
_FEED_ITEM = Template(
    "<item><title>$title</title><link>$url</link><guid>$url</guid>"
    "<pubDate>$published</pubDate><description>$summary</description></item>"
)
_NEWS_URL = Template(
    "<url><loc>$url</loc><news:news><news:publication><news:name>$site</news:name><news:language>en</news:language>"
    "</news:publication><news:publication_date>$published</news:publication_date><news:title>$title</news:title>"
    "</news:news></url>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the server answers."""

    body: bytes
    mime: str = "text/html; charset=utf-8"
    status: int = 200
    location: str | None = None


class DemoSite:
    """Serves on a free port of 127.0.0.1 while the ``with`` block lasts."""

    def __init__(self, base: str | None = None, *, a_day_later: bool = False) -> None:
        """Its pages give ``base``, without a slash at the end, as their address; None: that of the port."""
        self.texts = later(demo_texts()) if a_day_later else demo_texts()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base = base or f"http://127.0.0.1:{self._server.server_port}"
        self._pages = dict(self._all())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo site", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def targets(self) -> tuple[str, ...]:
        """Every path, with its query, that has a page."""
        return tuple(self._pages)

    def page(self, target: str) -> Page:
        """The answer to a request."""
        missing = Page(self._html("Not found", "<p>There is no such page.</p>"), status=404)
        return self._pages.get(target, missing)

    def _all(self) -> Iterator[tuple[str, Page]]:
        yield "/", self._front_page()
        yield "/about", Page(self._html("About us", paragraphs(self.texts.about)))
        for section in self.texts.sections:
            yield from self._section(section)
        for article in self.texts.articles:
            yield article.path, Page(article_page(self.texts, article, self.base))
            if article.caption:
                yield article.image, Page(picture(article.headline), "image/png")
        for old, new in self.texts.redirects.items():
            yield old, Page(b"", status=301, location=self.base + new)
        yield GONE, Page(self._html("Gone", "<p>This article was withdrawn.</p>"), status=410)
        yield FORBIDDEN, Page(self._html("Draft", "<p>Not yet published.</p>"))
        yield "/robots.txt", Page(_ROBOTS.substitute(base=self.base).encode(), "text/plain; charset=utf-8")
        yield "/feed.xml", Page(self._feed(), "application/rss+xml; charset=utf-8")
        yield "/sitemap.xml", Page(self._sitemap_index("/sitemap-news.xml", "/sitemap-pages.xml"), "application/xml")
        yield "/sitemap-news.xml", Page(self._news_sitemap(), "application/xml")
        yield "/sitemap-pages.xml", Page(self._sitemap(["/", "/about"]), "application/xml")

    def _html(self, title: str, main: str) -> bytes:
        return html_page(self.texts, title, main)

    def _front_page(self) -> Page:
        others = {
            GONE: "Fair on the common is called off for want of ponies",
            FORBIDDEN: "Harbour company names a new bridge master",
            **dict.fromkeys(self.texts.redirects, "From our old pages: the swing bridge opens again"),
        }
        links = "".join(f'<p><a href="{path}">{text}</a></p>' for path, text in others.items())
        teasers = "".join(map(teaser, self.texts.articles[:ON_FRONT_PAGE]))
        return Page(self._html(self.texts.title, teasers + links))

    def _section(self, section: DemoSection) -> Iterator[tuple[str, Page]]:
        """/town/, /town/?page=2, …"""
        articles = [article for article in self.texts.articles if article.section == section.name]
        last = -(-len(articles) // PER_PAGE)
        for number in range(1, last + 1):
            teasers = "".join(map(teaser, articles[(number - 1) * PER_PAGE : number * PER_PAGE]))
            older = f'<p><a rel="next" href="{section.path}?page={number + 1}">Older articles</a></p>'
            main = f"<h1>{section.name}</h1>{teasers}{older if number < last else ''}"
            target = section.path if number == 1 else f"{section.path}?page={number}"
            yield target, Page(self._html(section.name, main))

    def _feed(self) -> bytes:
        items = "\n".join(
            _FEED_ITEM.substitute(
                self._facts(article), published=format_datetime(article.published), summary=escape(article.summary)
            )
            for article in self.texts.articles[:IN_FEED]
        )
        return _FEED.substitute(title=escape(self.texts.title), base=self.base, items=items).encode()

    def _news_sitemap(self) -> bytes:
        urls = "\n".join(
            _NEWS_URL.substitute(self._facts(article), published=article.published.isoformat())
            for article in self.texts.articles
        )
        return f'{_XML}<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">{urls}</urlset>'.encode()

    def _sitemap(self, paths: Iterable[str]) -> bytes:
        urls = "".join(f"<url><loc>{self.base}{path}</loc></url>" for path in paths)
        return f'{_XML}<urlset xmlns="{_SITEMAP}">{urls}</urlset>'.encode()

    def _sitemap_index(self, *paths: str) -> bytes:
        names = "".join(f"<sitemap><loc>{self.base}{path}</loc></sitemap>" for path in paths)
        return f'{_XML}<sitemapindex xmlns="{_SITEMAP}">{names}</sitemapindex>'.encode()

    def _facts(self, article: DemoArticle) -> dict[str, str]:
        """For XML."""
        return {
            "url": self.base + article.path,
            "title": escape(article.headline),
            "site": escape(self.texts.title),
        }


def _handler(site: DemoSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers from the site's pages, without a word on stderr."""

        protocol_version = "HTTP/1.1"
        server_version = "Eddermouth"
        sys_version = ""

        def do_GET(self) -> None:
            page = site.page(self.path)
            self.send_response(page.status)
            self.send_header("Content-Type", page.mime)
            self.send_header("Content-Length", str(len(page.body)))
            if page.location:
                self.send_header("Location", page.location)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(page.body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Nothing: requests are on record in the archive."""

    return Handler
