"""What the frontier costs: adds, claims with their ends, bytes a URL, and whether a claim minds how long the queue is.

    uv run python -m tests.benchmarks.frontier [--urls 5000000] [--groups 500]

Rates are this machine's; the last column, a claim at each size over a claim at the smallest, holds on any.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from crawler.frontier.protocol import Claim, End, Entry, Terms
from crawler.frontier.requests import DEFAULTS, entry_of
from crawler.frontier.sqlite import SqliteFrontier

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
BEGAN = datetime(2024, 5, 1, tzinfo=UTC)
BATCH = 500
CLAIM = 16
ROUNDS = 200
"""Claims that are timed at each size."""


def entries(groups: int) -> Iterator[Entry]:
    """URLs as a news site has them, one group after the other."""
    number = 0
    while True:
        host = f"www.publisher-{number % groups}.example"
        url = f"https://{host}/2024/05/{number % 28 + 1:02d}/{number}/a-headline-of-some-length-as-news-sites-have-them"
        meta = {"purpose": "article", "publisher_id": host, "download_slot": host, "via": f"https://{host}/", "hops": 1}
        known = {"url": url, "callback": "parse_article", "errback": "failed", "meta": meta, "priority": 10}
        yield entry_of({**DEFAULTS, "body": b"", **known}, BEGAN)
        number += 1


def filled(frontier: SqliteFrontier, source: Iterator[Entry], count: int) -> float:
    """Seconds to add so many."""
    began, now = time.perf_counter(), datetime.now(UTC)
    for _ in range(count // BATCH):
        frontier.add(list(islice(source, BATCH)), now)
    return time.perf_counter() - began


def claimed(frontier: SqliteFrontier) -> tuple[list[float], float]:
    """Seconds of each claim, and of all claims with their ends together."""
    seconds: list[float] = []
    began = time.perf_counter()
    for _ in range(ROUNDS):
        before, now = time.perf_counter(), datetime.now(UTC)
        claim: Claim = frontier.claim(CLAIM, now, Terms("benchmark", now + timedelta(minutes=1), per_group=2))
        seconds.append(time.perf_counter() - before)
        frontier.settle([End(lease, "done", due_at=now + timedelta(hours=1)) for lease in claim.leases], now)
    return seconds, time.perf_counter() - began


def main(urls: int, groups: int) -> None:
    with TemporaryDirectory() as folder, closing(SqliteFrontier(Path(folder) / "frontier.db")) as frontier:
        source, held, first = entries(groups), 0, 0.0
        print(f"{'URLs':>9}  {'adds/s':>8}  {'claim+end/s':>11}  {'claim ms':>8}  {'ratio':>5}  MB/million  memory MB")
        for size in [size for size in SIZES if size <= urls]:
            adding = filled(frontier, source, size - held)
            claims, together = claimed(frontier)
            first = first or median(claims)
            held_bytes = sum(path.stat().st_size for path in Path(folder).iterdir())
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
            ratio = median(claims) / first
            print(
                f"{size:>9,}  {(size - held) / adding:>8,.0f}  {ROUNDS * CLAIM / together:>11,.0f}  "
                f"{median(claims) * 1000:>8.2f}  {ratio:>5.2f}  {held_bytes / size:>10.0f}  {memory:>9.0f}"
            )
            held = size


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=SIZES[-1])
    parser.add_argument("--groups", type=int, default=500)
    main(**vars(parser.parse_args()))
