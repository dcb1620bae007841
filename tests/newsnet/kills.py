"""Crawls of real pages, killed at random: most at chosen steps of writing, sealing and indexing, some at any moment.

    uv run python -m tests.newsnet.kills 200

kills crawls so many times over one collection, lets the last one finish, and checks what is left: see ``Left``.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.collection.verify import verify
from crawler.items import Fault
from tests.conftest import PROJECT, SHARED, clean_environment, scrapy_command
from tests.killing import PLACES

SITE = "www.gazette-2.example"
AT_ANY_MOMENT = 0.4
"""The share of kills that no hook chooses."""

SETTINGS = {
    "OFRECORD_DOWNLOAD_DELAY": "0",
    "OFRECORD_CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "OFRECORD_WARC_MAX_BYTES": "400000",  # a seal every few pages
}


@dataclass(frozen=True)
class Left:
    """What there is when the last crawl has ended."""

    kills: Counter[str]
    wanted: set[str]
    """The addresses of the site's articles."""
    held: set[str]
    """Addresses with a capture."""
    acknowledged: set[str]
    """Addresses that the frontier takes for done."""
    pending: int
    revisions: int
    articles: int
    invented: int
    """Captures beyond what the server's log has of their addresses."""
    faults: list[Fault]


def killed_often(archives: Path, environment: Mapping[str, str], times: int, chance: random.Random) -> Counter[str]:
    """Starts crawls until so many were killed; by place."""
    settings = clean_environment({**environment, **SETTINGS, "OFRECORD_ARCHIVES_DIR": str(archives)})
    kills: Counter[str] = Counter()
    while kills.total() < times:
        crawl = ["crawl", "news", "-a", f"site=https://{SITE}/"]
        if chance.random() < 0.7:  # so that there is always something to fetch
            crawl += ["-a", "recheck=now"]
        place = "any moment" if chance.random() < AT_ANY_MOMENT else chance.choice(list(PLACES))
        if _killed(crawl, settings, place, chance):
            kills[place] += 1
    finished = subprocess.run(
        scrapy_command(crawl[:4]), cwd=PROJECT, env=settings, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return kills


def _killed(crawl: list[str], settings: dict[str, str], place: str, chance: random.Random) -> bool:
    command = scrapy_command(crawl)
    if place != "any moment":
        nth = chance.randint(1, 5 if place.startswith("seal") or place.endswith("sealed") else 60)
        command = [sys.executable, "-m", "tests.killing", place, str(nth), *crawl]
    process = subprocess.Popen(command, cwd=PROJECT, env=settings, stderr=subprocess.DEVNULL)
    if place == "any moment":
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.8, 3.5))
        process.kill()
    return process.wait(120) == -signal.SIGKILL


def left(archives: Path, kills: Counter[str], wanted: set[str], served: Counter[str]) -> Left:
    """``served``: how often the server answered each address."""
    ask = _asking(archives / "news/index.db")
    captures = Counter(url for (url,) in ask("SELECT url FROM captures WHERE purpose = 'article'"))
    done = _asking(archives / "news/frontier.db")("SELECT url FROM urls WHERE purpose = 'article' AND state = 'done'")
    (revisions, articles) = ask("SELECT (SELECT count(*) FROM revisions), (SELECT count(*) FROM articles)")[0]
    return Left(
        kills=kills,
        wanted=wanted,
        held=set(captures),
        acknowledged={url for (url,) in done},
        pending=ask("SELECT count(*) FROM captures WHERE outcome = 'pending'")[0][0],
        revisions=revisions,
        articles=articles,
        invented=sum((captures - served).values()),
        faults=verify(archives / "news").faults,
    )


def sound(left: Left) -> bool:
    """Whether nothing was lost, torn or invented."""
    whole = left.held == left.acknowledged == left.wanted and not left.pending
    return whole and left.revisions == left.articles and not left.invented and not left.faults


def _asking(path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def ask(query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    return ask


def main(times: int) -> int:
    sys.path.insert(0, str(SHARED / "newsnet"))
    from newsnet import NewsNet

    net = NewsNet([SHARED / "newsnet/pages"])
    net.regroup(4)
    server = net.start()
    environment = {"http_proxy": net.proxy, "https_proxy": net.proxy, "SSL_CERT_FILE": net.ca_file}
    with TemporaryDirectory() as folder:
        archives, began = Path(folder), time.monotonic()
        kills = killed_often(archives, environment, times, random.Random(times))
        found = left(archives, kills, {url for url in net.urls if f"//{SITE}/" in url}, answered(net))
        files = sorted(str(path) for path in (archives / "news/archive").glob("*.warc.gz"))
        print(f"{kills.total()} kills in {time.monotonic() - began:.0f} s: {dict(kills.most_common())}")
        print(f"{len(found.wanted)} articles, {len(found.held)} on record, {len(found.acknowledged)} acknowledged")
        print(
            f"{found.revisions} revisions of {found.articles} articles; {len(files)} files; {found.invented} invented"
        )
        print(*(f"{fault.rule} {fault.where} {fault.what}" for fault in found.faults[:20]), sep="\n")
        checker = [sys.executable, str(SHARED / "tools/warc_conform.py"), "--strict", "--closed"]
        checks = (
            [*checker, "--payload-basis", "entity", "--skip", "ip-address", "-q", *files],
            *([str(Path(sys.executable).with_name("fastwarc")), "check", file] for file in files),
        )
        codes = [
            subprocess.run(
                check, check=False, stdout=None if check[0] == sys.executable else subprocess.DEVNULL
            ).returncode
            for check in checks
        ]
    server.stop()
    return 0 if sound(found) and not any(codes) else 1


def answered(net: Any) -> Counter[str]:
    """How often the server answered each address, as its log has it."""
    return Counter(f"{exchange.scheme}://{exchange.host}{exchange.target}" for exchange in net.exchanges)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
