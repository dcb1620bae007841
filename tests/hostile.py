"""A news site that is out to get its visitors: each trap is a path named by its fault. Good articles are among them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache

from tests.gazette import Story
from tests.site.parts import Close, Part, Pause, Request, Reset, Route, chunk, head, page

PREFIX = "/2024/05/01/"
"""Of pages that look like articles."""

GOOD = [Story(number, f"2024-05-{number:02d}") for number in range(1, 7)]

XML = "Content-Type: application/xml"
TEXT = "Content-Type: text/plain"
FILLER = "<p>The harbour was closed on Monday after the storm, the harbour master said in the evening.</p>" * 12


def article(title: str, text: str = FILLER, head_part: str = "") -> bytes:
    head = f'<title>{title}</title><meta property="og:type" content="article">{head_part}'
    return f"<!doctype html><html lang=en><head>{head}</head><article><h1>{title}</h1>{text}</article></html>".encode()


def redirect(target: str, *headers: str) -> Route:
    return lambda request: [page(b"", f"Location: {target}", *headers, status="302 Found")]


@cache
def bomb(size: int) -> bytes:
    """Zeros in gzip, a thousand times smaller than what it holds."""
    squeezer = zlib.compressobj(9, wbits=31)
    piece = b" " * (1 << 20)
    return b"".join(squeezer.compress(piece) for _ in range(size >> 20)) + squeezer.flush()


@cache
def million_links() -> bytes:
    urls = "".join(f"<url><loc>http://links.example/{n}</loc></url>" for n in range(1_000_000))
    return gzip.compress(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode(), 1)


def endless(piece: bytes, seconds: float, *first: bytes) -> Route:
    """Sends a piece again and again until the visitor goes."""

    def answer(request: Request) -> Iterator[Part]:
        yield from first
        for _ in range(100_000):
            yield piece
            yield Pause(seconds)

    return answer


# ---- pages that look like articles

ARTICLES: dict[str, Route] = {
    "gzip-bomb": lambda request: [page(bomb(256 << 20), "Content-Encoding: gzip")],
    "gzip-bomb-in-gzip": lambda request: [page(gzip.compress(bomb(256 << 20)), "Content-Encoding: gzip, gzip")],
    "broken-gzip": lambda request: [page(gzip.compress(article("x"))[:-20] + b"!" * 20, "Content-Encoding: gzip")],
    "nested-tags-without-end": lambda request: [page(article("A deep page", "<div>" * 300_000))],
    "tags-that-never-close": lambda request: [page(article("An open page", "<b><i><a href=x>" * 60_000))],
    "one-line-of-a-million-spaces": lambda request: [page(article("A wide page", f"<p>{' ' * 1_000_000}x</p>"))],
    "attributes-without-end": lambda request: [page(article("Attributes", f"<p {'a=1 ' * 200_000}>x</p>"))],
    "json-without-end": lambda request: [
        page(article("Data", FILLER, f'<script type="application/ld+json">{"[" * 100_000}</script>'))
    ],
    "nul-bytes": lambda request: [page(b"\0" * 200_000)],
    "a-title-of-a-megabyte": lambda request: [page(article("Storm " * 170_000))],
    "no-such-charset": lambda request: [page(article("Charset"), "Content-Type: text/html; charset=klingon")],
    "redirect-to-itself": redirect(f"{PREFIX}1001/redirect-to-itself"),
    "redirect-loop": redirect(f"{PREFIX}1001/redirect-loop-back"),
    "redirect-loop-back": redirect(f"{PREFIX}1001/redirect-loop"),
    "redirect-to-another-port": redirect("http://127.0.0.1:{other}/secret"),
    "redirect-to-a-name-that-resolves-there": redirect("http://localhost:{other}/secret"),
    "redirect-to-an-address-in-decimal": redirect("http://2130706433:{other}/secret"),
    "redirect-to-a-file": redirect("file:///etc/passwd"),
    "redirect-to-nowhere": redirect("http://"),
    "redirect-that-wants-a-cookie": redirect(f"{PREFIX}1001/redirect-that-wants-a-cookie", "Set-Cookie: seen=1"),
    "meta-refresh-of-itself": lambda request: [
        page(article("Refresh", "", '<meta http-equiv="refresh" content="0; url=">'))
    ],
    "slow-drip": endless(b"<p>", 0.5, head("Content-Length: 3000000")),
    "slow-header": endless(b"X-More: 1\r\n", 0.5, b"HTTP/1.1 200 OK\r\n"),
    "headers-without-end": endless(b"X-Endless: " + b"x" * 10_000 + b"\r\n", 0.0, b"HTTP/1.1 200 OK\r\n"),
    "body-without-end": endless(b"<p>more of it</p>" * 500, 0.0, head()),
    "chunks-without-end": endless(chunk(b"<p>more</p>" * 500), 0.0, head("Transfer-Encoding: chunked")),
    "silence": lambda request: [Pause(60)],
    "content-length-too-long": lambda request: [head("Content-Length: 999999"), article("Cut"), Close],
    "content-length-too-short": lambda request: [head("Content-Length: 50"), article("Cut"), Close],
    "content-length-of-no-number": lambda request: [head("Content-Length: many"), article("Cut"), Close],
    "no-http": lambda request: [b"220 mail.example ESMTP\r\n\r\n", Close],
    "reset": lambda request: [head("Content-Length: 5000"), b"<p>", Reset],
    "always-503": lambda request: [page(b"later", status="503 Service Unavailable")],
}


# ---- listings


def calendar(request: Request) -> Iterable[Part]:
    """Each month leads to the next, and none has news."""
    month = int(request.path.rpartition("/")[2]) % 12 + 1
    year = int(request.path.split("/")[2]) + (month == 1)
    yield page(
        f'<!doctype html><h1>Calendar</h1><a rel=next href="/endless-calendar/{year}/{month:02d}">Next</a>'.encode()
    )


def deeper(request: Request) -> Iterable[Part]:
    """Each section has a section of its own, one deeper."""
    links = "".join(f'<a href="{request.path}/level-{n}">Level {n}</a>' for n in range(20))
    yield page(f"<!doctype html><nav>{links}</nav>".encode())


def same_text(request: Request) -> Iterable[Part]:
    """One article under as many addresses as anybody asks for, and each leads to more."""
    number = int(request.path.split("/")[4])
    more = "".join(f"<a href={PREFIX}{number * 3 + n}/same-text>The harbour was closed</a>" for n in range(3))
    yield page(article("The harbour was closed", FILLER + more))


def same_text_listed(request: Request) -> Iterable[Part]:
    urls = "".join(f"<url><loc>{{base}}{PREFIX}{n}/same-text</loc></url>" for n in range(20_000, 20_200))
    yield page(_xml(urls, request), XML)


def sessions(request: Request) -> Iterable[Part]:
    """The same few articles, with another session id at each visit."""
    story = GOOD[0].path
    links = "".join(
        f"<a href='{story}?PHPSESSID={request.nth * 100 + n:032x}'>{GOOD[0].headline}</a>" for n in range(40)
    )
    yield page(f"<!doctype html><ul>{links}</ul>".encode())


def entity_bomb(request: Request) -> Iterable[Part]:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE urlset [<!ENTITY e0 "bang">{entities}]><urlset><url><loc>&e11;</loc></url></urlset>'
    yield page(text.encode(), XML)


def outside_entity(request: Request) -> Iterable[Part]:
    text = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'
    yield page(text.encode(), XML)


def sitemap_of_itself(request: Request) -> Iterable[Part]:
    number = int(request.target.partition("?")[2] or 0) + 1
    text = "<sitemapindex><sitemap><loc>{base}/sitemap-of-itself.xml</loc></sitemap>"
    text += "<sitemap><loc>{base}/sitemap-of-itself.xml?{n}</loc></sitemap></sitemapindex>"
    yield page(text.format(base=_base(request), n=number).encode(), XML)


def years(request: Request) -> Iterable[Part]:
    """An index that names one of each year to come, and so does each of them."""
    this_year = int(request.target.partition("year=")[2] or datetime.now(UTC).year)
    named = range(this_year, this_year + 30)
    each = "".join(f"<sitemap><loc>{_base(request)}/sitemap-of-years.xml?year={year}</loc></sitemap>" for year in named)
    yield page(f"<sitemapindex>{each}</sitemapindex>".encode(), XML)


def feed_of_itself(request: Request) -> Iterable[Part]:
    """A feed whose next page is another one of it, without end."""
    base, number = _base(request), int(request.target.partition("page=")[2] or 0)
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><link rel="next" '
        f'href="{base}/feed-of-itself.xml?page={number + 1}"/></feed>'
    )
    yield page(text.encode(), "Content-Type: application/atom+xml")


LISTINGS: dict[str, Route] = {
    "/sitemap-of-itself.xml": sitemap_of_itself,
    "/sitemap-entity-bomb.xml": entity_bomb,
    "/sitemap-with-an-entity-of-a-file.xml": outside_entity,
    "/sitemap-gzip-bomb.xml.gz": lambda request: [page(bomb(512 << 20), "Content-Type: application/gzip")],
    "/sitemap-of-a-million-links.xml.gz": lambda request: [page(million_links(), "Content-Type: application/gzip")],
    "/sitemap-that-is-no-sitemap.xml": lambda request: [page(b"MZ\x90\0" * 5000, XML)],
    "/sitemap-same-text.xml": same_text_listed,
    "/sitemap-of-years.xml": years,
    "/feed-of-itself.xml": feed_of_itself,
    "/sessions": sessions,
}


def fallback(request: Request) -> Iterable[Part]:
    """What has no end: calendars, sections, copies."""
    if request.path.startswith("/endless-calendar/"):
        return calendar(request)
    if request.path.startswith("/deeper"):
        return deeper(request)
    if request.path.endswith("/same-text"):
        return same_text(request)
    return [page(b"<p>Nothing is here.", status="404 Not Found")]


BESIDE: dict[str, dict[str, Route]] = {
    "robots-503": {
        "/robots.txt": lambda request: [page(b"", status="503 Service Unavailable")],
        "/sitemap-robots-503.xml": lambda request: [page(b"<urlset/>", XML)],
    },
    "retry-after": {
        "/robots.txt": lambda request: [page(b"", TEXT)],
        "/sitemap-retry-after.xml": lambda request: [
            page(b"", "Retry-After: 999999999999", status="429 Too Many Requests")
        ],
    },
    "robots-without-end": {
        "/robots.txt": endless(b"Disallow: /x\n" * 500, 0.0, head(TEXT)),
        "/sitemap-robots-without-end.xml": lambda request: [page(b"<urlset/>", XML)],
    },
}
"""Hosts whose sitemaps the site's robots.txt names, by their fault."""


