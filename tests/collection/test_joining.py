"""Articles of several pages: one article, one revision, every page on record, and the same again from the WARCs."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.collection import Collection
from crawler.collection.joining import joined, next_page
from crawler.collection.pages import ReadPage
from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from crawler.items import Article, Block, Capture, Embed, Image, Notes
from crawler.publishers.base import Publisher
from tests.collection.test_collection import INFO, LIMITS, NOW, exchange
from tests.collection.test_reindex import contents
from tests.conftest import clean_environment, project_with, scrapy_command
from tests.gazette import Gazette
from tests.index.pages import capture
from tests.site.parts import Part, Pause, Request, page
from tests.site.server import Site

GAZETTE = Publisher("gazette", "The Gazette", ("www.gazette.example",), join_pages=True)
URL = "https://www.gazette.example/2026/01/05/harbour-wall-breached"


def read(number: int, *texts: str, following: int | None = None, **given: Any) -> ReadPage:
    url = URL if number == 1 else f"{URL}?page={number}"
    article = Article(
        url,
        headline="Harbour wall breached",
        blocks=tuple(Block("paragraph", text) for text in texts),
        form="multi-page",
        page=number,
        next_page=f"{URL}?page={following}" if following else None,
        article_score=1.0,
        **given,
    )
    return ReadPage(capture(number, url), GAZETTE, replace(article, text="\n\n".join(texts)), "")


def test_the_text_is_that_of_all_pages_in_order_without_what_each_repeats() -> None:
    whole = joined(
        [read(1, "Intro", "One", following=2), read(2, "Intro", "Two", following=3), read(3, "Intro", "Three")]
    )
    assert [block.text for block in whole.article.blocks] == ["Intro", "One", "Two", "Three"]
    assert whole.article.text == "Intro\n\nOne\n\nTwo\n\nThree"
    assert (whole.article.page, whole.article.pages, whole.article.next_page) == (1, 3, None)
    assert [each.url for each in whole.further] == [f"{URL}?page=2", f"{URL}?page=3"]
    assert whole.problems == ()


def test_images_and_embeds_are_those_of_all_pages_where_they_stand() -> None:
    image, video = (
        Image("https://www.gazette.example/wall.jpg"),
        Embed("video", "https://vimeo.com/1", "vimeo", before=1),
    )
    whole = joined([read(1, "One", following=2, images=(image,)), read(2, "Two", images=(image,), embeds=(video,))])
    assert whole.article.images == (image,)
    assert whole.article.embeds == (replace(video, before=2),)


def test_what_is_missing_is_marked_and_said_where() -> None:
    part = joined([read(1, "One", following=2)])
    assert (part.problems, part.article.problems) == (("pages",), ("pages",))
    assert (part.article.pages, part.article.next_page) == (2, f"{URL}?page=2")


def test_what_is_not_to_be_joined_has_no_next_page() -> None:
    first = read(1, "One", following=2)
    assert next_page([first]) == f"{URL}?page=2"
    assert next_page([replace(first, publisher=replace(GAZETTE, join_pages=False))]) is None
    assert next_page([replace(first, article=replace(first.article, article_score=0.1))]) is None
    assert next_page([read(2, "Two", following=3)]) is None
    assert next_page([first, read(2, "Two", following=2)]) is None


DEFINITION = """
from crawler.publishers.base import Publisher
PUBLISHER = Publisher(id="courier", name="Courier", domains=("127.0.0.1",), join_pages=True)
"""


class Paged(Gazette):
    """Its first story is on three pages."""

    def __init__(self) -> None:
        super().__init__(stories=2)
        self.broken: set[int] = set()
        """Pages that the site does not give."""
        self.waits: list[float] = []
        """Seconds before the second page comes, for each time that it is asked for."""
        self.routes = {self.stories[0].path: self._page}

    def _page(self, request: Request) -> Iterable[Part]:
        number = int(request.target.partition("?page=")[2] or 1)
        if number in self.broken:
            yield page(b"gone", status="410 Gone")
            return
        if self.waits and number == 2:
            yield Pause(self.waits.pop())
        text = f"Of the bridge as it was, part {number} of this story tells what is known of it."
        story = replace(self.stories[0], edited=text)
        link = f'<a rel=next href="{story.path}?page={number + 1}">2</a>' if number < 3 else ""
        yield page(story.html().replace("</article>", f"{link}</article>").encode())


@pytest.fixture
def gazette() -> Paged:
    return Paged()


@pytest.fixture
def site(gazette: Paged) -> Iterator[Site]:
    with gazette.served() as site:
        yield site


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return project_with(DEFINITION, tmp_path / "project")


SETTINGS = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True", "OFRECORD_DOWNLOAD_DELAY": "0"}


def scrapy(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        scrapy_command([*arguments, "-s", f"ARCHIVES_DIR={project}/archives"]),
        cwd=project,
        env=clean_environment(SETTINGS),
        capture_output=True,
        text=True,
        timeout=120,
    )


def crawl(project: Path, site: Site, *more: str) -> str:
    done = scrapy(project, "crawl", "news", "-a", f"site={site.url('/')}", *more)
    assert done.returncode == 0, done.stderr
    return done.stderr


def asked(project: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(project / "archives/news/index.db")) as index:
        return index.execute(query).fetchall()


def reindexed(project: Path) -> None:
    """Makes the index again and holds it against the one that the crawl wrote."""
    before = contents(project / "archives/news")
    done = scrapy(project, "reindex")
    assert done.returncode == 0, done.stderr
    after = contents(project / "archives/news")
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


def test_a_crawl_joins_the_pages_and_a_reindex_gives_the_same(project: Path, site: Site, gazette: Paged) -> None:
    assert "articles: 2 new" in crawl(project, site).splitlines()[-1]
    story = "select text, form, pages, next_page, number from revisions where form = 'multi-page'"
    ((text, _, pages, following, number),) = asked(project, story)
    assert [f"part {n} of" in text for n in (1, 2, 3)] == [True, True, True]
    assert text.count("town council voted") == 1
    assert (pages, following, number) == (3, None, 1)
    assert asked(project, "select count(*) from captures where page_of is not null and article_id is not null") == [
        (2,)
    ]
    assert asked(project, "select number from revision_pages") == [(2,), (3,)]
    assert verify(project / "archives/news", workers=1).faults == []
    reindexed(project)
    shown = json.loads(scrapy(project, "show", f"{site.url(gazette.stories[0].path)}?page=3", "--json").stdout)
    assert [each["url"].partition("?")[2] for each in shown["revision"]["further_pages"]] == ["page=2", "page=3"]
    assert "0 new, 0 revised, 2 unchanged" in crawl(project, site, "-a", "recheck=now").splitlines()[-1]
    assert asked(project, "select count(*) from revisions") == [(2,)]
    reindexed(project)


def test_a_page_that_cannot_be_had_leaves_what_there_is(project: Path, site: Site, gazette: Paged) -> None:
    gazette.broken = {3}
    said = crawl(project, site)
    assert "a page of an article is missing" in said
    ((text, pages, following),) = asked(
        project, "select text, pages, next_page from revisions where form = 'multi-page'"
    )
    assert ("part 2 of" in text, "part 3 of" in text, pages) == (True, False, 3)
    assert following.endswith("?page=3")
    reindexed(project)


def test_forgetting_the_article_takes_all_of_its_pages(project: Path, site: Site, gazette: Paged) -> None:
    crawl(project, site)
    ((article,),) = asked(project, "select id from articles where form = 'multi-page'")
    assert scrapy(project, "forget", article, "--reason", "a court").returncode == 0
    assert asked(project, "select count(*) from captures where url like '%page=%' or page_of is not null") == [(0,)]


def paged_exchange(number: int, collection: Collection, first: Capture | None, url: str) -> Capture:
    link = f'<a rel=next href="{url}?page={number + 1}">2</a>'
    text = f"<p>Of the bridge as it was, part {number} of this story tells all that is known of it.</p>" * 5
    address = url if number == 1 else f"{url}?page={number}"
    notes = Notes("article", "presstv", page_of=first.record_id if first else None)
    at = NOW + timedelta(minutes=number)
    return collection.record(exchange(address, text=text + (link if number < 3 else ""), at=at), notes).result(30)


def test_what_was_cut_off_is_left_for_the_next_capture_of_all_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.collection.articles.publisher_with_id", lambda *_: GAZETTE)
    folder = tmp_path / "news"
    collection = Collection(folder, info=INFO, limits=LIMITS)
    first = paged_exchange(1, collection, None, URL)
    paged_exchange(2, collection, first, URL)
    collection.close()  # as a kill leaves it: the first page is pending, its third page was never asked for
    collection = Collection(folder, info=INFO, limits=LIMITS)
    outcome = f"select outcome from captures where record_id = '{first.record_id}'"
    collection.index.submit(lambda db: None).result(30)
    with closing(sqlite3.connect(folder / "index.db")) as index:
        assert index.execute(outcome).fetchall() == [("failed",)]
        assert index.execute("select count(*) from articles").fetchall() == [(0,)]
    again = paged_exchange(1, collection, None, URL)
    for number in (2, 3):
        paged_exchange(number, collection, again, URL)
    collection.articles.store(collection.articles.read(again).result(30)).result(30)
    collection.close()
    before = contents(folder)
    reindex(folder, workers=1)
    assert contents(folder) == before
    with closing(sqlite3.connect(folder / "index.db")) as index:
        assert index.execute("select revisions, form from articles").fetchall() == [(1, "multi-page")]


def test_a_crawl_killed_between_pages_loses_nothing(project: Path, site: Site, gazette: Paged) -> None:
    gazette.waits = [60.0]
    arguments = ["crawl", "news", "-a", f"site={site.url('/')}", "-s", f"ARCHIVES_DIR={project}/archives"]
    killed = subprocess.Popen(
        scrapy_command(arguments), cwd=project, env=clean_environment(SETTINGS), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while gazette.waits and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(30) == -signal.SIGKILL
    crawl(project, site)
    assert asked(project, "select revisions, form from articles order by form") == [(1, "article"), (1, "multi-page")]
    assert asked(project, "select count(*) from captures where outcome = 'pending'") == [(0,)]
    assert asked(project, "select count(*) from events where kind = 'pages-cut-off'") == [(1,)]
    reindexed(project)
