"""How long a page of search takes on a large index: hits with snippets, and facets beside them; with a warm cache.

uv run python -m tests.benchmarks.large FOLDER
uv run python -m tests.benchmarks.search FOLDER [--runs 9]

Milliseconds of CPU, which another program's load stretches least, and by the clock: median and worst.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from crawler.index.database import open_index, read_index
from crawler.index.facets import facets
from crawler.index.search import Order, search
from crawler.queries.parser import parse

QUERIES: tuple[tuple[str, Order, int], ...] = (
    ("", "newest", 0),
    ("", "newest", 980),
    ("made777", "best", 0),
    ("made777", "newest", 0),
    ("the", "best", 0),
    ("the", "newest", 0),
    ("the", "best", 980),
    ("the", "newest", 980),
    ("the of", "best", 0),
    ("the of", "newest", 0),
    ("government", "best", 0),
    ("government", "newest", 0),
    ('"prime minister"', "best", 0),
    ('"prime minister"', "newest", 0),
    ("a*", "best", 0),
    ("gov*", "best", 0),
    ("minister* -government", "best", 0),
    ("大学", "best", 0),
    ("author:redaktion", "newest", 0),
    ("author:redaktion government", "best", 0),
    ("author:redaktion OR headline:minister", "best", 0),
    ("section:politics topic:election", "newest", 0),
    ("section:news", "newest", 0),
    ("host:theguardian.com", "newest", 0),
    ("policy:noai", "newest", 0),
    ("publisher:theguardian.com government", "best", 0),
    ("publisher:theguardian.com the", "newest", 0),
    ("publisher:theguardian.com", "newest", 0),
    ("language:en day:2020-03 the", "newest", 0),
    ("language:en", "newest", 0),
    ("state:gone", "newest", 0),
    ("day:2020-03-05", "newest", 0),
    ("day:2018..2020 government", "best", 0),
    ("-author:redaktion", "newest", 0),
    ("-the", "newest", 0),
)
"""Each with the order and the offset of the page: 980 is the 50th of 20 hits."""


def spent(work: Callable[[], object], runs: int) -> str:
    by_clock, of_cpu = [], []
    for _ in range(runs):
        began, used = time.perf_counter(), time.thread_time()
        work()
        of_cpu.append((time.thread_time() - used) * 1000)
        by_clock.append((time.perf_counter() - began) * 1000)
    return (
        f"{statistics.median(of_cpu):7.1f} {max(of_cpu):7.1f}  {statistics.median(by_clock):7.1f} {max(by_clock):7.1f}"
    )


def measured(db: sqlite3.Connection, text: str, order: Order, offset: int, runs: int) -> None:
    query = parse(text)
    hits = spent(lambda: search(db, query, order=order, offset=offset), runs)
    counted = spent(lambda: facets(db, query), runs)
    found = facets(db, query)
    page = f"{order}, from {offset}" if offset else order
    print(f"{hits} | {counted} | {found.total:7} {found.counted:5}  {page:17} {text}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    open_index(given.folder / "index.db").close()  # one that was built before is brought up to date
    with closing(read_index(given.folder / "index.db")) as db:
        (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
        print(
            f"{count} articles; the hits, then the facets, then how many were found and counted\n"
            "        CPU     by the clock |          CPU     by the clock |"
        )
        for text, order, offset in QUERIES:
            measured(db, text, order, offset, given.runs)


if __name__ == "__main__":
    main()
