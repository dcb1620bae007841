"""The WARC writer, whole (digests, three records, fsync, seal), beside warcio's own and bare compression, in one run.

    uv run python -m tests.benchmarks.writer [--runs 3]

MB are of the pages, uncompressed; the best of the runs counts, by the clock and of CPU time, which is the steadier one
on a busy machine. The ratios hold on any.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.items import Notes
from crawler.warc import compression
from tests.benchmarks.extraction import PAGES, pages
from tests.warc.exchanges import INFO, exchange, message, writing

isal_zlib = import_module("isal.isal_zlib") if find_spec("isal") else None

Page = tuple[bytes, str]


def ours(module: Any, level: int, given: list[Page], folder: Path) -> None:
    compression._ZLIB, compression._LEVEL = module, level
    with writing(folder) as writer:
        futures = [
            writer.record(exchange("/", message(body, "Content-Type: text/html"), url=url), Notes("article", "x"))
            for body, url in given
        ]
        for future in futures:
            future.result(60)


def warcios(given: list[Page], folder: Path) -> None:
    with (folder / "warcio.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        writer.write_record(writer.create_warcinfo_record("x", INFO))
        for body, url in given:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers)
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)


def bare(given: list[Page], folder: Path) -> None:
    with (folder / "bare").open("wb") as out:
        for body, _ in given:
            out.write(zlib.compress(body, 4))


WRITERS: dict[str, Callable[[list[Page], Path], None]] = {
    "warcio": warcios,
    "ofrecord, zlib 4": partial(ours, zlib, 4),
    **({"ofrecord, isal 2": partial(ours, isal_zlib, 2)} if isal_zlib else {}),
    "zlib 4 alone": bare,
}


def seconds(writer: Callable[[list[Page], Path], None], given: list[Page]) -> tuple[float, float]:
    """By the clock, and of CPU in all threads."""
    with TemporaryDirectory() as folder:
        start, used = time.perf_counter(), time.process_time()
        writer(given, Path(folder))
        return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    given = list(pages(PAGES))
    megabytes = sum(len(body) for body, _ in given) / 1e6
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in WRITERS}
    for _ in range(runs):
        for name, writer in WRITERS.items():
            spent[name].append(seconds(writer, given))
    best = {name: [min(each) for each in zip(*measured, strict=True)] for name, measured in spent.items()}
    print(f"{'':18}  by the clock             of CPU time")
    for name, measured in best.items():
        columns = [
            f"{megabytes / ours:7.1f} MB/s {theirs / ours:5.2f} x warcio"
            for ours, theirs in zip(measured, best["warcio"], strict=True)
        ]
        print(f"{name:18}{'   '.join(columns)}")


if __name__ == "__main__":
    main()
