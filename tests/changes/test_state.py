"""What one capture says of an article's being there."""

from __future__ import annotations

import pytest

from crawler.changes.state import is_emptied, says_it_is_gone, still_says, verdict_of_redirect, verdict_of_status
from crawler.items import Article, Block

HERE = "https://gazette.example/2024/03/council-votes"
NOTHING = Article(url=HERE)


@pytest.mark.parametrize(
    ("location", "verdict"),
    [
        ("/", "redirected-home"),
        ("https://www.gazette.example/index.html", "redirected-home"),
        ("/en/", "redirected-home"),
        ("https://other.example/", "redirected"),
        ("/2024/03/another", "redirected"),
        ("/?return=/2024/03/council-votes", "redirected"),
        ("http://www.gazette.example/2024/03/council-votes/", None),
        (None, None),
    ],
)
def test_where_a_redirect_leads_says_what_it_means(location: str | None, verdict: str | None) -> None:
    assert verdict_of_redirect(HERE, location, 301) == verdict
    for_now = f"{verdict}-for-now" if verdict == "redirected" else verdict
    assert verdict_of_redirect(HERE, location, 302) == for_now


def test_statuses_that_say_nothing_of_an_article_have_no_verdict() -> None:
    assert [verdict_of_status(status) for status in (200, 304, 429, 500, 503)] == [None] * 5


@pytest.mark.parametrize(
    "title",
    [
        "Page not found | Gazette",
        "Gazette - 404",
        "Error 404 (Not Found)!!1",
        "Oops! We can't find that page",
        "Artikel nicht gefunden – Zeitung",
        "Página no encontrada",
        "Страница не найдена",
        "页面不存在",
        "صفحه مورد نظر یافت نشد",
    ],
)
def test_a_title_says_that_there_is_nothing(title: str) -> None:
    assert says_it_is_gone(f"<html><title>{title}</title><p>Try our front page.", NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "This article has been removed at the request of the parties.",
        "We are sorry. The story you are looking for is no longer available.",
        "Dieser Artikel ist nicht mehr verfügbar.",
        "Cet article a été supprimé.",
        "Статья удалена.",
    ],
)
def test_the_text_under_a_headline_says_that_it_is_gone(text: str) -> None:
    assert says_it_is_gone("<title>Council votes</title>", Article(url=HERE, headline="Council votes", text=text))


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Not found: the boats of Dunmere", "The boats were not found by the coast guard. " * 4),
        ("Missing girl not found", "The police have not found her, and go on. " * 4),
        ("Why “404 not found” became art", "It began with a page that nobody could find. " * 40),
        ("Statue removed", "The statue has been removed from the square. " * 3),
    ],
)
def test_news_of_what_is_not_found_is_news(headline: str, text: str) -> None:
    assert not says_it_is_gone(f"<title>{headline} | Gazette</title>", Article(url=HERE, headline=headline, text=text))


def test_an_article_is_emptied_when_next_to_nothing_is_left() -> None:
    assert is_emptied(400, Article(url=HERE, headline="Council votes"))
    assert is_emptied(400, Article(url=HERE, text="Only this."))
    assert not is_emptied(400, Article(url=HERE, text="a word " * 100))
    assert not is_emptied(10, Article(url=HERE))
    assert not is_emptied(400, Article(url=HERE, access="locked", text="Only this."))


def test_a_page_that_still_holds_the_text_was_not_emptied() -> None:
    block = Block("paragraph", 'The council said "no" to the plan of the county on Monday evening.')
    assert still_says(
        '<script>{"text": "The council said \\"no\\" to the plan of the county on Monday</script>', [block]
    )
    assert still_says("<p>The council said &quot;no&quot; to the <b>plan</b> of the county", [block])
    assert not still_says("<p>Something else", [block])
