"""CPU per page of ``extract`` beside trafilatura's (precision, metadata on) and a bare parse, page by page in turn.

    uv run python -m tests.benchmarks.extraction [--runs 3]

Of every page the best of the runs counts. The ratios hold on any machine; milliseconds are this machine's, now.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura
from lxml import html

from crawler.extraction.article import extract
from tests.conftest import SHARED

PAGES = SHARED / "newsnet/pages"
Reader = Callable[[bytes, str], object]


def parse(body: bytes, url: str) -> object:
    return html.document_fromstring(body, base_url=url)


def peer(body: bytes, url: str) -> object:
    return trafilatura.bare_extraction(body, url=url, favor_precision=True, with_metadata=True)


READERS: dict[str, Reader] = {"parse": parse, "ofrecord": extract, "trafilatura": peer}


def pages(folder: Path) -> Iterator[tuple[bytes, str]]:
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        page = json.loads(line)
        yield gzip.decompress((folder / "html" / f"{page['id']}.html.gz").read_bytes()), page["url"]


def spent(reader: Reader, body: bytes, url: str) -> float:
    """CPU milliseconds of one reading."""
    start = time.process_time()
    reader(body, url)
    return (time.process_time() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    best: dict[str, list[float]] = {name: [] for name in READERS}
    for body, url in pages(PAGES):
        for name, reader in READERS.items():
            best[name].append(min(spent(reader, body, url) for _ in range(runs)))
    ours = statistics.mean(best["ofrecord"])
    for name, times in best.items():
        mean, late = statistics.mean(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:12} mean {mean:6.1f} ms  p95 {late:6.1f} ms  {mean / ours:5.2f} x ofrecord")


if __name__ == "__main__":
    main()
