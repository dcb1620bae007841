"""What the commands over mirrors have in common: articles fetched from several hosts by a crawl of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import Settings

from crawler.collection.divergence import Compared, Comparison, Wanted
from crawler.collection.hosts import use_accepted_mirrors
from crawler.collection.session import close_collection, collection_of
from crawler.commands.output import counted
from crawler.discovery.sources import hosts_of
from crawler.downloadhandlers.wire import ensure_exact
from crawler.errors import BadArgument, OfRecordError
from crawler.index.database import read_index
from crawler.index.mirrors import newest_articles
from crawler.index.search import publisher_ids
from crawler.items import Place
from crawler.normalisation.urls import at_host, bare_host, host_of
from crawler.publishers.base import publishers
from crawler.spiders.mirrors import MirrorSpider
from crawler.stopping import STORAGE_ERROR


def publisher_in(folder: Path, name: str) -> str:
    """The id of a publisher that has a definition, or articles in the collection. Raises BadArgument."""
    use_accepted_mirrors(folder)
    held: Sequence[str] = ()
    if (folder / "index.db").exists():
        with closing(read_index(folder / "index.db")) as db:
            held = publisher_ids(db)
    known = sorted({*publishers(), *held})
    if name not in known:
        raise BadArgument(f"no publisher {name!r}; known: {', '.join(known) or 'none yet'}")
    return name


def newest(folder: Path, publisher_id: str, number: int) -> tuple[Wanted, ...]:
    """The newest articles that are held of a publisher, at its first host. Raises BadArgument where there are none."""
    with closing(read_index(folder / "index.db")) as db:
        rows = newest_articles(db, publisher_id, number)
    if not rows:
        raise BadArgument(f"no articles of {publisher_id} are held, so that nothing can be compared; crawl it first")
    return tuple(_wanted(hosts_of(publisher_id), *row) for row in rows)


def _wanted(hosts: Sequence[str], article_id: str, url: str, first_seen_at: str, warc: str, offset: int) -> Wanted:
    """At the publisher's first host where it was seen on one of its hosts; else where it was seen."""
    own = {bare_host(host) for host in hosts}
    if hosts and bare_host(host_of(url)) in own:
        url = at_host(url, hosts[0])
    return Wanted(article_id, url, datetime.fromisoformat(first_seen_at), Place(warc, offset))


def run_comparison(process: CrawlerProcessBase, settings: Settings, comparison: Comparison) -> Comparison:
    """The comparison with all that was found. Raises OfRecordError."""
    ensure_exact()
    collection_of(settings)
    crawler = process.create_crawler(MirrorSpider)
    try:
        process.crawl(crawler, comparison)
        process.start()
    finally:
        close_collection(settings)
    error = crawler.stats.get_value(STORAGE_ERROR)
    if isinstance(error, OfRecordError):
        raise error
    return comparison


def told(found: Compared) -> Iterator[str]:
    """A copy and what is different about it, for people, one thing a line."""
    late = f"; {_span(found.lag_seconds)} behind" if found.lag_seconds and found.lag_seconds > 0 else ""
    why = f" ({found.reason})" if found.reason else ""
    yield f"{found.finding:<11} {found.url}{why}{late}"
    for difference in found.differences:
        yield f"    {difference.field}"
        yield f"      {found.of}: {_said(difference.here)}"
        yield f"      {found.host}: {_said(difference.there)}"


def as_json(found: Compared) -> dict[str, Any]:
    """The same for programs."""
    return {
        "article_id": found.article_id,
        "host": found.host,
        "of": found.of,
        "url": found.url,
        "finding": found.finding,
        "differences": [{"field": each.field, "here": each.here, "there": each.there} for each in found.differences],
        "lag_seconds": found.lag_seconds,
        "reason": found.reason or None,
        "record_id": found.record_id,
        "of_record_id": found.of_record_id,
    }


def summed(host: str, found: Sequence[Compared]) -> str:
    """What one host's copies are worth, in a line."""
    of_host = [each for each in found if each.host == host]
    counts = {finding: sum(each.finding == finding for each in of_host) for finding in FINDINGS}
    parts = ", ".join(f"{number} {finding}" for finding, number in counts.items() if number)
    late = max((each.lag_seconds for each in of_host if each.lag_seconds), default=0.0)
    return f"{host}: {counted(len(of_host), 'article')} compared: {parts or 'none'}" + (
        f"; up to {_span(late)} behind" if late > 0 else ""
    )


FINDINGS = ("same", "differs", "another", "missing", "unreachable")


def _said(value: object) -> str:
    if isinstance(value, list):
        return " | ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)


def _span(seconds: float) -> str:
    """A time in its largest unit: "3 h"."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
