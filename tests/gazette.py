"""A small publisher on the test site, whose articles a test can edit, delete and move."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.site.parts import Part, Request, Route, page
from tests.site.server import Site

PARAGRAPHS = (
    "The town council voted on {day} to rebuild the old bridge over the river before the end of next year, at a cost "
    "of four million, after three winters in which floods had closed it to all but walkers.",
    "“We have waited long enough,” the mayor, Edith Carrow, told a full hall, adding that the work would begin in "
    "spring and that the ferry would run until the last stone was laid.",
    "Two members voted against the plan, number {number} on the list, since the bids had come from one firm only; "
    "the treasurer said that a second bid had been withdrawn a week ago.",
)


@dataclass
class Story:
    """One article; change a field and the next visitor sees it."""

    number: int
    day: str
    edited: str = ""
    """Replaces the last paragraph."""
    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    before: list[Part] = field(default_factory=list)
    """What the site does before it answers."""
    asides: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/{self.day.replace('-', '/')}/{1000 + self.number}/council-votes-to-rebuild-bridge-{self.number}"

    @property
    def headline(self) -> str:
        return f"Council votes to rebuild bridge number {self.number}"

    def html(self) -> str:
        texts = [text.format(day=self.day, number=self.number) for text in PARAGRAPHS]
        texts[-1] = self.edited or texts[-1]
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": self.headline}
        data["datePublished"] = f"{self.day}T08:30:00+00:00"
        return (
            f"<!doctype html><html lang=en><head><title>{self.headline} | Gazette</title>"
            f'<meta property="og:type" content="article"><script type="application/ld+json">{json.dumps(data)}</script>'
            f"</head><body><nav><a href=/section/town>Town</a></nav><article><h1>{self.headline}</h1>"
            f"{''.join(f'<p>{text}</p>' for text in texts)}</article>"
            f"<aside>{''.join(self.asides)}</aside></body></html>"
        )


class Gazette:
    """Front page, section, feed, sitemap, robots.txt and stories; more routes by path."""

    def __init__(self, stories: int = 4, routes: Mapping[str, Route] | None = None) -> None:
        self.stories = [Story(number, f"2024-03-{10 + number:02d}") for number in range(1, stories + 1)]
        self.robots = "User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n"
        self.robots_status = "200 OK"
        self.has_validators = False
        """Whether pages have an ETag, and 304 is answered to who has it already."""
        self.more_links: list[str] = []
        """In the feed, beside the stories."""
        self.routes = dict(routes or {})
        self.gate: Callable[[Request], Iterable[Part] | None] = lambda request: None
        """What a host answers in place of the page: the site hears to several names."""

    @contextmanager
    def served(self) -> Iterator[Site]:
        """The publisher on loopback; ``site.url("/")`` is its front page."""
        pages = {"/": self._front, "/robots.txt": self._robots, "/feed.xml": self._feed, "/sitemap.xml": self._sitemap}
        stories = {story.path: self._story(story) for story in self.stories}
        validated = {path: self._validated(answer) for path, answer in {**pages, **stories}.items()}
        routes = {path: self._gated(answer) for path, answer in {**validated, **self.routes}.items()}
        with Site(routes) as site:
            yield site

    def _gated(self, answer: Route) -> Route:
        def gated(request: Request) -> Iterable[Part]:
            instead = self.gate(request)
            return answer(request) if instead is None else instead

        return gated

    def _front(self, request: Request) -> Iterable[Part]:
        links = "".join(f"<li><a href={story.path}>{story.headline}</a>" for story in self.stories)
        feed = '<link rel=alternate type="application/rss+xml" href=/feed.xml>'
        yield page(f"<!doctype html><title>Gazette</title>{feed}<ul>{links}</ul>".encode())

    def _robots(self, request: Request) -> Iterable[Part]:
        text = self.robots.format(base=f"http://{request.header('host')}")
        yield page(text.encode(), "Content-Type: text/plain", status=self.robots_status)

    def _feed(self, request: Request) -> Iterable[Part]:
        base = f"http://{request.header('host')}"
        items = "".join(
            f"<item><title>{story.headline}</title><link>{base}{story.path}</link>"
            f"<pubDate>{story.day[8:]} Mar 2024 08:30:00 GMT</pubDate></item>"
            for story in self.stories
        )
        more = "".join(f"<item><title>Elsewhere</title><link>{link}</link></item>" for link in self.more_links)
        text = f'<rss version="2.0"><channel><title>Gazette</title>{items}{more}</channel></rss>'
        yield page(text.encode(), "Content-Type: application/rss+xml")

    def _sitemap(self, request: Request) -> Iterable[Part]:
        base = f"http://{request.header('host')}"
        urls = "".join(f"<url><loc>{base}{story.path}</loc></url>" for story in self.stories)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        yield page(text.encode(), "Content-Type: application/xml")

    def _validated(self, answer: Route) -> Route:
        def checked(request: Request) -> Iterable[Part]:
            for part in answer(request):
                if not self.has_validators or not isinstance(part, bytes) or not part.startswith(b"HTTP/1.1 200"):
                    yield part
                    continue
                etag = f'"{sha256(part).hexdigest()[:12]}"'
                if request.header("if-none-match") == etag:
                    yield page(b"", f"ETag: {etag}", status="304 Not Modified")
                else:
                    yield part.replace(b"\r\n", f"\r\nETag: {etag}\r\n".encode(), 1)

        return checked

    @staticmethod
    def _story(story: Story) -> Route:
        def answer(request: Request) -> Iterable[Part]:
            yield from story.before
            yield page(story.html().encode(), *story.headers, status=story.status)

        return answer


def write_exact_log(site: Site, path: Path) -> None:
    """What the site saw and sent, as the WARC checker reads it."""
    lines = (
        {"url": entry.url, "req": _base64(entry.request), "resp": _base64(bytes(entry.response))}
        for entry in site.exchanges
    )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
