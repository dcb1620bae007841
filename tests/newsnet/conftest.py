"""Crawls of real pages under their real names; skipped where the folder with the pages is not there."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Scrapy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """newsnet leaves its manifest open: not ours to mend, and no fault of the test."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@dataclass(frozen=True)
class Net:
    """A running newsnet, and how a crawler is pointed at it."""

    server: Any
    exact_log: Path
    environment: dict[str, str]

    def crawl(self, scrapy: Scrapy, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return scrapy("crawl", "news", *arguments, environment=self.environment, stdin=stdin)


@pytest.fixture
def newsnet(shared: Path, tmp_path: Path) -> Iterator[Callable[..., Net]]:
    """Starts a newsnet over some of its folders; ends with the test."""
    sys.path.insert(0, str(shared / "newsnet"))
    from newsnet import NewsNet

    running: list[Any] = []

    def start(*folders: str, regroup: int = 0) -> Net:
        log = tmp_path / f"exact-{len(running)}.jsonl"
        server = NewsNet([shared / "newsnet" / folder for folder in folders], exact_log=log)
        if regroup:
            server.regroup(regroup)
        running.append(server.start())
        return Net(server, log, proxied(server))

    yield start
    for server in running:
        server.stop()
    sys.path.remove(str(shared / "newsnet"))


def proxied(server: Any) -> dict[str, str]:
    """Both proxies, and newsnet's own CA: verification stays on."""
    return {"http_proxy": server.proxy, "https_proxy": server.proxy, "SSL_CERT_FILE": server.ca_file}


@pytest.fixture
def rows(archives: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Asks the collection's index."""

    def ask(query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{archives}/news/index.db?mode=ro", uri=True)) as index:
            return index.execute(query, parameters).fetchall()

    return ask


@pytest.fixture
def conform(shared: Path, archives: Path) -> Callable[..., str]:
    """The output of the WARC checker over all files of the collection; asserts that no rule failed."""

    def check(*options: str) -> str:
        files = sorted(str(path) for path in (archives / "news" / "archive").glob("*.warc.gz"))
        command = [
            sys.executable,
            str(shared / "tools/warc_conform.py"),
            *files,
            "--strict",
            "--payload-basis",
            "entity",
        ]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, env={**os.environ})
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
        assert not failed, "\n".join(failed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return check


def truth(shared: Path, page_id: str) -> dict[str, Any]:
    """What newsnet's manifest says about one page of Press TV."""
    with (shared / "newsnet/presstv/manifest.jsonl").open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    page: dict[str, Any] = next(page for page in pages if page["id"] == page_id)
    return page
