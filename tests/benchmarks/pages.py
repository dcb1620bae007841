"""How long the queries behind the pages of ``scrapy serve`` take on a large index, with a warm cache and at first.

    uv run python -m tests.benchmarks.large FOLDER
    uv run python -m tests.benchmarks.pages FOLDER [--runs 5]

Of publishers the one with most articles is asked for. Of articles, diffs and captures many are; median and slowest are
told.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from crawler.changes.amount import amount
from crawler.changes.sides import sides
from crawler.collection.diffs import revision_diff
from crawler.collection.dossiers import dossier
from crawler.index.calendar import calendar
from crawler.index.database import open_index, read_index
from crawler.index.fillrates import fill_rates
from crawler.index.history import LedgerEntry, LedgerFilters, LedgerPlace, ledger, ledger_page
from crawler.index.hosts import host_events, host_shares
from crawler.index.lookup import captures_since, evidence, stored_article
from crawler.index.overview import last_crawls, lately
from crawler.index.publishers import publisher_facts, publisher_lines
from crawler.index.snapshots import capture_of_record, neighbours
from crawler.index.teasers import newest, newest_of

CACHE_KIB = 64 * 1024
"""As ``scrapy serve`` has it."""
TRIED = 200
"""Articles and captures."""
DAY = timedelta(days=1)

Query = Callable[[], object]


def pages(db: sqlite3.Connection) -> Iterator[tuple[str, Query]]:
    """The queries that are asked once a page."""
    now = datetime.fromisoformat(db.execute("SELECT max(captured_at) FROM captures").fetchone()[0])
    (last,) = db.execute("SELECT max(published_at) FROM articles").fetchone()
    until = date.fromisoformat(last[:10])
    publisher = max(publisher_lines(db), key=lambda line: line.articles).id
    yield "newest", lambda: newest(db, now)
    yield "lately", lambda: lately(db, now - DAY, now)
    yield "last_crawls", lambda: last_crawls(db)
    yield "captures_since", lambda: captures_since(db, now - DAY)
    yield "publisher_lines", lambda: publisher_lines(db)
    yield "publisher_facts", lambda: publisher_facts(db, publisher)
    yield "newest_of", lambda: newest_of(db, publisher, now)
    yield "calendar, a year", lambda: calendar(db, publisher, until - 365 * DAY, until)
    yield "fill_rates", lambda: fill_rates(db, publisher)
    yield "host_shares", lambda: host_shares(db, publisher)
    yield "host_events", lambda: host_events(db, publisher)
    yield from ledgers(db, publisher)


def ledgers(db: sqlite3.Connection, publisher: str) -> Iterator[tuple[str, Query]]:
    everything = ledger_page(db, LedgerFilters(), limit=100_000)
    places: list[LedgerPlace] = [place for place, _ in everything]
    shown: list[LedgerEntry] = [entry for _, entry in everything[:50]]
    yield "ledger_page, first", lambda: ledger_page(db, LedgerFilters(), limit=50)
    yield f"ledger_page, last of {len(places)}", lambda: ledger_page(db, LedgerFilters(), after=places[-51], limit=50)
    yield "ledger_page, publisher", lambda: ledger_page(db, LedgerFilters(publisher), limit=50)
    yield "ledger_page, number", lambda: ledger_page(db, LedgerFilters(kinds=("number",)), limit=50)
    yield "ledger, heaviest", lambda: ledger(db, LedgerFilters(), order="heaviest", limit=50)
    yield "amount of 50", lambda: [amount(_texts(entry)) for entry in shown]


def _texts(entry: LedgerEntry) -> list[tuple[str | None, str | None]]:
    return [(edit["old"], edit["new"]) for edit in entry.detail.get("edits", ())]


def of_one(db: sqlite3.Connection) -> dict[str, Callable[[str], object]]:
    """The queries about one article."""

    def diff(article: str) -> object:
        old, new = stored_article(db, article, 1), stored_article(db, article, 2)
        assert old
        assert new
        return sides(revision_diff(db, old, new).comparison.lines)

    def snapshot(article: str) -> object:
        (record,) = db.execute("SELECT record_id FROM captures WHERE article_id = ? LIMIT 1", (article,)).fetchone()
        facts = capture_of_record(db, record)
        assert facts
        return neighbours(db, facts)

    return {
        "dossier": lambda article: dossier(db, article),
        "evidence": lambda article: evidence(db, f"{article}@1"),
        "diff": diff,
        "capture, its neighbours, all of its address": snapshot,
    }


def spent(query: Query) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    query()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    open_index(given.folder / "index.db").close()  # one that was built before is brought up to date
    with closing(read_index(given.folder / "index.db")) as db:
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        print("  ms warm  ms first")
        for name, query in pages(db):
            times = [spent(query) for _ in range(given.runs)]
            print(f"{min(times):9.1f} {times[0]:9.1f}  {name}")
        edited = [row[0] for row in db.execute("SELECT id FROM articles WHERE revisions > 1 LIMIT ?", (TRIED,))]
        print("ms median  ms most")
        for name, of in of_one(db).items():
            times = [spent(partial(of, article)) for article in edited]
            print(f"{median(times):9.1f} {max(times):9.1f}  {name}")


if __name__ == "__main__":
    main()
