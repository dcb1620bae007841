"""The requests of a crawl: what each is for, which links are followed, and in which order they go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.discovery.archive_pages import ArchivePage, archive_pages, dated
from crawler.discovery.articles import is_article
from crawler.discovery.sources import meant, publisher_at
from crawler.discovery.traps import calendar_trap, trap_in
from crawler.items import Capture, Hints, Link, Purpose
from crawler.normalisation.hints import hints_as_json
from crawler.normalisation.urls import at_host, bare_host, has_session, host_of
from crawler.publishers.base import Publisher
from crawler.spiders.arguments import CrawlArguments, front_page_of
from crawler.spiders.jobs import Bounds, Job, job_of

if TYPE_CHECKING:
    from crawler.spiders.news import NewsSpider

PRIORITIES: dict[Purpose, int] = {"feed": 50, "sitemap": 40, "section": 30, "requisite": 15, "article": 10}
"""Listings first: then the newest articles of all sources come before the oldest of one; images with their article."""

ARCHIVE_PAGE = 5
"""Lower than articles: those of one day are fetched before the list of the day before."""

IMAGES_OF_AN_ARTICLE = 30
IMAGE_BYTES = 20 << 20
"""A longer one is cut there, and marked."""


class Requests:
    """Makes them; whom they are for they inherit from the request that found them."""

    def __init__(self, spider: NewsSpider) -> None:
        self._spider = spider
        self._callbacks = {"feed": spider.parse_feed, "sitemap": spider.parse_sitemap, "section": spider.parse_section}

    def seeds(self, arguments: CrawlArguments) -> Iterator[Request]:
        """What a crawl begins with: the URLs given, or the front page and what the definition names."""
        for url in arguments.urls:
            yield self._given(url, arguments.job_at(url), anywhere=arguments.publisher is None)
        if arguments.publisher is not None and arguments.front_page is not None:
            yield from self._of(Job.for_(arguments.publisher, arguments.bounds), arguments.front_page)
        for publisher in arguments.watched:
            yield from self._of(Job.for_(publisher, arguments.bounds), front_page_of(publisher))

    def _of(self, job: Job, front_page: str) -> Iterator[Request]:
        yield Request(
            front_page,
            callback=self._spider.parse_front_page,
            errback=self._spider.failed,
            meta=_meta("section", job, via=None, hops=0) | {"again": True},
            priority=PRIORITIES["section"] + 100,
        )
        for purpose, addresses in _own_listings(job.publisher):
            for address in addresses if purpose in job.bounds.sources else ():
                listing = self._listing(urljoin(front_page, address), purpose, job, via=None, hops=1)
                yield listing.replace(meta={**listing.meta, "again": True})
        if job.reads_archive and job.bounds.since:
            today = datetime.now(UTC).date()
            for page in archive_pages(job.publisher, job.bounds.since, min(job.bounds.until or today, today)):
                yield self._archive_page(urljoin(front_page, page.path), page, job, today)

    def _archive_page(self, url: str, page: ArchivePage, job: Job, today: date) -> Request:
        request = self._listing(url, "section", job, via=None, hops=1)
        meta: dict[str, Any] = {**request.meta, "archive": True}
        if not page.is_complete(today):
            meta["again"] = True
        if page.is_of_one_day:
            meta["day"] = page.day.isoformat()
        return request.replace(callback=self._spider.parse_archive_page, meta=meta, priority=ARCHIVE_PAGE)

    def articles(self, links: Iterable[Link], listing: Response) -> Iterator[Request]:
        """Of a listing's links those that look like articles, within the dates that were asked for.

        What a listing leaves undated is followed, unless the publisher's archive will tell.
        """
        job = job_of(listing.meta, listing.url)
        for link in _meant(links, listing):
            within = job.scope.within(link)
            if within is None and job.reads_archive:
                continue
            if within is not False and is_article(link, job.publisher) and not self._is_trap(link.url):
                self._note_session(link.url)
                yield self._article(link, job, via=listing.url, hops=listing.meta["hops"] + 1)

    def of_archive_page(self, links: Iterable[Link], listing: Response) -> Iterator[Request]:
        """Those that look like articles among the links of a page of the publisher's archive."""
        job, day = job_of(listing.meta, listing.url), listing.meta.get("day")
        for link in _meant(links, listing):
            if is_article(link, job.publisher) and not self._is_trap(link.url):
                listed = dated(link, day, listing.url) if day else link
                if job.scope.within(listed) is not False:
                    yield self._article(listed, job, via=listing.url, hops=listing.meta["hops"] + 1)

    def as_article(self, request: Request) -> Request:
        """The request of a listing as one of an article, if its URL looks like an article's."""
        if not is_article(Link(request.url), job_of(request.meta, request.url).publisher):
            return request
        meta = request.meta | {"purpose": "article"}
        return request.replace(callback=self._spider.parse_article, meta=meta, priority=PRIORITIES["article"])

    def of_its_site(self, request: Request, *, use_definitions: bool) -> Request:
        """The request made for the publisher whose host it asks."""
        publisher = publisher_at(request.url, use_definitions=use_definitions)
        meta = {name: value for name, value in request.meta.items() if name != "verify_tls"}
        return request.replace(meta=meta | Job.for_(publisher, job_of(request.meta, request.url).bounds).meta())

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
        job = job_of(listing.meta, listing.url)
        for url in urls:
            if (not anywhere and not job.scope.covers(url)) or self._is_trap(url, is_listing=True):
                continue
            request = self._listing(
                meant_at(url, listing), purpose, job, via=listing.url, hops=listing.meta["hops"] + hops
            )
            yield request.replace(meta={**request.meta, **marks})

    def requisites(self, article: Mapping[str, Any], page: Response) -> Iterator[Request]:
        """What is archived with an article that was stored, as the publisher's definition asks for it."""
        publisher = job_of(page.meta, page.url).publisher
        images = article["images"] if publisher.requisites == "images" else ()
        for image in images[:IMAGES_OF_AN_ARTICLE]:
            yield self.image(image["url"], article["url"], publisher)

    def further_page(self, url: str, first: Capture, page: Response) -> Request:
        """The request for a later page of an article: made at once, and never by itself again."""
        job = job_of(page.meta, page.url)
        meta = _meta("article", job, via=page.url, hops=page.meta["hops"] + 1)
        if (of := meant_at(url, page)) != url:
            meta["mirror_of"] = of
        return Request(url, callback=NO_CALLBACK, meta=meta | {"page_of": first.record_id, "conditional": True})

    def looked_for(self, urls: Iterable[str], listing: Response) -> Iterator[Request]:
        """Known articles that are fetched again, due or not."""
        job = job_of(listing.meta, listing.url)
        for url in urls:
            request = self._article(Link(url), job, via=listing.url, hops=listing.meta["hops"] + 1)
            yield request.replace(meta={**request.meta, "again": True})

    def elsewhere(self, page: Response) -> Iterator[Request]:
        """An article that is not where it was, on the publisher's other hosts, but for where that was looked for."""
        job = job_of(page.meta, page.url)
        host = urlsplit(page.url).hostname or ""
        if page.meta.get("mirror_of") or host not in job.publisher.domains:
            return
        for other in job.publisher.domains:
            if other != host:
                link = Link(urlsplit(page.url)._replace(netloc=other).geturl())
                request = self._article(link, job, via=page.url, hops=page.meta["hops"])
                yield request.replace(meta={**request.meta, "mirror_of": page.url, "again": True})

    def image(self, url: str, article_url: str, publisher: Publisher) -> Request:
        """The request for an image of an article."""
        meta = _meta("requisite", Job.for_(publisher, Bounds()), via=article_url, hops=1)
        # Images are mostly on hosts of their own.
        bounds = {"allow_offsite": True, "download_maxsize": IMAGE_BYTES}
        return Request(
            url,
            callback=self._spider.parse_requisite,
            errback=self._spider.failed,
            meta=meta | bounds,
            priority=PRIORITIES["requisite"],
        )

    def further_pages(self, purpose: Purpose, urls: Iterable[str], listing: Response) -> Iterator[Request]:
        """The next pages of a section or feed, counted."""
        number = listing.meta.get("page", 1) + 1
        for request in self.listings(purpose, urls, listing, hops=0):
            yield request.replace(meta={**request.meta, "page": number, "known_before": listing.meta["known_before"]})

    def further_archive_pages(self, urls: Iterable[str], listing: Response) -> Iterator[Request]:
        """The same of a page of the publisher's archive: they list the same days."""
        inherited: dict[str, Any] = {name: listing.meta[name] for name in ("archive", "day") if name in listing.meta}
        for request in self.further_pages("section", urls, listing):
            meta = {**request.meta, **inherited}
            yield request.replace(callback=self._spider.parse_archive_page, meta=meta, priority=ARCHIVE_PAGE)

    def _is_trap(self, url: str, *, is_listing: bool = False) -> bool:
        """Whether an address is one of those without end; counted by kind."""
        trap = trap_in(url) or ("calendar" if is_listing and calendar_trap(url, datetime.now(UTC).date()) else None)
        if trap is not None:
            self._spider.crawler.stats.inc_value(f"traps/{trap}")
        return trap is not None

    def _note_session(self, url: str) -> None:
        """Such addresses lead to one page, and are fetched once: counted, so that it is seen why."""
        if has_session(url):
            self._spider.crawler.stats.inc_value("traps/session")

    def _listing(self, url: str, purpose: Purpose, job: Job, *, via: str | None, hops: int) -> Request:
        return Request(
            url,
            callback=self._callbacks[purpose],
            errback=self._spider.failed,
            meta=_meta(purpose, job, via=via, hops=hops),
            priority=PRIORITIES[purpose] - hops,
        )

    def _given(self, url: str, job: Job, *, anywhere: bool) -> Request:
        request = self._article(Link(url, hints=Hints("user")), job, via=None, hops=0)
        return request.replace(meta={**request.meta, "redirects_anywhere": True}) if anywhere else request

    def _article(self, link: Link, job: Job, *, via: str | None, hops: int) -> Request:
        meta = _meta("article", job, via=via, hops=hops)
        # What the bounds were for is done with: an article is fetched again whatever they were.
        meta.pop("bounds", None)
        if link.hints is not None:
            meta["hints"] = hints_as_json(link.hints)
        return Request(
            link.url,
            callback=self._spider.parse_article,
            errback=self._spider.failed,
            meta=meta,
            priority=PRIORITIES["article"],
        )


