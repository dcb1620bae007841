"""A publisher on the test site with one article for each thing that can happen to one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.site.parts import Part, Request, page
from tests.site.server import Site

TOWNS = ("Abbotsea", "Brinkham", "Coldharbour", "Dunmere", "Elverton", "Fallowby", "Garside", "Hexley", "Inglewick")
TRADES = ("fishermen", "teachers", "bakers", "nurses", "pilots", "masons", "farmers", "clerks", "printers", "weavers")


@dataclass
class Entry:
    """One article; change a field and the next visitor sees it."""

    number: int
    headline: str
    summary: str
    paragraphs: list[str]
    caption: str
    modified: str = "2024-03-11T09:00:00+00:00"
    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    whole: str | None = None
    """In the place of the page."""
    attributes: str = 'class="story" data-kind="news"'
    head: str = ""
    aside: str = ""
    image: str = "/img/quay.jpg"
    answers: list[str] = field(default_factory=list)
    """Statuses of the next answers, before that of ``status``."""

    @property
    def path(self) -> str:
        return f"/2024/03/{7000 + self.number}/{self.headline_at_first}"

    @property
    def headline_at_first(self) -> str:
        return f"{TRADES[self.number % 10]}-of-{TOWNS[self.number % 9]}-vote".lower()

    def html(self) -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.headline,
            "description": self.summary,
            "datePublished": "2024-03-11T08:30:00+00:00",
            "dateModified": self.modified,
        }
        body = "".join(text if text.startswith("<") else f"<p>{text}</p>" for text in self.paragraphs)
        figure = f"<figure><img src={self.image} width=900><figcaption>{self.caption}</figcaption></figure>"
        return (
            f"<!doctype html><html lang=en><head><title>{self.headline} | Chronicle</title>{self.head}"
            f'<meta property="og:type" content="article"><script type="application/ld+json">{json.dumps(data)}</script>'
            f"</head><body><nav><a href=/section/town>Town</a></nav><article {self.attributes}><h1>{self.headline}</h1>"
            f"{figure}{body}</article><aside>{self.aside}</aside></body></html>"
        )


def entry(number: int) -> Entry:
    town, trade = TOWNS[number % 9], TRADES[number % 10]
    return Entry(
        number,
        f"The {trade} of {town} vote for a harbour wall {number}",
        f"After a long winter the {trade} of {town} want a wall of their own.",
        [
            f"The {trade} of {town} voted on Monday for a new harbour wall, {number} days after a storm took the old "
            f"one and left {300 + number} boats without a berth.",
            f"“We have waited long enough for the council of {town},” said the head of the {trade}, Edith Carrow, in a "
            f"hall that was too small for all who had come to the vote number {number}.",
            f"The wall is to cost four million, of which the {trade} pay a third; the rest comes from the county, the "
            f"engineer of which called plan {number} sound and the price of it fair.",
            f"Work begins in spring. Until then the boats of {town} lie in the next town; there a night is "
            f"{number + 12} crowns and the walk to the market takes an hour.",
        ],
        f"The quay of {town} on the morning after the vote of the {trade}",
    )


Change = Callable[[Entry], object]


class Chronicle:
    """Front page, robots.txt and articles."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.moved: dict[str, str] = {}
        """Paths that redirect, with where to."""
        self.unlisted: list[Entry] = []
        """What the sitemap leaves out."""
        self._numbers = count(1)

    def add(self) -> Entry:
        made = entry(next(self._numbers))
        self.entries.append(made)
        return made

    @contextmanager
    def served(self) -> Iterator[Site]:
        with Site(
            fallback=self._answer, routes={"/": self._front, "/robots.txt": self._robots, "/sitemap.xml": self._sitemap}
        ) as site:
            yield site

    def _front(self, request: Request) -> Iterable[Part]:
        links = "".join(f"<li><a href={each.path}>{each.headline}</a>" for each in self.entries)
        yield page(f"<!doctype html><title>Chronicle</title><h1>Chronicle</h1><ul>{links}</ul>".encode())

    @staticmethod
    def _robots(request: Request) -> Iterable[Part]:
        text = f"User-agent: *\nDisallow:\nSitemap: http://{request.header('host')}/sitemap.xml\n"
        yield page(text.encode(), "Content-Type: text/plain")

    def _sitemap(self, request: Request) -> Iterable[Part]:
        listed = (each for each in self.entries if each not in self.unlisted)
        urls = "".join(f"<url><loc>http://{request.header('host')}{each.path}</loc></url>" for each in listed)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        yield page(text.encode(), "Content-Type: application/xml")

    def _answer(self, request: Request) -> Iterable[Part]:
        if request.path in self.moved:
            yield page(b"", f"Location: {self.moved[request.path]}", status="301 Moved Permanently")
            return
        paths = {each.path: each for each in self.entries} | {
            new: each for old, new in self.moved.items() for each in self.entries if each.path == old
        }
        found = paths.get(request.path)
        if found is None:
            yield page(b"<title>Nothing here</title>", status="404 Not Found")
            return
        status = found.answers.pop(0) if found.answers else found.status
        body = found.whole if found.whole is not None else found.html()
        yield page(body.encode() if status == "200 OK" else b"<p>Sorry", *found.headers, status=status)
