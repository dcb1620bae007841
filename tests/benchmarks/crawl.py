"""The whole job beside plain Scrapy, on the same 600 https pages: the ratio of wall times, median of three.

    uv run python -m tests.benchmarks.crawl [--pages 600] [--runs 3]

Both verify certificates, both run with 16 concurrent requests, no delay and no robots.txt over newsnet's proxy;
they take turns. The first turn is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import PROJECT, SHARED, clean_environment

PLAIN = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Plain(scrapy.Spider):
    name = "plain"
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url)
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "DOWNLOAD_VERIFY_CERTIFICATES": True, "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "COOKIES_ENABLED": False,
})
crawler = process.create_crawler(Plain)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("response_received_count"))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.pages, options.runs)


def measure(folder: Path, pages: int, runs: int) -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            SHARED / "newsnet/newsnet.py",
            SHARED / "newsnet/pages",
            *("--port", "8897", "--ca", folder / "ca.pem"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        urls = folder / "urls.txt"
        urls.write_text("\n".join(https_urls()[:pages]))
        (folder / "plain.py").write_text(PLAIN)
        ratios = [turn(folder, urls, number) for number in range(runs + 1)][1:]  # the first warms caches up
    finally:
        server.terminate()
        server.wait()
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"ratio of wall times, median of {runs}: {statistics.median(ratios):.2f} ({shown})")


def https_urls() -> list[str]:
    import json

    with (SHARED / "newsnet/pages/manifest.jsonl").open(encoding="utf-8") as lines:
        urls = [json.loads(line)["url"] for line in lines]
    return list(dict.fromkeys("https://" + url.partition("://")[2] for url in urls))


def turn(folder: Path, urls: Path, number: int) -> float:
    plain = timed([sys.executable, str(folder / "plain.py"), str(urls)], folder)
    archives = folder / f"archives-{number}"
    settings = (
        "CONCURRENT_REQUESTS_PER_DOMAIN=16",
        "DOWNLOAD_DELAY=0",
        "ROBOTSTXT_OBEY=False",  # plain Scrapy's default: both fetch the same 600 pages
        "TDMREP_ENABLED=False",
        f"ARCHIVES_DIR={archives}",
    )
    options = [part for setting in settings for part in ("-s", setting)]
    ours = timed([sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"urls={urls}", *options], folder)
    shutil.rmtree(archives)
    print(f"plain Scrapy {plain:.1f} s, the whole job {ours:.1f} s: {ours / plain:.2f}", flush=True)
    return ours / plain


def timed(command: list[str], folder: Path) -> float:
    proxy = "http://127.0.0.1:8897"
    environment = clean_environment(
        {"http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(folder / "ca.pem")}
    )
    # As on a user's machine: byte code is kept, here for both. The turn that is not counted writes it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.monotonic()
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


if __name__ == "__main__":
    main()