def routes(other_port: int, beside: Mapping[str, int]) -> dict[str, Route]:
    """Everything of the site; ``other_port`` is one on this machine that nobody is allowed to ask, ``beside`` has the
    ports of ``BESIDE``.
    """
    for size in (256, 512):
        bomb(size << 20)  # made before anybody waits for it
    million_links()
    found: dict[str, Route] = {"/": front, "/robots.txt": robots(beside), "/good.xml": good, **LISTINGS}
    for name, answer in ARTICLES.items():
        found[f"{PREFIX}1001/{name}"] = _with_port(answer, other_port)
    for story in GOOD:
        found[story.path] = _story(story)
    return found


def front(request: Request) -> Iterable[Part]:
    named = [name for name in ARTICLES if not name.endswith("-back")]
    traps = "".join(f"<li><a href={PREFIX}1001/{name}>The story of the {name}</a>" for name in named)
    sections = "".join(
        f"<a href={path}>{path}</a>"
        for path in (
            "/endless-calendar/2024/05",
            f"/endless-calendar/{datetime.now(UTC).year + 5}/05",
            "/deeper",
            "/repeating/a/b/a/b/a/b",
            "/sessions",
        )
    )
    feed = '<link rel=alternate type="application/atom+xml" href=/feed-of-itself.xml>'
    yield page(f"<!doctype html><title>News</title>{feed}<nav>{sections}</nav><ul>{traps}</ul>".encode())


def robots(beside: Mapping[str, int]) -> Route:
    sitemaps = ["/good.xml", *(path for path in LISTINGS if path.startswith("/sitemap"))]
    others = [f"Sitemap: http://localhost:{port}/sitemap-{name}.xml" for name, port in beside.items()]

    def answer(request: Request) -> Iterable[Part]:
        lines = [f"Sitemap: {_base(request)}{path}" for path in sitemaps]
        yield page("\n".join(["User-agent: *", "Disallow: /private/", *others, *lines]).encode(), TEXT)

    return answer


def good(request: Request) -> Iterable[Part]:
    yield page(_xml("".join(f"<url><loc>{{base}}{story.path}</loc></url>" for story in GOOD), request), XML)


def _story(story: Story) -> Route:
    return lambda request: [page(story.html().encode())]


def _with_port(answer: Route, port: int) -> Route:
    def answered(request: Request) -> Iterable[Part]:
        for part in answer(request):
            yield part.replace(b"{other}", str(port).encode()) if isinstance(part, bytes) else part

    return answered


def _xml(urls: str, request: Request) -> bytes:
    text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return text.replace("{base}", _base(request)).encode()


def _base(request: Request) -> str:
    return f"http://{request.header('host')}"
