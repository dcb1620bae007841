"""The main job: finds a publisher's articles, fetches them, hands their captures to the pipelines."""

from __future__ import annotations

import logging
from asyncio import Future, ensure_future, to_thread, wrap_future
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.response import response_status_message
from twisted.python.failure import Failure

from crawler.collection.dropping import note_dropped
from crawler.collection.pages import ReadPage, is_whole
from crawler.collection.session import collection_of
from crawler.discovery.feeds import FeedPage, feed_page
from crawler.discovery.robots import well_known
from crawler.discovery.scope import newest_first
from crawler.discovery.sections import SectionPage, section_page
from crawler.discovery.sitemaps import SitemapPage, sitemap_page
from crawler.errors import BadListing, LeaseLost, PageAbsent, PutOff, reason_of
from crawler.index.lookup import missing_images
from crawler.items import Capture, Link, Purpose
from crawler.spiders.arguments import CrawlArguments, crawl_arguments
from crawler.spiders.budget import ArticleBudget
from crawler.spiders.further_pages import FurtherPages
from crawler.spiders.jobs import Job, job_of
from crawler.spiders.requests import Requests, first_url, groups_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

SECTION_DEPTH = 2
"""Links followed from the front page to a section; further pages of a section are not counted."""

PAGES_OF_A_LISTING = 200
"""How far back one section or feed is followed."""

MISSING_IMAGES_AT_ONCE = 1000
"""Asked for in one crawl; the next asks for more."""

P = TypeVar("P", FeedPage, SitemapPage, SectionPage)

Output = AsyncIterator[Request | Capture]


