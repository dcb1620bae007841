from dataclasses import replace

import pytest

from crawler.changes.content import content_sha256, without_hosts
from crawler.items import Article, Block, Boilerplate, Image

ARTICLE = Article(
    "https://www.gazette.example/a",
    headline="Council votes",
    summary="On a bridge.",
    blocks=(Block("paragraph", "Read it at www.gazette.example/a today."), Block("subhead", "Cost")),
    images=(Image("https://www.gazette.example/i.jpg", caption="The bridge"),),
)


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, url="https://gazette.test/a", canonical_url="https://gazette.test/b"),
        replace(ARTICLE, boilerplate=(Boilerplate("Follow us", "promotion"),)),
        replace(ARTICLE, authors=("Ada Wren",), article_score=0.9),
        replace(ARTICLE, images=(Image("https://cdn.example/i-2.jpg", caption="The bridge", width=800),)),
        replace(ARTICLE, blocks=(Block("paragraph", "Read it at www.gazette.test/a today."), ARTICLE.blocks[1])),
    ],
    ids=["address", "boilerplate", "metadata", "image-file", "host-in-text"],
)
def test_what_is_no_content_changes_nothing(other: Article) -> None:
    assert content_sha256(other) == content_sha256(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, headline="Council votes again"),
        replace(ARTICLE, summary=None),
        replace(ARTICLE, blocks=ARTICLE.blocks[:1]),
        replace(ARTICLE, blocks=(Block("paragraph", "Read it at www.gazette.example/a tomorrow."), ARTICLE.blocks[1])),
        replace(ARTICLE, images=(Image("https://www.gazette.example/i.jpg", caption="The old bridge"),)),
    ],
    ids=["headline", "summary", "block-gone", "word", "caption"],
)
def test_an_edit_of_the_content_is_one(other: Article) -> None:
    assert content_sha256(other) != content_sha256(ARTICLE)


@pytest.mark.parametrize("text", ["Photos: @{}", "{}-Artikel", "({}/as)", "https://{}/live", "{}:8080 and {}."])
def test_a_mirror_s_own_host_makes_no_difference_however_it_is_written(text: str) -> None:
    assert without_hosts(text.replace("{}", "www.gazette.example")) == without_hosts(text.replace("{}", "mirror.test"))


def test_an_address_of_mail_is_no_host() -> None:
    assert without_hosts("desk@gazette.example") == "desk@gazette.example"
