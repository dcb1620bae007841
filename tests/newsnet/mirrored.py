"""A newsnet whose publishers have mirrors, the project that knows them, and the collection they are crawled into."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.frontier.sqlite import SqliteFrontier
from tests.conftest import clean_environment, project_with, scrapy_command
from tests.newsnet.conftest import proxied


@dataclass
class Press:
    """A newsnet, a project that knows its publishers, and a collection."""

    server: Any
    project: Path
    archives: Path

    def scrapy(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "ARCHIVES_DIR": str(self.archives),
            "DOWNLOAD_DELAY": "0",
            "ALLOW_PRIVATE_ADDRESSES": "True",
            "DOWNLOAD_TIMEOUT": "0.8",
            "RETRY_TIMES": "1",
            "CONTACT": "desk@example.org",
            **settings,
        }
        environment = {f"OFRECORD_{name}": value for name, value in settings.items()}
        environment |= {"PYTHONPATH": str(self.project), **proxied(self.server)}
        return subprocess.run(
            scrapy_command(arguments),
            cwd=self.project,
            env=clean_environment(environment),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.archives}/news/index.db?mode=ro", uri=True)) as index:
            return index.execute(query, parameters).fetchall()

    def in_queue(self, query: str) -> list[tuple[Any, ...]]:
        """What the frontier says, or is made to say."""
        with closing(sqlite3.connect(self.archives / "news/frontier.db")) as frontier, frontier:
            return frontier.execute(query).fetchall()

    def events(self, kind: str) -> dict[str, dict[str, Any]]:
        """Details by host."""
        found = self.rows("select detail, capture_id from events where kind = ?", kind)
        return {json.loads(detail)["host"]: json.loads(detail) | {"capture": row} for detail, row in found}

    def let_probe(self) -> None:
        """The time has come to ask hosts that are down."""
        with closing(SqliteFrontier(self.archives / "news/frontier.db")) as frontier:
            for state in frontier.mirrors():
                frontier.note_mirror(replace(state, probe_at=datetime.now(UTC)))


def definition(number: int, *hosts: str) -> str:
    return f"""
from crawler.publishers.base import Publisher

PUBLISHER = Publisher(
    id="gazette{number}",
    name="Gazette {number}",
    domains={hosts!r},
    article_patterns=(r"^/\\d{{4}}/\\d{{2}}/\\d{{2}}/(?P<id>\\d+)/",),
)
"""


def project_of(folder: Path, **hosts: tuple[str, ...]) -> Path:
    """A copy of the project with a definition for each Gazette, by its number."""
    project = project_with("", folder)
    (project / "crawler/publishers/courier.py").unlink()
    for name, names in hosts.items():
        text = definition(int(name.removeprefix("gazette")), *names)
        (project / f"crawler/publishers/{name}.py").write_text(text, encoding="utf-8")
    return project


@contextmanager
def newsnet_of(shared: Path, pages: int, *, gazettes: int) -> Iterator[Any]:
    """Some real pages, moved to the hosts www.gazette-1.example and so on."""
    sys.path.insert(0, str(shared / "newsnet"))
    from newsnet import NewsNet

    server = NewsNet()
    folder = shared / "newsnet/pages"
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    by_url = {entry["url"]: entry for entry in map(json.loads, lines) if entry["set"] == "fundus"}
    for entry in list(by_url.values())[:pages]:
        body = gzip.decompress((folder / f"html/{entry['id']}.html.gz").read_bytes())
        server.publish(entry["url"], body, entry["truth"].get("published"))
    server.regroup(gazettes)
    yield server.start()
    server.stop()
    sys.path.remove(str(shared / "newsnet"))
