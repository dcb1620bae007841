"""What ``scrapy verify`` costs: records a second, by the clock and of CPU, and memory; of one file and of many.

    uv run python -m tests.benchmarks.verify [--captures 20000]

CPU seconds are those of all processes together; they hold on a busy machine, the clock's do not.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.collection.collection import Collection, Limits
from crawler.collection.verify import verify
from crawler.items import Exchange, Notes
from tests.benchmarks.extraction import PAGES, pages
from tests.warc.exchanges import INFO, exchange, message

FILES = {"one file": 10**12, "many files": 10**7}
"""Bytes after which a file is sealed."""


def exchanges(count: int) -> Iterator[Exchange]:
    """Real pages, no two the same; every fourth is then a copy of another host's."""
    began = datetime.now(UTC) - timedelta(days=30)
    for number, (body, _) in enumerate(islice(cycle(pages(PAGES)), count)):
        original = number - number % 4 if number % 4 == 3 else number
        page = message(b"%b<!-- %d -->" % (body, original), "Content-Type: text/html")
        url = f"https://www.publisher-{number % 50}.example/2024/05/{number}/a-headline-of-some-length"
        yield replace(exchange("/", page, url=url), captured_at=began + timedelta(seconds=number))


def make(folder: Path, count: int, warc_bytes: int) -> None:
    collection = Collection(folder, info=INFO, limits=Limits(warc_bytes=warc_bytes, warc_seconds=1e9))
    for each in exchanges(count):
        recorded = collection.record(each, Notes("other", "x"))
    recorded.result(60)
    collection.close()


def cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def megabytes(of: int) -> float:
    return resource.getrusage(of).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=20_000)
    count = parser.parse_args().captures
    for name, warc_bytes in FILES.items():
        with TemporaryDirectory() as folder:
            # By a process of its own: what that needs is not what verify needs.
            making = get_context("spawn").Process(target=make, args=(Path(folder), count, warc_bytes))
            making.start()
            making.join()
            began, used = time.perf_counter(), cpu_seconds()
            found = verify(Path(folder))
            seconds, used = time.perf_counter() - began, cpu_seconds() - used
            assert not found.faults, found.faults[:3]
        print(f"{name}: {found.files}, {found.records} records, {found.bytes / 1e6:.0f} MB")
        print(f"  {found.records / seconds:.0f} records/s by the clock, {found.records / used:.0f} a CPU second")
        print(f"  {megabytes(resource.RUSAGE_SELF):.0f} MB of memory at most, beside the processes that read")


if __name__ == "__main__":
    main()
