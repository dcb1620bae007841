"""The main job on a small publisher of our own, on loopback."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from crawler.warc.reader import payload, read, records
from tests.collection.test_reindex import contents
from tests.conftest import PROJECT, Scrapy, clean_environment, scrapy_command
from tests.gazette import Gazette, write_exact_log
from tests.site.parts import Part, Pause, Request, always, page
from tests.site.server import Site

Crawl = Callable[..., subprocess.CompletedProcess[str]]
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def gazette() -> Gazette:
    return Gazette()


@pytest.fixture
def site(gazette: Gazette) -> Iterator[Site]:
    with gazette.served() as site:
        yield site


@pytest.fixture
def crawl(scrapy: Scrapy, site: Site) -> Crawl:
    """Crawls the gazette once more; fails the test unless the crawl says that all went well."""

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        given = [part for argument in arguments for part in ("-a", argument)]
        done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", *given)
        assert done.returncode == code, done.stderr
        return done

    return run


@pytest.fixture
def rows(archives: Path) -> Ask:
    def ask(query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{archives}/news/index.db?mode=ro", uri=True)) as index:
            return index.execute(query, parameters).fetchall()

    return ask


def paths_of(rows: Ask, query: str) -> set[str]:
    return {"/" + url.split("/", 3)[3] for (url,) in rows(query)}


def test_a_page_that_did_not_change_costs_a_revisit_record(
    crawl: Crawl, rows: Ask, gazette: Gazette, archives: Path
) -> None:
    for story in gazette.stories:
        story.asides = [f"<p>{os.urandom(5000).hex()}</p>"]
    crawl()
    done = crawl("recheck=now")
    assert "articles: 0 new, 0 revised, 4 unchanged" in done.stderr.splitlines()[-1]
    query = (
        "select record_id, warc, offset, length, refers_to from captures where kind = 'revisit' and purpose = 'article'"
    )
    revisits = rows(query)
    assert len(revisits) == 4
    for record_id, warc, offset, length, refers_to in revisits:
        group = list(islice(records(archives / "news/archive" / warc, offset), 3))
        assert (group[0].record_id, group[0].type) == (record_id, "revisit")
        assert sum(record.length for record in group) < 2000 > length
        assert rows("select kind from captures where record_id = ?", refers_to) == [("response",)]


def test_what_has_validators_is_asked_for_only_if_it_changed(
    crawl: Crawl, rows: Ask, site: Site, gazette: Gazette
) -> None:
    gazette.has_validators = True
    crawl()
    gazette.stories[0].edited = "The council postponed the vote, and nobody could say until when it would be put off."
    done = crawl("recheck=now")
    assert "articles: 0 new, 1 revised, 3 unchanged" in done.stderr.splitlines()[-1]
    statuses = rows("select status, count(*) from captures where purpose = 'article' group by 1 order by 1")
    assert statuses == [(200, 5), (304, 3)]
    done = crawl("recheck=now")
    assert "articles: 0 new, 0 revised, 4 unchanged" in done.stderr.splitlines()[-1]
    assert site.logged(site.url(gazette.stories[0].path))[-1].response.startswith(b"HTTP/1.1 304")
    assert rows("select count(*) from revisions") == [(5,)]


def test_a_listing_that_did_not_change_is_read_from_the_record(
    crawl: Crawl, rows: Ask, site: Site, gazette: Gazette
) -> None:
    """Its articles may have been left out for their dates the last time."""
    gazette.has_validators = True
    crawl("until=2024-03-11")
    assert rows("select count(*) from articles") < [(4,)]
    crawl()
    for path in ("/", "/feed.xml", "/sitemap.xml"):
        assert site.logged(site.url(path))[-1].response.startswith(b"HTTP/1.1 304"), path
    assert rows("select count(*) from articles") == [(4,)]


def test_a_listing_whose_record_is_lost_is_asked_for_outright(
    crawl: Crawl, rows: Ask, gazette: Gazette, archives: Path
) -> None:
    gazette.has_validators = True
    crawl("until=2024-03-11")
    for path in (archives / "news/archive").glob("*.warc.gz"):
        path.unlink()
    done = crawl()
    assert "asked for again, since what is on record of it is lost" in done.stderr
    assert rows("select count(*) from articles") == [(4,)]


def test_verify_finds_a_crawl_sound_and_names_what_is_damaged_later(
    crawl: Crawl, scrapy: Scrapy, archives: Path
) -> None:
    crawl()
    crawl("recheck=now")
    done = scrapy("verify")
    assert (done.returncode, done.stderr) == (0, "")
    summary, head = done.stdout.splitlines()
    assert summary.endswith(": no faults")
    assert scrapy("verify", "--head", head.removeprefix("head ")).returncode == 0
    warc = min((archives / "news/archive").glob("*.warc.gz"))
    warc.write_bytes(warc.read_bytes()[:-1])
    damaged = scrapy("verify", "--json")
    *faults, counted = map(json.loads, damaged.stdout.splitlines())
    assert damaged.returncode == 1
    assert {"member", "sealed-sha256"} <= {fault["rule"] for fault in faults}
    assert all(fault["where"] and fault["what"] for fault in faults)
    assert counted["faults"] == len(faults)
    assert "put copies in their place" in scrapy("verify").stdout


def test_verify_says_that_reindex_mends_the_index(crawl: Crawl, scrapy: Scrapy, archives: Path) -> None:
    crawl()
    with closing(connect(archives / "news/index.db")) as db, db:
        db.execute("UPDATE captures SET status = 201 WHERE id = 1")
    said = scrapy("verify").stdout
    assert "scrapy reindex mends" in said
    assert "put copies" not in said
    scrapy("reindex")
    assert scrapy("verify").returncode == 0


def test_verify_says_what_it_cannot_check(scrapy: Scrapy) -> None:
    assert "index.db is not there; run a crawl first" in scrapy("verify").stderr
    refused = scrapy("verify", "--head", "abc")
    assert (refused.returncode, refused.stderr) == (
        3,
        "ofrecord: --head abc is no head hash; it has 64 digits, as scrapy verify prints it\n",
    )


def test_an_exported_warc_conforms(shared: Path, crawl: Crawl, scrapy: Scrapy, tmp_path: Path) -> None:
    crawl()
    crawl("recheck=now")
    path = tmp_path / "ofrecord-20240311090000000-00000-1~test.warc.gz"
    done = scrapy("export", "--format", "warc", "-o", str(path))
    assert done.returncode == 0, done.stderr
    # The warcinfo records of the files it was taken from keep the names of those.
    options = ["--strict", "--closed", "--payload-basis", "entity", "--skip", "warcinfo-filename"]
    command = [sys.executable, str(shared / "tools/warc_conform.py"), str(path), *options]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not [line for line in checked.stdout.splitlines() if line.startswith("FAIL")], checked.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["-o", "a.wacz"], 2, "give a format and a file, for example: scrapy export --format wacz -o news.wacz"),
        (["--format", "evidence", "-o", "a.zip"], 3, "evidence is of one article; give --article"),
        (["--format", "warc", "-o", "a.txt"], 3, "a.txt does not end with .warc.gz"),
        (["--format", "wacz", "--article", "x/y", "-o", "a.wacz"], 3, "there is no article x/y; scrapy search finds"),
        (["--format", "wacz", "-o", "/no/such/folder/a.wacz"], 5, "cannot be written"),
    ],
)
def test_an_export_that_cannot_be_made_is_refused(
    crawl: Crawl, scrapy: Scrapy, arguments: list[str], code: int, says: str
) -> None:
    crawl("limit=1")
    done = scrapy("export", *arguments)
    assert says in done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_head_that_never_was_is_told_from_damage(crawl: Crawl, scrapy: Scrapy) -> None:
    crawl("limit=1")
    done = scrapy("verify", "--head", "0" * 64)
    assert done.returncode == 1
    assert "either that hash is of another collection, or all was made anew since" in done.stdout
    assert "put copies in their place" not in done.stdout


def test_an_imported_file_that_was_moved_is_told_from_damage(crawl: Crawl, scrapy: Scrapy, tmp_path: Path) -> None:
    crawl("limit=1")
    slice_, moved = tmp_path / "slice.warc.gz", tmp_path / "moved.warc.gz"
    scrapy("export", "--format", "warc", "-o", str(slice_))
    scrapy("reindex", str(slice_), "-s", "COLLECTION=other")
    slice_.rename(moved)
    done = scrapy("verify", "-s", "COLLECTION=other")
    assert f"{slice_}  cannot be read: No such file or directory" in done.stdout
    assert "put it back, or index it with scrapy reindex FILE where it is now" in done.stdout
    assert "put copies in their place" not in done.stdout


def test_what_is_forgotten_is_neither_found_nor_fetched_again(
    crawl: Crawl, scrapy: Scrapy, site: Site, gazette: Gazette, archives: Path, rows: Ask
) -> None:
    crawl()
    url, asked, today = site.url(gazette.stories[1].path), len(site.log), datetime.now(UTC).date()
    done = scrapy("forget", url, "--reason", "a court")
    assert (done.returncode, done.stderr) == (0, "")
    first, named, *listings = done.stdout.splitlines()
    assert first.endswith("is forgotten: 1 capture out of 1 WARC file")
    assert named == "Still named in 3 listings, which --with-listings would have taken out:"
    assert {line.split()[0] for line in listings} == {site.url(path) for path in ("/", "/feed.xml", "/sitemap.xml")}
    assert scrapy("search", "number 2").returncode == 1
    assert scrapy("show", url).returncode == 1
    assert f"{url} was taken down on {today}: a court" in scrapy("show", url).stderr
    again = scrapy("forget", url, "--reason", "a court")
    assert (again.returncode, again.stderr) == (3, f"ofrecord: {url} was taken down on {today}: a court\n")
    assert scrapy("verify").returncode == 0
    crawl("recheck=now")
    scrapy("crawl", "news", "-a", f"urls={url}")
    assert url not in {entry.url for entry in site.log[asked:]}
    assert rows("select count(*) from articles") == [(3,)]
    assert url.encode() not in (archives / "news/frontier.db").read_bytes()


def test_forget_says_what_it_needs(crawl: Crawl, scrapy: Scrapy) -> None:
    crawl("limit=1")
    assert 'scrapy forget ARTICLE --reason "court order of 3 May"' in scrapy("forget", "x/y").stderr
    refused = scrapy("forget", "x/y", "--reason", "a court")
    assert (refused.returncode, refused.stderr) == (
        3,
        "ofrecord: there is no article x/y; scrapy search finds its id\n",
    )


def test_reindex_makes_the_index_of_several_crawls_again(
    crawl: Crawl, scrapy: Scrapy, gazette: Gazette, archives: Path
) -> None:
    gazette.has_validators = True
    crawl()
    gazette.stories[0].edited = "The council postponed the vote, and nobody could say until when it would be put off."
    gazette.stories[1].status = "410 Gone"
    crawl("recheck=now")
    before = contents(archives / "news")
    (archives / "news/index.db").unlink()
    done = scrapy("reindex")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("4 articles in 5 revisions, from 1")
    assert contents(archives / "news") == before
    assert scrapy("verify").returncode == 0


def test_reindex_without_a_file_that_the_manifest_names_is_for_who_asks(
    crawl: Crawl, scrapy: Scrapy, rows: Ask, archives: Path
) -> None:
    crawl("limit=1")
    crawl("recheck=now")
    before = contents(archives / "news")
    lost = max((archives / "news/archive").glob("*.warc.gz"))
    lost.unlink()
    done = scrapy("reindex")
    named, reason = done.stderr.splitlines()
    assert named.startswith(f"left out: {lost} is not there")
    assert reason.startswith(f"ofrecord: {archives}/news/index.db stays as it was")
    assert (done.returncode, done.stdout) == (1, "")
    assert contents(archives / "news") == before
    rest = scrapy("reindex", "--incomplete")
    assert (rest.returncode, rest.stderr) == (0, f"{named}\n")
    assert rows("select count(*) from captures where warc = '" + lost.name + "'") == [(0,)]
    assert scrapy("reindex", "--incomplete", "x.warc.gz").returncode == 2


def test_reindex_says_what_it_cannot_read(scrapy: Scrapy) -> None:
    done = scrapy("reindex")
    assert "has no folder archive/ with WARC files; give another with -s ARCHIVES_DIR=" in done.stderr
    assert done.returncode == 5


def test_all_stories_are_archived_and_indexed(crawl: Crawl, rows: Ask, gazette: Gazette, archives: Path) -> None:
    done = crawl()
    assert paths_of(rows, "select url from articles") == {story.path for story in gazette.stories}
    assert "articles: 4 new" in done.stderr.splitlines()[-1]
    for url, warc, offset in rows("select url, warc, offset from latest"):
        record = read(archives / "news", warc, offset)
        assert record.url == url
        assert b"rebuild bridge" in payload(record)


def test_the_record_is_byte_for_byte_what_crossed_the_wire(
    shared: Path, crawl: Crawl, site: Site, archives: Path, tmp_path: Path
) -> None:
    crawl()
    write_exact_log(site, tmp_path / "exact.jsonl")
    files = [str(path) for path in (archives / "news/archive").glob("*.warc.gz")]
    options = ["--strict", "--closed", "--payload-basis", "entity", "--expect-exact-log", str(tmp_path / "exact.jsonl")]
    command = [sys.executable, str(shared / "tools/warc_conform.py"), *files, *options]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, [line for line in checked.stdout.splitlines() if line.startswith("FAIL")]


def test_every_row_of_captures_opens_its_record(crawl: Crawl, rows: Ask, archives: Path) -> None:
    crawl()
    captures = rows("select record_id, url, warc, offset, length, payload_digest from captures")
    assert len(captures) == 9
    for record_id, url, warc, offset, length, digest in captures:
        record = read(archives / "news", warc, offset)
        assert (record.record_id, record.url, record.length) == (record_id, url, length)
        assert record.header("WARC-Payload-Digest") == digest


def test_the_same_page_again_makes_no_revision_and_an_edit_makes_one(crawl: Crawl, rows: Ask, gazette: Gazette) -> None:
    crawl()
    gazette.stories[0].edited = "The council postponed the vote, and nobody could say until when it would be put off."
    gazette.stories[1].asides = ["<p>Advertisement: buy more soap today than you did yesterday!</p>"]
    crawl("recheck=now")
    revised = rows("select article_id, number, changed from revisions order by article_id, number")
    assert len(revised) == 5
    ((url, _),) = rows("select url, outcome from captures where outcome = 'revised'")
    assert url.endswith(gazette.stories[0].path)
    ((changed,),) = rows("select changed from revisions where number = 2")
    assert json.loads(changed) == ["text"]
    assert rows("select count(*) from captures where outcome = 'unchanged'") == [(3,)]


def test_a_second_run_fetches_no_article_again(crawl: Crawl, site: Site, gazette: Gazette) -> None:
    crawl()
    before = len(site.log)
    crawl()
    again = {entry.url for entry in site.log[before:]}
    assert again
    assert not again & {site.url(story.path) for story in gazette.stories}


def test_a_limit_is_the_number_of_articles_and_the_next_run_goes_on(crawl: Crawl, rows: Ask) -> None:
    crawl("limit=2")
    assert rows("select count(*) from articles") == [(2,)]
    crawl()
    assert rows("select count(*) from articles") == [(4,)]


def test_dates_bound_what_is_fetched(crawl: Crawl, rows: Ask) -> None:
    crawl("since=2024-03-13", "until=2024-03-14")
    held = {day for (day,) in rows("select substr(published_at, 1, 10) from articles")}
    assert {"2024-03-13", "2024-03-14"} <= held
    assert "2024-03-11" not in held


def test_dated_sitemaps_are_read_newest_first_and_those_of_other_years_not_at_all(scrapy: Scrapy) -> None:
    """An index names them, oldest first and without a lastmod."""
    names = [f"/articles-{month}.xml" for month in ("2019-05", "2024-02", "2024-03", "2025-01")]
    xml = "Content-Type: application/xml"

    def index(request: Request) -> list[Part]:
        named = "".join(f"<sitemap><loc>http://{request.header('host')}{name}</loc></sitemap>" for name in names)
        return [page(f"<sitemapindex>{named}</sitemapindex>".encode(), xml)]

    empty = always(page(b"<urlset></urlset>", xml))
    gazette = Gazette(1, {"/index.xml": index, **dict.fromkeys(names, empty)})
    gazette.robots = "User-agent: *\nSitemap: {base}/index.xml\n"
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-a", "since=2024-03-01", "-a", "until=2024-03-31")
        asked = [entry.url.removeprefix(site.url("")) for entry in site.log]
    assert [path for path in asked if path in names] == ["/articles-2024-03.xml", "/articles-2024-02.xml"]


def test_links_of_a_feed_to_other_hosts_are_refused(crawl: Crawl, gazette: Gazette, rows: Ask) -> None:
    gazette.more_links.append("http://127.0.0.2:9/2024/03/14/5000/a-story-on-a-foreign-host-entirely")
    crawl()
    assert rows("select count(*) from captures where host = '127.0.0.2'") == [(0,)]


def test_robots_txt_is_obeyed(crawl: Crawl, gazette: Gazette, site: Site) -> None:
    gazette.robots = "User-agent: *\nDisallow: /2024/03/12/\n"
    crawl()
    assert site.logged(site.url(gazette.stories[0].path))
    assert not site.logged(site.url(gazette.stories[1].path))


def test_nothing_is_fetched_while_robots_txt_cannot_be_had(crawl: Crawl, gazette: Gazette, site: Site) -> None:
    gazette.robots_status = "503 Service Unavailable"
    crawl(code=4)
    assert {entry.url for entry in site.log} == {site.url("/robots.txt")}


def test_a_page_that_is_gone_is_noted_and_no_fault_of_the_crawl(crawl: Crawl, gazette: Gazette, rows: Ask) -> None:
    gazette.stories[0].status = "410 Gone"
    crawl()
    assert paths_of(rows, "select url from captures where outcome = 'gone'") == {gazette.stories[0].path}
    assert rows("select count(*) from articles") == [(3,)]


def test_a_redirect_is_on_record_and_leads_to_the_article(crawl: Crawl, gazette: Gazette, rows: Ask) -> None:
    moved = gazette.stories[0]
    moved.status, moved.headers = "301 Moved Permanently", (f"Location: {gazette.stories[1].path}",)
    crawl()
    assert rows("select status, outcome from captures where url like ?", f"%{moved.path}") == [(301, None)]
    assert rows("select count(*) from articles") == [(3,)]


def test_an_article_is_found_by_the_address_that_redirected_to_it(scrapy: Scrapy, gazette: Gazette) -> None:
    moved, target = gazette.stories[:2]
    moved.status, moved.headers = "301 Moved Permanently", (f"Location: {target.path}",)
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"urls={site.url(moved.path)}")
    shown = scrapy("show", site.url(moved.path))
    assert shown.returncode == 0, shown.stderr
    assert target.headline in shown.stdout


def test_a_supposed_section_that_leads_to_an_article_is_one(scrapy: Scrapy, gazette: Gazette, rows: Ask) -> None:
    path = gazette.stories[0].path
    gazette.routes = {
        "/": lambda request: [page(b"<title>Gazette</title><a href=/news/1042>The bridge</a>")],
        "/news/1042": lambda request: [page(b"", f"Location: {path}", status="301 Moved Permanently")],
    }
    with gazette.served() as site:
        done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-a", "sources=section")
    assert done.returncode == 0, done.stderr
    assert paths_of(rows, "select url from articles") == {path}
    captured = rows("select substr(via, -10), purpose, outcome from captures where url like ?", f"%{path}")
    assert captured == [("/news/1042", "article", "new")]


def test_a_feed_export_gives_the_articles_as_json_lines(scrapy: Scrapy, site: Site, tmp_path: Path) -> None:
    done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-O", str(tmp_path / "articles.jsonl"))
    assert done.returncode == 0, done.stderr
    articles = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    assert len(articles) == 4
    assert {article["published"] for article in articles} == {f"2024-03-{day}T08:30:00+00:00" for day in range(11, 15)}
    assert all(article["id"].startswith("127.0.0.1/") and article["blocks"] for article in articles)


def test_a_full_disk_ends_the_crawl_and_damages_nothing(
    site: Site, gazette: Gazette, archives: Path, crawl: Crawl, rows: Ask
) -> None:
    for story in gazette.stories:
        story.asides = [f"<p>{os.urandom(1_000_000).hex()}</p>"]  # about 1 MB each, compressed
    process = started(site, archives, delay="0", largest_file=3_000_000)
    said = process.communicate(timeout=60)[1].decode().splitlines()[-1]
    assert process.returncode == 6, said
    assert "no room for" in said
    crawl()
    assert rows("select count(*) from articles") == [(4,)]
    assert rows("select count(*) from captures where outcome = 'pending'") == [(0,)]


def test_a_crawl_does_not_fill_the_disk_to_the_brim(crawl: Crawl, scrapy: Scrapy, site: Site, rows: Ask) -> None:
    done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-s", f"MIN_FREE_BYTES={10**18}")
    assert done.returncode == 6
    assert "must be (setting MIN_FREE_BYTES); make some" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    crawl()
    assert rows("select count(*) from articles") == [(4,)]


def test_the_contact_is_told_to_every_site_and_missed_where_it_is_not_set(
    scrapy: Scrapy, site: Site, crawl: Crawl
) -> None:
    assert "CONTACT is not set" in crawl().stderr
    done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-s", "CONTACT=desk@gazette.example")
    assert "CONTACT" not in done.stderr
    assert b"(news archive; +desk@gazette.example)" in site.log[-1].request


def test_ctrl_c_leaves_nothing_broken(site: Site, gazette: Gazette, archives: Path, crawl: Crawl, rows: Ask) -> None:
    process = started(site, archives, delay="1")
    wait_for(lambda: any(site.logged(site.url(story.path)) for story in gazette.stories))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130
    assert "interrupted: finishing what is under way; Ctrl-C again stops at once\n" in said
    assert said.splitlines()[-1].startswith("interrupted, run again to go on: ")
    assert not list((archives / "news/archive").glob("*.open"))
    crawl()
    assert rows("select count(*) from articles") == [(4,)]


def test_ctrl_c_twice_stops_at_once_and_loses_nothing(
    site: Site, gazette: Gazette, archives: Path, crawl: Crawl, rows: Ask
) -> None:
    hanging = gazette.stories[2]
    hanging.before = [Pause(600)]
    process = started(site, archives, delay="0")
    wait_for(lambda: bool(site.logged(site.url(hanging.path))))
    process.send_signal(signal.SIGINT)
    time.sleep(1.5)  # the first is heard, and waits for the page that hangs
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)[1].decode()
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("interrupted, run again to go on: ")
    assert rows("select finish_reason from crawls where finished_at is not null") == [("shutdown",)]
    hanging.before = []
    crawl()
    assert rows("select count(*) from articles") == [(4,)]


def test_pages_that_the_site_refuses_are_counted_and_those_asked_for_by_name_are_named(
    scrapy: Scrapy, site: Site, gazette: Gazette, tmp_path: Path
) -> None:
    gone, there = gazette.stories[:2]
    gone.status = "410 Gone"
    asked = tmp_path / "urls.txt"
    asked.write_text(f"{site.url(gone.path)}\n{site.url(there.path)}\n")
    done = scrapy("crawl", "news", "-a", f"urls={asked}")
    assert f"WARNING not given: {site.url(gone.path)} answered 410 Gone" in done.stderr
    assert "articles: 1 new, 0 revised, 0 unchanged, 1 answered with an error; in " in done.stderr.splitlines()[-1]
    assert done.returncode == 0


def test_pages_asked_for_by_name_that_may_not_be_fetched_are_named(
    scrapy: Scrapy, site: Site, gazette: Gazette, tmp_path: Path
) -> None:
    forbidden, there = gazette.stories[:2]
    gazette.robots = f"User-agent: *\nDisallow: {forbidden.path}\n"
    asked, silent = tmp_path / "urls.txt", "http://127.0.0.1:1/a-story"
    asked.write_text(f"{site.url(forbidden.path)}\n{site.url(there.path)}\n{silent}\n")
    done = scrapy("crawl", "news", "-a", f"urls={asked}", "-s", "RETRY_TIMES=0")
    assert f"WARNING not fetched: {site.url(forbidden.path)}: robots.txt forbids it" in done.stderr
    assert f"WARNING not fetched: {silent}: robots.txt cannot be had" in done.stderr
    assert "articles: 1 new, 0 revised, 0 unchanged, 2 failed, " in done.stderr.splitlines()[-1]


def test_a_site_that_refuses_every_page_is_no_success(scrapy: Scrapy) -> None:
    refused = always(page(b"Go away", status="403 Forbidden"))
    with Site({"/": refused, "/robots.txt": always(page(b"", "Content-Type: text/plain"))}) as site:
        done = scrapy("crawl", "news", "-a", f"site={site.url('/')}")
        assert done.returncode == 4
        why = f"{site.url('/')} answered 403 Forbidden"
        assert done.stderr.splitlines()[-1] == f"ofrecord: nothing could be fetched: {why}; see to that, then run again"


def test_listings_that_were_only_guessed_at_are_passed_over_in_silence(scrapy: Scrapy, gazette: Gazette) -> None:
    """Sites that answer every address with a page of theirs."""
    not_found = always(page(b"<!doctype html><title>Gazette</title><p>Nothing is here."))
    gazette.robots = "User-agent: *\nDisallow:\n"
    gazette.routes = dict.fromkeys(("/sitemap_index.xml", "/news-sitemap.xml", "/rss", "/feed/"), not_found)
    with gazette.served() as site:
        done = scrapy("crawl", "news", "-a", f"site={site.url('/')}", "-s", "CONTACT=desk@gazette.example")
    assert "articles: 4 new, 0 revised, 0 unchanged; in " in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


def started(site: Site, archives: Path, *, delay: str, largest_file: int = 0) -> subprocess.Popen[bytes]:
    """A crawl under way; its files cannot grow beyond ``largest_file`` bytes, as on a full disk."""

    def limit() -> None:
        if largest_file:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    settings = {
        "OFRECORD_ARCHIVES_DIR": str(archives),
        "OFRECORD_DOWNLOAD_DELAY": delay,
        "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
    }
    return subprocess.Popen(
        scrapy_command(["crawl", "news", "-a", f"site={site.url('/')}"]),
        cwd=PROJECT,
        env=clean_environment(settings),
        stderr=subprocess.PIPE,
        preexec_fn=limit,
    )


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_old_listings_go_before_a_crawl_and_when_asked(crawl: Crawl, scrapy: Scrapy, rows: Ask, archives: Path) -> None:
    """All that was captured is taken for older by two days."""
    crawl()
    assert "KEEP_DISCOVERY_DAYS is 0: all is kept" in scrapy("expire").stderr
    crawl("recheck=now")
    listings = "select count(*) from captures where purpose in ('feed', 'sitemap', 'section')"
    ((before,),) = rows(listings)
    done = scrapy("expire", "-s", "KEEP_DISCOVERY_DAYS=1")
    assert (done.returncode, done.stdout) == (0, "no old captures out of no WARC files\n")
    assert rows(listings) == [(before,)]
