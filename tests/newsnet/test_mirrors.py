"""Publishers that live on several hosts, the first of which fails in each of the ways there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.frontier.sqlite import SqliteFrontier
from tests.newsnet.mirrored import Press, newsnet_of, project_of

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


@pytest.fixture(scope="module")
def press(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Seven publishers, each first host down in a way of its own, crawled once."""
    folder = tmp_path_factory.mktemp("press")
    hosts = {f"gazette{n}": (f"www.gazette-{n}.example", f"mirror-{n}.test") for n in range(1, len(WAYS) + 1)}
    project = project_of(folder / "project", **hosts)
    with newsnet_of(shared, PAGES * len(WAYS), gazettes=len(WAYS)) as net:
        for how, (host, mirror) in zip(WAYS, hosts.values(), strict=True):
            net.mirror(mirror, of=host)
            net.down(host, how)
        press = Press(net, project, folder / "archives")
        (folder / "urls.txt").write_text("\n".join(net.urls))
        crawled = press.scrapy("crawl", "news", "-a", f"urls={folder / 'urls.txt'}")
        assert crawled.returncode == 0, crawled.stderr
        yield press


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
    told = (
        "select e.at, e.kind, detail, c.record_id from events e left join captures c on c.id = capture_id "
        "where e.kind in ('host-up', 'host-down', 'seized') order by e.at, detail"
    )
    outcomes = "select record_id, outcome, article_id from captures order by record_id"
    before, were = press.rows(told), press.rows(outcomes)
    reindexed = press.scrapy("reindex")
    assert reindexed.returncode == 0, reindexed.stderr
    assert press.rows(told) == before
    assert press.rows(outcomes) == were
    assert press.rows("select count(*), sum(revisions) from articles") == [(PAGES * len(WAYS),) * 2]
    assert press.scrapy("verify").returncode == 0
