"""How long the pages of ``scrapy serve`` take over a large index, as a browser waits for them; with a warm cache.

    uv run python -m tests.benchmarks.large FOLDER
    uv run python -m tests.benchmarks.viewer FOLDER [--runs 9]

Milliseconds by the clock from the request to the last byte, median and worst, over one connection. Goals at 100,000
articles: an article in 50, a search in 100.
"""

from __future__ import annotations

import argparse
import http.client
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.viewer.serving import served

ARTICLES = 100
"""Of all, evenly spread."""

QUERIES = (
    "",
    "made777",
    "the",
    "the of",
    "government",
    '"prime minister"',
    "gov*",
    "author:redaktion",
    "section:politics topic:election",
    "host:theguardian.com",
    "publisher:theguardian.com government",
    "language:en day:2020-03 the",
    "state:gone",
    "-the",
    "大学",
)


def paths(db: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Kinds of pages, with the addresses of some."""
    (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    ids = [name for (name,) in db.execute("SELECT id FROM articles WHERE number % ? = 0", (max(1, count // ARTICLES),))]
    yield "article", [f"/article/{quote(name)}" for name in ids]
    yield "article, evidence", [f"/article/{quote(name)}?evidence=1" for name in ids]
    (publisher,) = db.execute(
        "SELECT publisher_id FROM articles GROUP BY publisher_id ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    yield "publisher", [f"/publisher/{quote(publisher)}"]
    for path in ("/", "/publishers", "/ledger"):
        yield path, [path]
    for query in QUERIES:
        for order in ("best", "newest"):
            yield f"search {query} ({order})", [f"/search?q={quote(query)}&sort={order}"]


def waited(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Prints a line for each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    with closing(sqlite3.connect(folder / "index.db")) as db:
        kinds = list(paths(db))
    with served(folder.parent, folder.name) as viewer:
        place = urlsplit(viewer.address)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        print(f"{'milliseconds':<44} {'first':>7} {'median':>7} {'worst':>7}")
        for name, addresses in kinds:
            first = waited(connection, addresses[0])
            again = addresses if len(addresses) > 1 else addresses * given.runs
            times = [waited(connection, path) for path in again]
            print(f"{name:<44} {first:7.0f} {statistics.median(times):7.0f} {max(times):7.0f}", flush=True)
        connection.close()


if __name__ == "__main__":
    main()
