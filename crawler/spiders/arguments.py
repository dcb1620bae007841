"""The arguments of ``scrapy crawl news``, read and checked before anything is fetched."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from crawler.discovery.sources import meant, publisher_at
from crawler.errors import BadArgument
from crawler.publishers.base import Publisher, publisher_named
from crawler.spiders.jobs import SOURCES, Bounds, Job

ARGUMENTS = {
    "publisher=NAME": "The publisher to crawl, by the name of its definition.",
    "site=URL": "The site to crawl, by its front page. A definition whose hosts match is used; "
    "without one the articles belong to the registered domain.",
    "urls=FILE": "Archive these articles: a file with one http(s) URL a line (# begins a comment; a line that is "
    "none stops it before anything is fetched), - for standard input, or one URL.",
    "definition=NAME": "Use this definition for site or urls; none leaves all definitions aside.",
    "since=DATE": "Only articles published from this day on (2022-01-31), where a listing or the address says when.",
    "until=DATE": "Only articles published up to this day.",
    "limit=N": "At most so many articles in this run; the others wait in the queue for the next.",
    "recheck=now": "Fetch known articles again, due or not: those of the publisher or site, or those in urls.",
    "sources=LIST": "Where to look for articles: some of feed,sitemap,section.",
}
"""Each with what it is for."""


@dataclass(frozen=True, slots=True)
class CrawlArguments:
    """What to crawl: one publisher or site, or a list of articles."""

    publisher: Publisher | None = None
    """None: ``urls`` is given, each URL with a publisher of its own."""
    front_page: str | None = None
    urls: tuple[str, ...] = ()
    use_definitions: bool = True
    bounds: Bounds = field(default_factory=Bounds)
    limit: int | None = None
    """Articles, at most; None: no bound."""
    recheck: bool = False
    watched: tuple[Publisher, ...] = ()
    """Of ``scrapy watch``: publishers to begin with."""
    stays: bool = False
    """Whether the crawl goes on for ever, with all that is due in the collection."""

    def job_at(self, url: str) -> Job:
        """For whom a URL that was given is fetched: the publisher that is crawled, else whose host it is on."""
        publisher = self.publisher or publisher_at(url, use_definitions=self.use_definitions)
        return Job.for_(publisher, self.bounds)


def crawl_arguments(
    *,
    publisher: str | None = None,
    site: str | None = None,
    urls: str | None = None,
    definition: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: str | None = None,
    recheck: str | None = None,
    sources: str | None = None,
    **unknown: str,
) -> CrawlArguments:
    """The arguments as given with ``-a``. Raises BadArgument or UnknownPublisher, saying what to give instead."""
    if unknown:
        raise BadArgument(f"unknown argument {', '.join(sorted(unknown))}; there are: {', '.join(ARGUMENTS)}")
    if publisher and site:
        raise BadArgument("give either publisher= or site=, not both")
    if not (publisher or site or urls):
        raise BadArgument("nothing to crawl; give -a publisher=NAME, -a site=https://… or -a urls=FILE")
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise BadArgument(f"since={since} is after until={until}; swap them")
    owner, front_page = _source(publisher, site, definition)
    return CrawlArguments(
        publisher=owner,
        front_page=front_page,
        urls=_urls(urls) if urls else (),
        use_definitions=definition != "none",
        bounds=Bounds(first, last, _sources(sources)),
        limit=_limit(limit),
        recheck=_recheck(recheck),
    )


def front_page_of(publisher: Publisher) -> str:
    """Where a crawl of a publisher begins."""
    return f"https://{publisher.domains[0]}/"


def _source(publisher: str | None, site: str | None, definition: str | None) -> tuple[Publisher | None, str | None]:
    if publisher:
        owner = publisher_named(publisher)
        return owner, front_page_of(owner)
    if site:
        front_page = meant(_address("site", site))
        if definition and definition != "none":
            return publisher_named(definition), front_page
        return publisher_at(front_page, use_definitions=definition != "none"), front_page
    if definition and definition != "none":
        return publisher_named(definition), None
    return None, None


def _address(name: str, text: str) -> str:
    url = text if "://" in text else f"https://{text}"
    if not is_web_address(url):
        raise BadArgument(f"{name}={text} is no web address; give one like https://example.com/")
    return url if urlsplit(url).path else f"{url}/"


def is_web_address(text: str) -> bool:
    """Whether this is an http or https URL with a host, without spaces or a password."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    whole = parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
    return whole and not any(character.isspace() or ord(character) < 32 for character in text)


def _urls(given: str) -> tuple[str, ...]:
    if is_web_address(given):
        return (meant(given),)
    if given == "-":
        return _checked("standard input", sys.stdin)
    try:
        with Path(given).open(encoding="utf-8") as lines:
            return _checked(given, lines)
    except UnicodeDecodeError as error:
        raise BadArgument(f"urls={given} is no text file in UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise BadArgument(f"urls={given}: {error.strerror}; give a file, - for standard input, or one URL") from error


def _checked(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    """The URLs of a list, one a line, each once; empty lines and #-comments are passed over."""
    wanted: dict[str, None] = {}
    bad: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("\ufeff")
        if not text or text.startswith("#"):
            continue
        if is_web_address(text):
            wanted[meant(text)] = None
        else:
            bad.append(f"line {number}: {text[:60]!r}")
    if bad:
        shown = "; ".join(bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
        raise BadArgument(f"{name}: no http(s) URL in {shown}; mend or remove, then run again (nothing was fetched)")
    if not wanted:
        raise BadArgument(f"{name} holds no URL; give one a line")
    return tuple(wanted)


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadArgument(f"{name}={text} is no date; write it like 2022-01-31") from error


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise BadArgument(f"limit={text} is no number of articles; give 1 or more")
    return int(text)


def _recheck(text: str | None) -> bool:
    if text not in (None, "now"):
        raise BadArgument(f"recheck={text} is not known; the one value is recheck=now")
    return text == "now"


def _sources(text: str | None) -> frozenset[str]:
    if text is None:
        return frozenset(SOURCES)
    named = frozenset(text.split(","))
    if not named <= set(SOURCES):
        raise BadArgument(f"sources={text} is not known; give some of {','.join(SOURCES)}")
    return named
