"""Extraction of pages that nobody would write: what raises, what takes long.

    uv run python -m tests.benchmarks.fuzz [--count 100000] [--seed 0] [--into FOLDER]

Exits with 1 if one of them raised or took over 2 s of CPU; each of those is written to a file of its own.
"""

from __future__ import annotations

import argparse
import heapq
import signal
import statistics
import sys
import tempfile
import time
import traceback
from pathlib import Path

from crawler.changes.content import content_sha256
from crawler.changes.identity import article_key
from crawler.discovery.sources import publisher_at
from crawler.extraction.article import extract
from tests.extraction.fuzzing import URL, Input, inputs

MOST_SECONDS = 2.0
HANGS = 20.0
"""CPU seconds after which an input is given up."""
SLOWEST = 10

OWNER = publisher_at(URL)


class Hang(BaseException):
    """Nothing in between may catch it."""


def give_up(*_: object) -> None:
    raise Hang(f"more than {HANGS:g} s")


def spent(page: Input) -> float:
    """CPU seconds of all that is done with a page before it is stored. Raises whatever it raises."""
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        article = extract(page.html, page.url, content_type=page.content_type)
        content_sha256(article)
        article_key(article, OWNER)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - start


def kept(page: Input, folder: Path) -> Path:
    """The file that an input was written to."""
    path = folder / f"{page.how.partition(':')[0]}.html"
    path.write_bytes(page.html)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--into", type=Path, default=Path(tempfile.gettempdir()) / "ofrecord-fuzz")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGPROF, give_up)
    slowest: list[tuple[float, str, int]] = []
    times: list[float] = []
    offending = 0
    for page in inputs(options.seed, options.count):
        try:
            seconds = spent(page)
        except (Exception, Hang) as error:
            offending += 1
            print(f"raised: {page.how}: {kept(page, options.into)} ({page.url} {page.content_type})", flush=True)
            traceback.print_exception(error, limit=-3, file=sys.stdout)
            continue
        times.append(seconds)
        heapq.heappush(slowest, (seconds, page.how, len(page.html)))
        if len(slowest) > SLOWEST:
            heapq.heappop(slowest)
        if seconds > MOST_SECONDS:
            offending += 1
            print(f"slow: {seconds:.1f} s, {page.how}: {kept(page, options.into)}", flush=True)
    for seconds, how, length in sorted(slowest, reverse=True):
        print(f"{seconds:6.2f} s  {length:9} bytes  {how}")
    print(
        f"{options.count} inputs, {sum(times):.0f} s, mean {statistics.mean(times) * 1000:.1f} ms; {offending} offend"
    )
    sys.exit(1 if offending else 0)


if __name__ == "__main__":
    main()
