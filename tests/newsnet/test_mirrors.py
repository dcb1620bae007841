"""Publishers that live on several hosts, the first of which fails in each of the ways there are."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier.sqlite import SqliteFrontier
from tests.conftest import clean_environment, project_with, scrapy_command
from tests.newsnet.conftest import proxied

WAYS = ("refuse", "timeout", "bad-certificate", "451", "seized", "503", "403")
"""In which the first host of each publisher is down."""
PAGES = 4
"""Of each."""
TOLD = {
    "refuse": ("host-down", ""),
    "timeout": ("host-down", "took longer than"),
    "bad-certificate": ("host-down", "certificate"),
    "451": ("host-down", "HTTP 451"),
    "seized": ("seized", "THIS WEBSITE HAS BEEN SEIZED"),
    "503": ("host-down", "HTTP 503"),
    "403": ("host-down", "HTTP 403"),
}


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


@pytest.fixture(scope="module")
def net(shared: Path) -> Iterator[Any]:
    sys.path.insert(0, str(shared / "newsnet"))
    from newsnet import NewsNet

    server = NewsNet()
    folder = shared / "newsnet/pages"
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    by_url = {entry["url"]: entry for entry in map(json.loads, lines) if entry["set"] == "fundus"}
    entries = list(by_url.values())[: PAGES * len(WAYS)]
    for entry in entries:
        body = gzip.decompress((folder / f"html/{entry['id']}.html.gz").read_bytes())
        server.publish(entry["url"], body, entry["truth"].get("published"))
    server.regroup(len(WAYS))
    yield server.start()
    server.stop()
    sys.path.remove(str(shared / "newsnet"))


@pytest.fixture(scope="module")
def press(net: Any, tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Seven publishers, each first host down in a way of its own, crawled once."""
    folder = tmp_path_factory.mktemp("press")
    project = project_with("", folder / "project")
    (project / "crawler/publishers/courier.py").unlink()
    for number, how in enumerate(WAYS, 1):
        host, mirror = f"www.gazette-{number}.example", f"mirror-{number}.test"
        text = definition(number, host, mirror)
        (project / f"crawler/publishers/gazette{number}.py").write_text(text, encoding="utf-8")
        net.mirror(mirror, of=host)
        net.down(host, how)
    press = Press(net, project, folder / "archives")
    (folder / "urls.txt").write_text("\n".join(net.urls))
    crawled = press.scrapy("crawl", "news", "-a", f"urls={folder / 'urls.txt'}")
    assert crawled.returncode == 0, crawled.stderr
    return press


@pytest.mark.parametrize("how", WAYS)
def test_where_the_first_host_fails_its_articles_come_from_the_next_in_the_same_crawl(press: Press, how: str) -> None:
    number = WAYS.index(how) + 1
    kind, words = TOLD[how]
    event = press.events(kind)[f"www.gazette-{number}.example"]
    assert words in event["reason"]
    assert event["faults"]
    revisions = press.rows(
        "select a.id, a.revisions, c.host from articles a join revisions r on r.article_id = a.id "
        "join captures c on c.id = r.capture_id where a.publisher_id = ?",
        f"gazette{number}",
    )
    assert len(revisions) == PAGES
    assert {(count, host) for _, count, host in revisions} == {(1, f"mirror-{number}.test")}


def test_the_evidence_is_on_record_with_the_event(press: Press) -> None:
    seized = press.events("seized")["www.gazette-5.example"]
    ((url, status),) = press.rows("select url, status from captures where id = ?", seized["capture"])
    assert (url.split("/")[2], status) == ("www.gazette-5.example", 200)
    assert len(seized["faults"][-1]["certificate_sha256"]) == 64
    refused = press.events("host-down")["www.gazette-3.example"]["faults"][0]
    assert "newsnet CA" in refused["certificate_issuer"]
    assert "untrusted.invalid" in refused["certificate_subject"]


def test_no_notice_became_a_revision(press: Press) -> None:
    assert press.rows("select count(*) from revisions where text like '%seized%' or headline like '%SEIZED%'") == [(0,)]


def test_the_frontier_keeps_the_addresses_that_were_meant(press: Press) -> None:
    with closing(SqliteFrontier(press.archives / "news/frontier.db")) as frontier:
        hosts = {tally.host for tally in frontier.tallies()}
        states = {state.host: state.state for state in frontier.mirrors()}
    assert hosts == {f"www.gazette-{number}.example" for number in range(1, len(WAYS) + 1)}
    assert states.pop("www.gazette-5.example") == "seized"
    assert set(states.values()) == {"down"}


def test_a_host_that_is_back_is_asked_again_and_nothing_was_revised(press: Press) -> None:
    """Last in this file: it brings all hosts back."""
    for number in range(1, len(WAYS) + 1):
        press.server.down(f"www.gazette-{number}.example", None)
    press.let_probe()
    urls = press.archives.parent / "urls.txt"
    crawled = press.scrapy("crawl", "news", "-a", f"urls={urls}", "-a", "recheck=now")
    assert crawled.returncode == 0, crawled.stderr
    assert set(press.events("host-up")) == {f"www.gazette-{number}.example" for number in range(1, len(WAYS) + 1)}
    assert press.rows("select count(*), sum(revisions) from articles") == [(PAGES * len(WAYS),) * 2]
    again = {host for (host,) in press.rows("select host from captures where outcome = 'unchanged'")}
    assert {f"www.gazette-{number}.example" for number in range(1, len(WAYS) + 1)} <= again
    reindexed = press.scrapy("reindex")
    assert reindexed.returncode == 0, reindexed.stderr
    assert len(press.events("host-up")) == len(WAYS)
    assert press.rows("select count(*), sum(revisions) from articles") == [(PAGES * len(WAYS),) * 2]
    assert press.scrapy("verify").returncode == 0
