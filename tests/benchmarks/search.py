"""How long searches of a large index take: each the best of several, with a warm cache.

uv run python -m tests.benchmarks.large FOLDER
uv run python -m tests.benchmarks.search FOLDER [--runs 5]
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path

from crawler.index.database import read_index
from crawler.index.search import Order, search
from crawler.queries.parser import parse

QUERIES: tuple[tuple[str, Order], ...] = (
    ("made777", "best"),
    ("the of", "best"),
    ("the of", "newest"),
    ("government", "best"),
    ("government", "newest"),
    ('"prime minister"', "best"),
    ("minister* -government", "best"),
    ("大学", "best"),
    ("author:redaktion", "newest"),
    ("author:redaktion government", "best"),
    ("author:redaktion OR headline:minister", "best"),
    ("section:politics topic:election", "newest"),
    ("language:en day:2020-03 the", "newest"),
    ("day:2020-03-05", "newest"),
    ("-author:redaktion", "newest"),
    ("", "newest"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with closing(read_index(given.folder / "index.db")) as db:
        (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
        print(f"{count} articles")
        for text, order in QUERIES:
            spent = []
            for _ in range(given.runs):
                began = time.perf_counter()
                hits = search(db, parse(text), order=order)
                spent.append(time.perf_counter() - began)
            print(
                f"{min(spent) * 1000:8.1f} ms  first {spent[0] * 1000:8.1f} ms  {len(hits):3} shown  {order:6}  {text}"
            )


if __name__ == "__main__":
    main()
