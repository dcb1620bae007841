"""Two crawls share four large sites of real pages; one is killed time and again and started anew.

    uv run python -m tests.newsnet.together 10

Prints what was lost, fetched twice or asked too soon, and whether the index is that of a crawl that nobody disturbed.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.collection.verify import verify
from tests.conftest import PROJECT, SHARED, clean_environment, scrapy_command
from tests.newsnet.kills import _asking

DELAY = 0.3
TOLERANCE = 0.02
"""Of the clock between our sending and the server's receiving."""

CONTENT = (
    "SELECT a.id, a.headline, a.published_at, r.text, r.number FROM articles a JOIN revisions r ON r.article_id = a.id"
)


def started(archives: Path, environment: dict[str, str], urls: Path, **settings: str) -> subprocess.Popen[bytes]:
    given = {
        "ARCHIVES_DIR": str(archives),
        "DOWNLOAD_DELAY": str(DELAY),
        "JOIN": "1",
        "LEASE_SECONDS": "10",
        **settings,
    }
    return subprocess.Popen(
        scrapy_command(["crawl", "news", "-a", f"urls={urls}"]),
        cwd=PROJECT,
        env=clean_environment(environment | {f"OFRECORD_{name}": value for name, value in given.items()}),
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def ended(crawl: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """It runs no longer than the block, whatever happens there."""
    try:
        yield crawl
    finally:
        crawl.kill()
        crawl.wait()


def killed_often(archives: Path, environment: dict[str, str], urls: Path, times: int) -> int:
    """One crawl goes on, the other is killed so many times; the kills that were in time."""
    moments, kills = random.Random(times), 0
    with ended(started(archives, environment, urls)) as staying:
        while kills < times and staying.poll() is None:
            with ended(started(archives, environment, urls)) as other:
                with suppress(subprocess.TimeoutExpired):
                    other.wait(moments.uniform(2.0, 7.0))
                kills += other.poll() is None
                other.kill()
        with ended(started(archives, environment, urls)) as last:
            assert (staying.wait(600), last.wait(600)) == (0, 0)
    return kills


def too_close(net: Any) -> list[str]:
    """Pairs of requests to one site that came too soon after each other."""
    moments: dict[str, list[float]] = defaultdict(list)
    for exchange in net.exchanges:
        moments[exchange.host].append(exchange.time)
    return [
        f"{host}: {later - earlier:.3f} s"
        for host, at in moments.items()
        for earlier, later in itertools.pairwise(sorted(at))
        if later - earlier < DELAY - TOLERANCE
    ]


def main(times: int) -> int:
    sys.path.insert(0, str(SHARED / "newsnet"))
    from newsnet import NewsNet

    net = NewsNet([SHARED / "newsnet/pages"])
    net.regroup(4)
    server = net.start()
    environment = {"http_proxy": net.proxy, "https_proxy": net.proxy, "SSL_CERT_FILE": net.ca_file}
    with TemporaryDirectory() as folder:
        urls = Path(folder) / "urls.txt"
        urls.write_text("\n".join(net.urls))
        disturbed, whole = Path(folder) / "disturbed", Path(folder) / "whole"
        began = time.monotonic()
        kills = killed_often(disturbed, environment, urls, times)
        print(f"{kills} kills in {time.monotonic() - began:.0f} s")
        asked = Counter(f"{each.scheme}://{each.host}{each.target}" for each in net.exchanges)
        pages = {url: asked[url] for url in net.urls}
        close = too_close(net)
        print(f"{len(pages)} pages, {sum(not count for count in pages.values())} never asked for")
        print(f"{sum(pages.values()) - len(pages)} fetched again; at most {kills * 8} were in flight")
        print(f"{len(close)} gaps under the delay: {close[:5]}")
        with ended(started(whole, environment, urls, DOWNLOAD_DELAY="0", CONCURRENT_REQUESTS_PER_DOMAIN="8")) as quick:
            assert quick.wait(600) == 0
        contents = [sorted(_asking(archives / "news/index.db")(CONTENT)) for archives in (disturbed, whole)]
        states = _asking(disturbed / "news/frontier.db")("SELECT state, count(*) FROM urls GROUP BY state")
        faults = verify(disturbed / "news").faults
        same = "equal to" if contents[0] == contents[1] else "NOT equal to"
        print(f"{len(contents[0])} revisions, {same} an undisturbed crawl's")
        print(f"frontier: {dict(states)}; faults: {faults[:5]}")
    server.stop()
    sound = contents[0] == contents[1] and not close and not faults and all(pages.values())
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
