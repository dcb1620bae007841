"""Mirrors that a publisher's own pages name: shown, accepted, used, compared; and one article on all hosts is one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.newsnet.mirrored import Press, newsnet_of, project_of

OWN, NAMED, OTHER = "www.presstv.ir", "www.presstv.co.uk", "www.elsewhere.test"
WITHOUT = ("-a", f"site=https://{OWN}/", "-a", "definition=none", "-a", "sources=feed")
PUBLISHER = "presstv.ir"
"""As it is called without a definition."""


@pytest.fixture(scope="module")
def press(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Crawled without a definition: that the hosts belong together is to be learnt."""
    sys.path.insert(0, str(shared / "newsnet"))
    from newsnet import NewsNet

    server = NewsNet(shared / "newsnet/presstv").start()
    for url in [url for url in server.urls if OWN in url]:
        page = server._page(url)
        server.publish(url.replace(OWN, NAMED), page.html.replace(OWN.encode(), NAMED.encode()), page.published)
    server.publish(f"https://{OTHER}/", "<p>Another site</p>")
    press = Press(server, PROJECT, tmp_path_factory.mktemp("learning") / "archives")
    crawled = press.scrapy("crawl", "news", *WITHOUT)
    assert crawled.returncode == 0, crawled.stderr
    yield press
    server.stop()
    sys.path.remove(str(shared / "newsnet"))


def mirrors(press: Press, *options: str) -> Any:
    return press.scrapy("publisher", "mirrors", PUBLISHER, *options)


def states(press: Press) -> dict[str, str]:
    lines = mirrors(press, "--json").stdout.splitlines()
    return {row["host"]: row["state"] for row in map(json.loads, lines)}


def asked(press: Press, host: str) -> int:
    return sum(exchange.host == host for exchange in press.server.exchanges)


def test_a_host_that_the_pages_name_is_suggested_and_not_asked_for_anything(press: Press) -> None:
    own, *shown = mirrors(press).stdout.splitlines()
    assert own.split() == [OWN, "live"]
    assert [line.split()[:2] for line in shown] == [[NAMED, "suggested:"], ["www.presstv.tv", "suggested:"]]
    assert all(f"https://{OWN}/Detail/" in line for line in shown)
    assert asked(press, NAMED) == 0


def test_a_host_that_does_not_serve_the_articles_is_not_accepted(press: Press) -> None:
    tried = mirrors(press, "--accept", OTHER)
    assert tried.returncode == 1
    assert f"missing     https://{OTHER}/Detail/" in tried.stdout
    assert f"{OTHER} is not accepted: it does not serve the articles of {OWN}" in tried.stdout
    tried = mirrors(press, "--accept", "nowhere.test")
    assert tried.returncode == 1
    assert "nowhere.test is not accepted: no article could be had from it" in tried.stdout
    assert press.events("mirror-accepted") == {}


def test_what_waits_in_the_queue_is_left_to_a_crawl(press: Press) -> None:
    press.in_queue("update urls set state = 'queued', waiting = 0 where purpose in ('article', 'feed')")
    states = "select purpose, state, count(*) from urls where purpose in ('article', 'feed') group by 1, 2 order by 1"
    before = press.in_queue(states)
    tried = mirrors(press, "--accept", OTHER)
    assert "no request for" not in tried.stderr
    assert press.in_queue(states) == before != []


def test_a_host_that_is_refused_stays_so(press: Press) -> None:
    assert mirrors(press, "--refuse", "www.presstv.tv").returncode == 0
    assert states(press)["www.presstv.tv"] == "refused"
    assert asked(press, "www.presstv.tv") == 0


def test_an_accepted_mirror_is_used_from_then_on_also_when_index_and_frontier_were_lost(press: Press) -> None:
    press.server.down(OWN, "seized")  # when one wants another: what is on record says what its articles are
    accepted = mirrors(press, "--accept", f"https://{NAMED}/")
    assert accepted.returncode == 0, accepted.stderr
    assert "3 articles compared: 3 same" in accepted.stdout
    detail = press.events("mirror-accepted")[NAMED]
    assert (detail["of"], len(detail["compared"])) == (OWN, 3)
    for lost in (press.archives / "news").glob("frontier.db*"):
        lost.unlink()
    assert press.scrapy("reindex").returncode == 0
    press.server.down(OWN, "refuse")
    crawled = press.scrapy("crawl", "news", *WITHOUT)
    press.server.down(OWN, None)
    assert "0 new, 0 revised, 4 unchanged" in crawled.stderr
    assert states(press) == {OWN: "down", NAMED: "live", "www.presstv.tv": "refused"}
    addresses = press.rows(
        "select publisher_id, revisions, count(*) from articles join article_urls on article_id = id group by id"
    )
    assert addresses == [(PUBLISHER, 1, 2)] * 4


def test_a_mirror_that_differs_in_one_number_is_found_and_put_on_record(press: Press) -> None:
    """After the one before: it has accepted the mirror."""
    url = next(url for url in press.server.urls if NAMED in url and "Observatory" in url)
    press.server.edit(url, "3.4 metres", "3.9 metres")
    checked = press.scrapy("mirrors", "check", PUBLISHER, "--json")
    assert checked.returncode == 1, checked.stderr
    found = {row["url"]: row for row in map(json.loads, checked.stdout.splitlines())}
    assert sorted(row["finding"] for row in found.values()) == ["differs", "same", "same", "same"]
    differences = {each["field"]: each for each in found[url]["differences"]}
    assert set(differences) == {"text", "numbers"}
    assert (differences["numbers"]["here"], differences["numbers"]["there"]) == (["3.4"], ["3.9"])
    ((article_id, detail, address),) = press.rows(
        "select e.article_id, detail, c.url from events e join captures c on c.id = e.capture_id "
        "where e.kind = 'mirror-differs'"
    )
    assert address == url
    assert article_id == found[url]["article_id"]
    assert json.loads(detail)["differences"] == found[url]["differences"]
    assert press.rows("select max(revisions) from articles") == [(1,)]


def test_one_article_on_three_hosts_is_one_and_has_one_revision(shared: Path, tmp_path: Path) -> None:
    hosts = ("www.gazette-1.example", "mirror-1.test", "copy-1.test")
    project = project_of(tmp_path / "project", gazette1=hosts)
    with newsnet_of(shared, 12, gazettes=1) as net:
        for mirror in hosts[1:]:
            net.mirror(mirror, of=hosts[0], rewrite=mirror == "mirror-1.test")
        press = Press(net, project, tmp_path / "archives")
        (tmp_path / "urls.txt").write_text("\n".join(url.replace(hosts[0], host) for url in net.urls for host in hosts))
        crawled = press.scrapy("crawl", "news", "-a", f"urls={tmp_path / 'urls.txt'}")
    assert crawled.returncode == 0, crawled.stderr
    assert press.rows("select count(*), sum(revisions) from articles") == [(12, 12)]
    assert press.rows("select host, count(*) from article_urls group by host order by host") == [
        (host, 12) for host in sorted(hosts)
    ]
