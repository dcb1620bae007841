"""The requests of a crawl: what each is for, which links are followed, and in which order they go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.discovery.articles import is_article
from crawler.discovery.scope import Scope
from crawler.items import Hints, Link, Purpose
from crawler.normalisation.hints import hints_as_json
from crawler.normalisation.urls import registered_domain
from crawler.publishers.base import Publisher
from crawler.spiders.arguments import CrawlArguments

if TYPE_CHECKING:
    from crawler.spiders.news import NewsSpider

PRIORITIES: dict[Purpose, int] = {"feed": 50, "sitemap": 40, "section": 30, "requisite": 15, "article": 10}
"""Listings first: then the newest articles of all sources come before the oldest of one; images with their article."""

IMAGES_OF_AN_ARTICLE = 30
IMAGE_BYTES = 20 << 20
"""A longer one is cut there, and marked."""


class Requests:
    """Makes them for one crawl."""

    def __init__(self, spider: NewsSpider, arguments: CrawlArguments) -> None:
        self._spider, self._arguments = spider, arguments
        publisher = arguments.publisher
        self.scope = Scope(publisher, arguments.since, arguments.until) if publisher else None
        self._callbacks = {"feed": spider.parse_feed, "sitemap": spider.parse_sitemap, "section": spider.parse_section}

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def seeds(self) -> Iterator[Request]:
        """What the crawl begins with: the URLs given, or the front page and what the definition names."""
        for url in self._arguments.urls:
            yield self._article(Link(url, hints=Hints("user")), via=None, hops=0)
        publisher, front_page = self._arguments.publisher, self._arguments.front_page
        if publisher is None or front_page is None:
            return
        meta = self._meta("section", publisher, via=None, hops=0)
        yield Request(
            front_page,
            callback=self._spider.parse_front_page,
            errback=self._spider.failed,
            meta=meta,
            priority=PRIORITIES["section"] + 100,
        )
        for purpose, addresses in _own_listings(publisher):
            for address in addresses if purpose in self._arguments.sources else ():
                yield self._listing(urljoin(front_page, address), purpose, publisher, via=None, hops=1)

    def groups(self) -> frozenset[str]:
        """Whose URLs this crawl fetches; those of others wait in the frontier for theirs."""
        if self._arguments.publisher is not None:
            return frozenset((self._arguments.publisher.id,))
        return frozenset(self._arguments.publisher_of(url).id for url in self._arguments.urls)

    def domains(self) -> list[str]:
        """Where redirects may lead, for Scrapy's offsite middleware."""
        publisher = self._arguments.publisher
        return sorted({registered_domain(host) for host in publisher.domains}) if publisher else []

    def articles(self, links: Iterable[Link], listing: Response) -> Iterator[Request]:
        """Of a listing's links those that look like articles, within the dates that were asked for."""
        for link in links:
            if self.is_wanted(link) and is_article(link, self._arguments.publisher):
                yield self._article(link, via=listing.url, hops=listing.meta["hops"] + 1)

    def as_article(self, request: Request) -> Request:
        """The request of a listing as one of an article, if its URL looks like an article's."""
        if not is_article(Link(request.url), self._arguments.publisher):
            return request
        meta = request.meta | {"purpose": "article"}
        return request.replace(callback=self._spider.parse_article, meta=meta, priority=PRIORITIES["article"])

    def listings(
        self,
        purpose: Purpose,
        urls: Iterable[str],
        listing: Response,
        *,
        hops: int = 1,
        anywhere: bool = False,
        guessed: bool = False,
    ) -> Iterator[Request]:
        """Further listings that one names; ``hops`` says how much further from the front page they are.

        ``anywhere``: they may be on other sites; ``guessed``: nobody named them, and they may well not be there.
        """
        marks = {name: True for name, holds in (("allow_offsite", anywhere), ("guessed", guessed)) if holds}
        publisher = self._arguments.publisher
        assert publisher is not None  # a list of URLs leads to no listing
        for url in urls:
            if not anywhere and self.scope is not None and not self.scope.covers(url):
                continue
            request = self._listing(url, purpose, publisher, via=listing.url, hops=listing.meta["hops"] + hops)
            yield request.replace(meta={**request.meta, **marks})

    def requisites(self, article: Mapping[str, Any]) -> Iterator[Request]:
        """What is archived with an article that was stored, as the publisher's definition asks for it."""
        publisher = self._arguments.publisher_of(article["url"])
        images = article["images"] if publisher.requisites == "images" else ()
        for image in images[:IMAGES_OF_AN_ARTICLE]:
            yield self.image(image["url"], article["url"])

    def image(self, url: str, article_url: str) -> Request:
        """The request for an image of an article."""
        meta = self._meta("requisite", self._arguments.publisher_of(article_url), via=article_url, hops=1)
        # Images are mostly on hosts of their own.
        bounds = {"allow_offsite": True, "download_maxsize": IMAGE_BYTES}
        return Request(
            url,
            callback=self._spider.parse_requisite,
            errback=self._spider.failed,
            meta=meta | bounds,
            priority=PRIORITIES["requisite"],
        )

    def further_pages(self, urls: Iterable[str], listing: Response) -> Iterator[Request]:
        """The next pages of a section, counted."""
        number = listing.meta.get("page", 1) + 1
        for request in self.listings("section", urls, listing, hops=0):
            yield request.replace(meta={**request.meta, "page": number})

    def is_wanted(self, link: Link) -> bool:
        """Whether what is linked may have been published between the dates that were asked for."""
        return self.scope is None or self.scope.within(link) is not False

    def _listing(self, url: str, purpose: Purpose, publisher: Publisher, *, via: str | None, hops: int) -> Request:
        return Request(
            url,
            callback=self._callbacks[purpose],
            errback=self._spider.failed,
            meta=self._meta(purpose, publisher, via=via, hops=hops),
            priority=PRIORITIES[purpose] - hops,
        )

    def _article(self, link: Link, *, via: str | None, hops: int) -> Request:
        publisher = self._arguments.publisher_of(link.url)
        meta = self._meta("article", publisher, via=via, hops=hops)
        if link.hints is not None:
            meta["hints"] = hints_as_json(link.hints)
        return Request(
            link.url,
            callback=self._spider.parse_article,
            errback=self._spider.failed,
            meta=meta,
            priority=PRIORITIES["article"],
        )

    @staticmethod
    def _meta(purpose: Purpose, publisher: Publisher, *, via: str | None, hops: int) -> dict[str, Any]:
        meta = {
            "purpose": purpose,
            "publisher_id": publisher.id,
            # Mirrors of a publisher share one delay.
            "download_slot": publisher.id,
            "via": via,
            "hops": hops,
        }
        return meta if publisher.verify_tls else meta | {"verify_tls": False}


def first_url(request: Request) -> str:
    """The URL that was asked for before any redirect."""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return first


def _own_listings(publisher: Publisher) -> tuple[tuple[Purpose, tuple[str, ...]], ...]:
    return (("feed", publisher.feeds), ("sitemap", publisher.sitemaps), ("section", publisher.sections))
