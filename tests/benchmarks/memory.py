"""What a whole crawler holds in memory while its queue is long: `scrapy watch` fetches, extracts and stores articles.

    uv run python -m tests.benchmarks.memory [--urls 5000000] [--groups 500] [--seconds 300]

Prints the resident memory of the main process as it grows, and with the workers that extract, and the most of it that
was seen. The queue is filled by SQL, which is quicker than adding to it; each URL leads to a page on loopback.
"""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.frontier.sqlite import SqliteFrontier
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.gazette import Story
from tests.site.parts import Part, Request, page
from tests.site.server import Site

FILL = """
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :urls)
    INSERT INTO urls (fingerprint, url, host_group, purpose, state, priority, due_at, waiting, seen_at, request)
    SELECT randomblob(16), printf('%s/2024/05/%02d/%d/a-headline-of-some-length-as-news-sites-have-them', :base,
        n % 28 + 1, n), printf('publisher-%d.example', n % :groups), 'article', 'queued', 10, :now, 0, :now, :request
    FROM numbers
"""
REQUEST = {"meta": {"publisher_id": "127.0.0.1", "via": "https://www.publisher.example/", "hops": 1}}
ROUNDS = 10


def filled(path: Path, base: str, urls: int, groups: int) -> None:
    """A frontier with so many articles in its queue."""
    SqliteFrontier(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        now = time.time_ns() // 1000
        values = {"urls": urls, "groups": groups, "base": base, "now": now, "request": json.dumps(REQUEST)}
        database.execute(FILL, values)
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def story(request: Request) -> Iterable[Part]:
    """Another article at each address."""
    if request.path == "/robots.txt":
        yield page(b"", "Content-Type: text/plain")
    else:
        number = int(request.path.split("/")[4])
        yield page(Story(number, "2024-05-01").html().encode())


def resident(process: int) -> Iterator[float]:
    """MB that a process and those it started hold, its own first."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    tree = {process}
    for _ in range(3):
        tree |= {pid for pid, parent, _ in rows if parent in tree}
    own = {pid: rss * 1024 / 1e6 for pid, _, rss in rows if pid in tree}
    yield own[process]
    yield sum(own.values())


def main(urls: int, groups: int, seconds: int) -> None:
    with TemporaryDirectory() as folder, Site(fallback=story) as site:
        path = Path(folder) / "news/frontier.db"
        began = time.monotonic()
        filled(path, site.url(""), urls, groups)
        print(
            f"{urls:,} URLs queued in {time.monotonic() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB", flush=True
        )
        settings = {
            "OFRECORD_ARCHIVES_DIR": folder,
            "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
            "OFRECORD_DOWNLOAD_DELAY": "1",
        }
        watch = subprocess.Popen(scrapy_command(["watch"]), cwd=PROJECT, env=clean_environment(settings))
        most, began = 0.0, time.monotonic()
        for number in range(1, ROUNDS + 1):
            while time.monotonic() < began + number * seconds / ROUNDS:
                time.sleep(1)
                own, together = resident(watch.pid)
                most = max(most, own)
            asked = len(site.log)
            print(
                f"{number * seconds / ROUNDS:>5.0f} s  {asked:>7,} pages  {own:>4.0f} MB  {together:>5.0f} MB",
                flush=True,
            )
        watch.send_signal(signal.SIGINT)
        watch.wait()
        print(f"at most {most:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=5_000_000)
    parser.add_argument("--groups", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=300)
    main(**vars(parser.parse_args()))
