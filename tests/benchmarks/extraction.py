"""CPU per page of ``extract`` beside trafilatura's (precision, metadata on) and a bare parse, page by page in turn.

    uv run python -m tests.benchmarks.extraction [--runs 3] [--set fundus]

Of every page the best of the runs counts. The ratios hold on any machine; milliseconds are this machine's, now. The
stages are timed in a run of their own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import trafilatura
from lxml import html

from crawler.extraction import article
from crawler.extraction.article import extract
from tests.conftest import SHARED

PAGES = SHARED / "newsnet/pages"
Reader = Callable[[bytes, str], object]
STAGES = {
    "parse": ("parsed",),
    "walk": ("walked",),
    "marks": ("pardon", "captioned", "mark_teasers", "mark_comments"),
    "body": ("body_of", "laid_out_body", "blocks_of", "sifted", "scripted_blocks", "article_score"),
    "metadata": (
        "nodes", "read_json", "headline", "kicker", "summary", "language", "times", "authors", "section_path", "topics",
        "publisher_name", "canonical_address", "access",
    ),
    "images and links": ("images", "embeds", "links"),
}  # fmt: skip
"""Names in the module that extracts; what is none of them is "rest"."""


def parse(body: bytes, url: str) -> object:
    return html.document_fromstring(body, base_url=url)


def peer(body: bytes, url: str) -> object:
    return trafilatura.bare_extraction(body, url=url, favor_precision=True, with_metadata=True)


READERS: dict[str, Reader] = {"parse": parse, "ofrecord": extract, "trafilatura": peer}


def pages(folder: Path, only: str | None = None) -> Iterator[tuple[bytes, str]]:
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        page = json.loads(line)
        if only in (None, page["set"]):
            yield gzip.decompress((folder / "html" / f"{page['id']}.html.gz").read_bytes()), page["url"]


def spent(reader: Reader, body: bytes, url: str) -> float:
    """CPU milliseconds of one reading."""
    start = time.process_time()
    reader(body, url)
    return (time.process_time() - start) * 1000


def timed(function: Callable[..., Any], told: dict[str, float], stage: str, running: list[str]) -> Callable[..., Any]:
    """A function that adds its time to a stage; what it calls of other stages is theirs."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        start = time.process_time()
        running.append(stage)
        try:
            return function(*args, **kwargs)
        finally:
            running.pop()
            passed = time.process_time() - start
            told[stage] += passed
            if running:
                told[running[-1]] -= passed

    return run


def stages(chosen: list[tuple[bytes, str]]) -> dict[str, float]:
    """CPU milliseconds per page by stage."""
    told: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    kept, running = dict(vars(article)), list[str]()
    for stage, names in STAGES.items():
        for name in names:
            setattr(article, name, timed(kept[name], told, stage, running))
    start = time.process_time()
    for body, url in chosen:
        extract(body, url)
    told["rest"] = time.process_time() - start - sum(told.values())
    for name in (name for names in STAGES.values() for name in names):
        setattr(article, name, kept[name])
    return {stage: seconds * 1000 / len(chosen) for stage, seconds in told.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--set", help="only this set (fundus, aeb, trafilatura)")
    arguments = parser.parse_args()
    chosen = list(pages(PAGES, arguments.set))
    best: dict[str, list[float]] = {name: [] for name in READERS}
    for body, url in chosen:
        for name, reader in READERS.items():
            best[name].append(min(spent(reader, body, url) for _ in range(arguments.runs)))
    ours = statistics.mean(best["ofrecord"])
    for name, times in best.items():
        mean, late = statistics.mean(times), statistics.quantiles(times, n=20)[-1]
        pace = f"{1000 / mean:6.0f} pages/s per core"
        print(f"{name:12} mean {mean:6.1f} ms  p95 {late:6.1f} ms  {pace}  {mean / ours:5.2f} x ofrecord")
    for stage, milliseconds in stages(chosen).items():
        print(f"  {stage:18} {milliseconds:5.2f} ms")


if __name__ == "__main__":
    main()
