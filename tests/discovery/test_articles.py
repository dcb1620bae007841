import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.articles import THRESHOLD, article_likeness, is_article
from crawler.items import Hints, Link
from crawler.publishers.base import Publisher
from tests.discovery.gazette import NEWSNET, saved

ARTICLES = [
    "/2022/01/05/10017/bridge-opens",
    "/2022/01/05/10017/story",
    "/2022/01/05/10017/about",
    "/2022/01/05/10017/login",
    "/2022/01/bridge-opens/",
    "/bridge-over-the-river-opens-after-ten-years",
    "/news/politics/bridge-opens-1234567",
    "/news/76785",
    "/news/article.php?storyid=504",
    "/?p=5031",
    "/artikel/bridge-opens.html",
    "/story/5f2a9c7e-1b2c-4d5e-8f90-123456789abc",
    "/articles/AST1F4445T1FUTIL02SM.html",
    "/world/2019/nov/18/bridge",
    "/%D9%BE%D9%84-%D8%AA%D8%A7%D8%B2%D9%87-%D8%A8%D8%A7%D8%B2-%D8%B4%D8%AF-%D8%A7%D9%85%D8%B1%D9%88%D8%B2",
]


def likeness(path: str, text: str | None = None) -> float:
    return article_likeness(f"https://www.gazette.example{path}", text).score


@pytest.mark.parametrize("path", ARTICLES)
def test_articles_are_told_by_their_address(path: str) -> None:
    assert likeness(path) >= THRESHOLD


@pytest.mark.parametrize("path", saved("no-articles.txt").decode().split())
def test_what_is_no_article_is_told_by_its_address(path: str) -> None:
    assert likeness(path) < THRESHOLD


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/2022/01/05/101/bridge-opens", "date in path"),
        ("/bridge-over-the-river-opens-again", "long slug"),
        ("/news/1234567", "number id"),
        ("/politics/europe", "section-like path"),
        ("/bridge.jpg", "media file"),
        ("/tag/bridges", "tag or author page"),
        ("/account/login", "login or subscription"),
        ("/2022/01/05/", "date archive"),
        ("/", "front page"),
        ("/?s=bridge", "search"),
        ("/privacy-policy", "service page"),
        ("/news/page/2", "page of a list"),
    ],
)
def test_reasons_can_be_read(path: str, reason: str) -> None:
    assert reason in article_likeness(f"https://www.gazette.example{path}").reasons


def test_a_headline_makes_a_short_address_an_article() -> None:
    assert likeness("/bridge", "The new bridge over the river is open today") > likeness("/bridge")


def test_the_name_of_a_section_as_text_speaks_against_it() -> None:
    assert likeness("/river-towns", "River towns") < THRESHOLD <= likeness("/river-towns")


def test_what_a_feed_lists_is_an_article_unless_its_address_forbids() -> None:
    hints = Hints("feed", title="Bridge")
    assert is_article(Link("https://www.gazette.example/bridge", "Bridge", hints))
    assert not is_article(Link("https://www.gazette.example/bridge.mp3", "Bridge", hints))


PATTERNED = Publisher(
    id="gazette",
    name="The Gazette",
    domains=("www.gazette.example",),
    article_patterns=(r"^/detail\.aspx\?id=(?P<id>\d+)", r"^/news/"),
    not_article_patterns=(r"^/news/live/",),
)


@pytest.mark.parametrize(
    ("path", "score"),
    [
        ("/detail.aspx?id=5", 1.0),
        ("/news/x", 1.0),
        ("/news/live/x", 0.0),
        ("/2022/01/05/a-long-slug-of-many-words", 0.1),
    ],
)
def test_the_publishers_patterns_come_first(path: str, score: float) -> None:
    assert article_likeness(f"https://www.gazette.example{path}", publisher=PATTERNED).score == score


def test_patterns_say_nothing_of_other_hosts() -> None:
    url = "https://blog.elsewhere.example/2022/01/05/a-long-slug-of-many-words"
    assert article_likeness(url, publisher=PATTERNED).is_article


@settings(deadline=None)
@given(st.text() | st.text("/-_.?=&%0123456789aé").map("https://www.gazette.example/".__add__), st.none() | st.text())
def test_any_address_has_a_score_between_0_and_1(url: str, text: str | None) -> None:
    assert 0 <= article_likeness(url, text).score <= 1


@pytest.mark.newsnet
@pytest.mark.skipif(not NEWSNET.is_dir(), reason=f"needs {NEWSNET}")
def test_97_of_100_real_articles_are_told_by_their_address() -> None:
    with (NEWSNET / "pages" / "manifest.jsonl").open(encoding="utf-8") as lines:
        urls = [json.loads(line)["url"].strip() for line in lines]
    missed = [url for url in urls if not article_likeness(url).is_article]
    assert len(missed) / len(urls) <= 0.03, missed