class NewsSpider(Spider):
    """``scrapy crawl news``; its arguments are those of crawler.spiders.arguments."""

    name = "news"

    def __init__(self, arguments: CrawlArguments | None = None, **given: Any) -> None:
        super().__init__()
        self.arguments = arguments or crawl_arguments(**given)
        self.requests = Requests(self)
        self.further_pages = FurtherPages(self)
        self.groups = groups_of(self.arguments)
        self.accepts_more = self.arguments.limit is None
        self.stays = self.arguments.stays
        self.budget = ArticleBudget(self.arguments.limit)
        self._began = datetime.now(UTC)
        self._given = False
        """Whether any page came."""
        self._first_failure: str | None = None
        self._closing: Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stored, signals.item_scraped)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        if self.arguments.recheck:
            self._make_due()
        for request in self.requests.seeds(self.arguments):
            yield request
        publisher = self.arguments.publisher
        if publisher is not None and publisher.requisites == "images":
            for url, article_url in await self._missing_images(publisher.id):
                yield self.requests.image(url, article_url, publisher)

    def may_start(self, request: Request) -> bool:
        """The scheduler's question: articles beyond the limit stay in the queue."""
        return request.meta["purpose"] != "article" or self.budget.begin(first_url(request))

    def redirected(self, request: Request) -> Request:
        """The scheduler's question: a supposed section (``/news/1042``) that leads to an article is one.

        What may lead to any site (a short address, say) is asked with that site's other pages, not beside them.
        """
        if request.meta.get("redirects_anywhere"):
            return self.requests.of_its_site(request, use_definitions=self.arguments.use_definitions)
        if request.callback != self.parse_section:
            return request
        return self.requests.as_article(request)

    # What the callbacks are called is stored in the frontier with each request.

    async def parse_front_page(self, response: Response) -> Output:
        """As any section; and the sitemaps of robots.txt and feeds of the page, or the places where they may be."""
        guesses = well_known(response.url)
        if "sitemap" in _job(response).bounds.sources:
            robots = response.meta.get("robots")
            named = robots.sitemaps if robots is not None else ()
            # A sitemap that robots.txt names may be on any host (sitemaps.org, "cross submits").
            for request in self.requests.listings("sitemap", named, response, anywhere=True):
                yield request
            for request in self.requests.listings("sitemap", () if named else guesses.sitemaps, response, guessed=True):
                yield request
        page = await self._read(section_page, response)
        feeds = page.feeds if page else ()
        for request in self._feeds(feeds or guesses.feeds, response, guessed=not feeds):
            yield request
        for request in await self._linked(page, response) if page else ():
            yield request

    async def parse_section(self, response: Response) -> Output:
        """Articles that a page links to, its further pages, and other sections near the front page."""
        page = await self._read(section_page, response)
        for request in await self._linked(page, response) if page else ():
            yield request

    async def parse_archive_page(self, response: Response) -> Output:
        """The articles of a day or month, and the further pages of its list."""
        page = await self._read(section_page, response)
        if page is None:
            return
        for request in self.requests.of_archive_page(page.links, response):
            yield request
        for request in self.requests.further_archive_pages(page.next_pages, response):
            yield request

    async def parse_feed(self, response: Response) -> Output:
        """The articles of a feed, and its older pages."""
        page = await self._read(feed_page, response)
        if page is None:
            return
        for request in await self._paged("feed", page.links, page.next_pages, response):
            yield request

    async def parse_sitemap(self, response: Response) -> Output:
        """The articles of a sitemap, and the sitemaps of an index."""
        page = await self._read(partial(sitemap_page, depth=response.meta["hops"]), response)
        if page is None:
            return
        scope = _job(response).scope
        recent = [link.url for link in newest_first(page.sitemaps) if scope.may_list(link)]
        found = [*self.requests.articles(page.links, response), *self.requests.listings("sitemap", recent, response)]
        await self._is_news(found, response)
        for request in [*found, *await self._dropped(page, response)]:
            yield request

    async def parse_article(self, response: Response) -> AsyncIterator[Capture | ReadPage | Request]:
        """Only the capture goes on: a worker reads the page from the WARC. Of a publisher whose articles are joined,
        their later pages are fetched first. What is not there any more is looked for on the publisher's other hosts.
        """
        captured: Capture = response.meta["captured"]
        if self._is_given(response) and is_whole(captured, response.body):
            yield await self.further_pages.joined(captured, response) if _joins(captured, response) else captured
        elif response.request is not None:
            self.budget.give_back(first_url(response.request))
        if response.request is not None and response.request.meta.get("absent"):
            for request in self.requests.elsewhere(response):
                yield request

    def parse_requisite(self, response: Response) -> None:
        """Images are on record already, and nothing comes of them."""

    def failed(self, failure: Failure) -> None:
        """A request that brought no response; the frontier notes how it ended."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.budget.give_back(first_url(request))
        assert failure.value is not None  # as Scrapy makes them
        reason = reason_of(failure.value)
        if not reason.startswith(request.url):
            reason = f"{request.url}: {reason}"
        self._first_failure = self._first_failure or reason
        listed = request.meta["purpose"] == "article" and request.meta.get("via") is not None
        expected = listed or request.meta["purpose"] == "requisite" or request.meta.get("guessed")
        is_left = isinstance(failure.value, IgnoreRequest) and expected
        if is_left or isinstance(failure.value, PutOff | LeaseLost):
            logger.info("left out: %s", reason)  # robots.txt, a foreign host, a pause: counted where it was decided
            return
        self.crawler.stats.inc_value("ofrecord/failed")
        logger.warning("not fetched: %s", reason)

    # What the pipelines report.

    def stored(self, item: dict[str, Any], response: Response) -> None:
        # In the frontier before the article is acknowledged there: its middleware hears of this after the spider.
        if response.request is not None:
            response.request.meta["news"] = item["outcome"] == "revised"
        for request in self.requests.requisites(item, response) if item["outcome"] in ("new", "revised") else ():
            self.crawler.engine.crawl(request)
        self.budget.stored()
        if self.budget.is_spent() and self._closing is None:
            self._closing = ensure_future(self.crawler.engine.close_spider_async(reason="limit"))

    def dropped(self, item: object, response: Response, exception: BaseException) -> None:
        if response.request is not None:
            self.budget.give_back(first_url(response.request))
        if isinstance(exception.__cause__, PageAbsent):
            for request in self.requests.elsewhere(response):
                self.crawler.engine.crawl(request)

    def idle(self) -> None:
        """A crawl to which no page was given is not simply finished."""
        if self._first_failure and not self._given and not self.stays:
            self.crawler.stats.set_value("ofrecord/unreachable", self._first_failure)
            raise CloseSpider("unreachable")

    def _is_given(self, response: Response) -> bool:
        """Whether the site gave what was asked for; what it refused is counted, unless it was a mere guess."""
        if response.status == 200 or _is_unchanged(response):
            self._given = True
            return True
        if not response.meta.get("guessed"):
            reason = f"{response.url} answered {response_status_message(response.status)}"
            self._first_failure = self._first_failure or reason
            self.crawler.stats.inc_value("ofrecord/error-status")
            # What the user named, or links of pages, which age.
            logger.log(logging.INFO if response.meta.get("via") else logging.WARNING, "not given: %s", reason)
        return False

    async def _linked(self, page: SectionPage, response: Response) -> list[Request]:
        if "section" not in _job(response).bounds.sources:
            return []
        found = await self._paged("section", page.links, page.next_pages, response)
        if response.meta["hops"] < SECTION_DEPTH:
            found += self.requests.listings("section", page.sections, response)
        else:
            self._count("listings/too-deep", len(page.sections))
        return found

    async def _paged(
        self, purpose: Purpose, links: Iterable[Link], next_pages: Sequence[str], response: Response
    ) -> list[Request]:
        """The articles, and further pages with what is older: as long as a page brings anything new."""
        articles = list(self.requests.articles(links, response))
        if not await self._is_news(articles, response) or response.meta.get("page", 1) >= PAGES_OF_A_LISTING:
            self._count("listings/nothing-new-before", len(next_pages))
            return articles
        return [*self.requests.further_pages(purpose, next_pages, response), *articles]

    async def _is_news(self, found: list[Request], response: Response) -> bool:
        """Whether something was not known when the list was last asked for. Notes it for the schedule."""
        frontier = collection_of(self.crawler.settings).frontier
        before = datetime.fromisoformat(response.meta["known_before"])
        known = await to_thread(frontier.known, [request.url for request in found], before)
        assert response.request is not None
        response.request.meta["news"] = len(known) < len(found)
        return len(known) < len(found)

    async def _dropped(self, page: SitemapPage, response: Response) -> list[Request]:
        """Requests for articles that a sitemap has dropped: the pages themselves say whether they are gone."""
        captured: Capture = response.meta["captured"]
        if page.problems or captured.status != 200 or captured.truncated:
            return []
        collection = collection_of(self.crawler.settings)
        urls = await to_thread(note_dropped, collection, captured, page.links)
        self._count("ofrecord/dropped-from-sitemap", len(urls))
        return list(self.requests.looked_for(urls, response))

    async def _read(self, read: Callable[..., P], response: Response) -> P | None:
        """A listing; None where there is none to be read."""
        if not self._is_given(response):
            return None
        # Of a list with several pages, each is held against what was known before the first.
        first_asked = response.meta.get("last_asked") or self._began
        response.meta.setdefault("known_before", first_asked.isoformat())
        told = {"scope": _job(response).scope, "content_type": _content_type(response)}
        try:
            # In a thread: a listing of many megabytes must not keep the other hosts waiting.
            page = await to_thread(read, response.body, response.url, **told)
        except BadListing as error:
            self._unreadable(error, response)
            return None
        for problem in page.problems:
            self._count(f"faults/listing: {problem.partition(':')[0]}")
        return page

    def _count(self, name: str, number: int = 1) -> None:
        if number:
            self.crawler.stats.inc_value(name, number)

    async def _missing_images(self, publisher_id: str) -> list[tuple[str, str]]:
        """Images of articles whose crawl was killed before it came to them, or that were archived without."""
        index = collection_of(self.crawler.settings).index
        return await wrap_future(index.submit(lambda db: missing_images(db, publisher_id, MISSING_IMAGES_AT_ONCE)))

    def _make_due(self) -> None:
        frontier = collection_of(self.crawler.settings).frontier
        now = datetime.now(UTC)
        if self.arguments.urls:
            frontier.requeue_urls(self.arguments.urls, now)
        elif self.arguments.publisher:
            frontier.requeue_group(self.arguments.publisher.id, now)

    def _feeds(self, urls: Iterable[str], response: Response, *, guessed: bool) -> Iterator[Request]:
        if "feed" in _job(response).bounds.sources:
            yield from self.requests.listings("feed", urls, response, guessed=guessed)

    def _unreadable(self, error: BadListing, response: Response) -> None:
        if response.meta.get("guessed"):  # mostly the site's "not found", with status 200
            logger.info("no listing: %s", error)
            return
        self._count("ofrecord/bad-listing")
        self._count(f"faults/listing-{error.fault}")
        logger.warning("listing cannot be read: %s", error)


def _job(response: Response) -> Job:
    return job_of(response.meta, response.url)


def _joins(captured: Capture, response: Response) -> bool:
    return _job(response).publisher.join_pages and captured.truncated is None


def _is_unchanged(response: Response) -> bool:
    """Whether a 304 says so of a page that is on record."""
    captured = response.meta.get("captured")
    return response.status == 304 and isinstance(captured, Capture) and captured.kind == "revisit"


def _content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None