def meant_at(url: str, page: Response) -> str:
    """The address that a link of a page means: what a mirror names on itself is on the host that it stands in for."""
    first = page.meta.get("mirror_of")
    if first is not None and bare_host(host_of(url)) == bare_host(host_of(page.url)):
        url = at_host(url, host_of(first))
    return meant(url)


def _meant(links: Iterable[Link], listing: Response) -> Iterator[Link]:
    for link in links:
        url = meant_at(link.url, listing)
        yield link if url == link.url else replace(link, url=url)


def groups_of(arguments: CrawlArguments) -> frozenset[str] | None:
    """Whose URLs a crawl fetches; those of others wait in the frontier for theirs. None: everybody's."""
    if arguments.stays:
        return None
    if arguments.publisher is not None:
        return frozenset((arguments.publisher.id,))
    return frozenset(arguments.job_at(url).publisher.id for url in arguments.urls)


def _meta(purpose: Purpose, job: Job, *, via: str | None, hops: int) -> dict[str, Any]:
    return {"purpose": purpose, **job.meta(), "via": via, "hops": hops}


def first_url(request: Request) -> str:
    """The URL that was asked for before any redirect."""
    first: str = request.meta.get("mirror_of") or request.url
    redirected: list[str] = request.meta.get("redirect_urls", [first])
    return redirected[0]


def _own_listings(publisher: Publisher) -> tuple[tuple[Purpose, tuple[str, ...]], ...]:
    return (("feed", publisher.feeds), ("sitemap", publisher.sitemaps), ("section", publisher.sections))
