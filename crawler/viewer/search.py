"""The search page: the articles that a query finds, what they are made up of, and the same for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.collection.publishing import FEED_LENGTH, FEEDS, LINES
from crawler.collection.references import referred_article
from crawler.errors import BadArgument
from crawler.formats.feeds import About
from crawler.index.database import Connection
from crawler.index.exporting import exported
from crawler.index.facets import Facets, facets
from crawler.index.search import Hit, Order, search
from crawler.queries.narrowing import narrowed, widened
from crawler.queries.parser import parse
from crawler.queries.tree import Query, sought
from crawler.viewer.filters import address, article_path
from crawler.viewer.pages import HEADERS, Route, collection, read, render

PAGE = 20
"""Articles on one page."""

DEEPEST = 500
"""Pages that can be turned to: who reads on wants an export."""

AT_MOST = 1000
"""Articles that a browser is given as lines; ``scrapy export`` gives all."""

TYPES = {
    "jsonl": "application/jsonl; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the search page asks for."""

    text: str
    query: Query
    order: Order
    page: int

    def address(self, **changed: object) -> str:
        """The search page with the same wishes beside those that change; a page of the results is not kept."""
        given = {"q": self.text, "sort": self.order if self.order != _usual(self.query) else None} | changed
        return address("/search", given.items())


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows."""

    hits: tuple[Hit, ...]
    more: bool
    """Whether there is a next page."""
    made_of: Facets
    named: str | None
    """The article whose id was typed, where nothing is found by it as a query."""


async def results(datasette: Any, request: Request) -> Response:
    """The search page. What cannot be read as a query is said in it, with its place."""
    try:
        asked = _asked(request)
        found = await read(datasette, lambda db: _find(db, asked))
    except BadArgument as error:
        return await render(datasette, request, "search.html", 400, refused=str(error))
    if found.named is not None:
        return Response.redirect(article_path(found.named))
    chosen = _chosen(asked, found)
    return await render(
        datasette, request, "search.html", asked=asked, found=found, narrowed=narrowed, chosen=chosen, at_most=AT_MOST
    )


async def lines(datasette: Any, request: Request) -> Response:
    """What a query finds, newest first, as a feed or as lines, for other programs."""
    kind = request.url_vars["kind"]
    asked = _asked(request)
    about = About(
        title=f"ofrecord: {asked.text or collection(datasette).name}",
        description="Articles as they were archived",
        link=f"{request.scheme}://{request.host}{asked.address()}",
        made_at=datetime.now(UTC),
        software="ofrecord",
    )
    written = await read(datasette, lambda db: _written(db, asked.query, kind, about))
    saved = {} if kind in FEEDS else {"Content-Disposition": f'attachment; filename="search.{kind}"'}
    return Response(written, headers={**HEADERS, **saved}, content_type=TYPES[kind])


def _chosen(asked: Asked, found: Found) -> dict[str, tuple[str, str]]:
    """By their terms the values by which the search is narrowed, for people, each with the search without it."""
    values = [value for facet in found.made_of.facets for value in facet.values]
    without = {value: widened(asked.text, value.query) for value in values}
    return {value.query: (value.value, asked.address(q=rest)) for value, rest in without.items() if rest is not None}


def _asked(request: Request) -> Asked:
    """Raises BadQuery; BadArgument for a page that is none."""
    text = (request.args.get("q") or "").strip()
    query = parse(text)
    sort = request.args.get("sort") or _usual(query)
    if sort not in ("best", "newest"):
        raise BadArgument(f"sort={sort} is no order; give best or newest")
    return Asked(text, query, "best" if sort == "best" else "newest", _page(request.args.get("page") or "1"))


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(DEEPEST)) and 1 <= int(text) <= DEEPEST):
        raise BadArgument(f"page={text} is no page; give a number from 1 to {DEEPEST}, or export what you search for")
    return int(text)


def _usual(query: Query) -> Order:
    return "best" if sought(query) else "newest"


def _find(db: Connection, asked: Asked) -> Found:
    found = search(db, asked.query, order=asked.order, limit=PAGE + 1, offset=(asked.page - 1) * PAGE)
    return Found(
        hits=tuple(found[:PAGE]),
        more=len(found) > PAGE and asked.page < DEEPEST,
        made_of=facets(db, asked.query),
        named=referred_article(db, asked.text) if not found and "/" in asked.text else None,
    )


def _written(db: Connection, query: Query, kind: str, about: About) -> str:
    articles = exported(db, query, order="newest", limit=FEED_LENGTH if kind in FEEDS else AT_MOST)
    write: Callable[..., Any] = FEEDS.get(kind) or LINES[kind]
    return "".join(write(articles, about) if kind in FEEDS else write(articles))


ROUTES: tuple[Route, ...] = (
    (r"^/search$", results),
    (rf"^/search\.(?P<kind>{'|'.join(TYPES)})$", lines),
)
