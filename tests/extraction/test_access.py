"""Whether everybody could read the article, with the evidence for it."""

from __future__ import annotations

import pytest

from crawler.items import Article
from tests.extraction.test_article import NODE, PARAGRAPHS, body, linked_data, read, story

SHORT = f"<article><h1>Council votes to rebuild bridge</h1><p>{PARAGRAPHS[0]}</p>{{}}</article>"


def locator(article: Article) -> str | None:
    return next(each.locator for each in article.evidence if each.field == "access" and each.chosen)


def test_a_part_that_is_not_free_locks_the_article() -> None:
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".rest"}
    article = read(story(), linked_data({**NODE, "hasPart": part}))
    assert (article.access, locator(article)) == ("locked", "hasPart[.rest]")


@pytest.mark.parametrize(
    ("meta", "access"),
    [
        ('<meta name="is_paywalled" content="true">', "locked"),
        ('<meta name="article:premium" content="no">', "free"),
        ('<meta property="article:content_tier" content="metered">', "metered"),
    ],
)
def test_a_meta_may_say_so(meta: str, access: str) -> None:
    assert read(story(), meta).access == access


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to continue reading",
        "Diesen Artikel weiterlesen mit einem Abonnement: jetzt anmelden",
        "Cet article est réservé aux abonnés",
        "Suscríbete para seguir leyendo",
        "Материал доступен только по подписке",
        "この記事は有料会員限定です",
    ],
)
def test_a_wall_below_a_short_text_locks_it(wall: str) -> None:
    article = read(SHORT.format(f"<div>{wall}</div>"))
    assert article.access == "locked"
    assert wall[:20] in (locator(article) or "")


def test_a_counter_meters_it() -> None:
    assert read(SHORT.format("<div>You have 2 free articles remaining this month</div>")).access == "metered"


def test_an_offer_below_a_whole_text_locks_nothing() -> None:
    long = body() * 8
    page = f"<article><h1>Council votes to rebuild bridge</h1>{long}<div>Subscribe to continue reading</div></article>"
    assert read(page).access is None


def test_a_mark_on_a_short_text_locks_it_and_its_negation_does_not() -> None:
    offer = "<div class='{}'>There is more to this than we can say here.</div>"
    assert read(SHORT.format(offer.format("is-paywalled"))).access == "locked"
    assert read(SHORT.format(offer.format("row non-paywall"))).access is None
