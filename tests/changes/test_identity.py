import pytest

from crawler.changes.identity import article_key, identity_url
from crawler.items import Article
from crawler.publishers.base import Publisher

GAZETTE = Publisher(
    "gazette", "Gazette", ("www.gazette.example", "gazette.test"), article_patterns=(r"/(?P<id>\d{5,})/",)
)
STAND_IN = Publisher("gazette.example", "gazette.example", ("www.gazette.example",))


def key(url: str, canonical: str | None = None, publisher: Publisher = STAND_IN) -> str:
    return article_key(Article(url, canonical_url=canonical), publisher)


def test_a_publishers_own_id_is_the_key_on_every_host_and_under_every_slug() -> None:
    addresses = [
        "https://www.gazette.example/2024/10011/one-slug",
        "http://gazette.test/2024/10011/another?utm_source=x",
    ]
    assert {key(address, publisher=GAZETTE) for address in addresses} == {"10011"}


@pytest.mark.parametrize(
    "other",
    [
        "http://www.gazette.example/2024/council-votes-to-rebuild-bridge",
        "https://gazette.example/2024/council-votes-to-rebuild-bridge/",
        "https://m.gazette.example/2024/council-votes-to-rebuild-bridge?utm_campaign=x#top",
        "https://amp.gazette.example/2024/council-votes-to-rebuild-bridge/amp",
    ],
)
def test_variants_of_one_address_have_one_key(other: str) -> None:
    assert key(other) == key("https://www.gazette.example/2024/council-votes-to-rebuild-bridge")


def test_subdomains_that_are_sites_of_their_own_are_kept_apart() -> None:
    assert key("https://sport.gazette.example/story-of-the-day") != key("https://www.gazette.example/story-of-the-day")


def test_a_canonical_address_counts_where_it_plainly_names_the_page() -> None:
    shown = "https://gazette.example/news/7781234-council-votes?id=9"
    canonical = "https://gazette.example/town/7781234-council-votes-to-rebuild-bridge"
    assert identity_url(Article(shown, canonical_url=canonical)) == canonical


@pytest.mark.parametrize(
    "canonical", ["https://gazette.example/", "https://other.example/council-votes", "https://gazette.example/article"]
)
def test_one_that_every_page_names_does_not(canonical: str) -> None:
    shown = "https://gazette.example/town/council-votes-to-rebuild-bridge"
    assert identity_url(Article(shown, canonical_url=canonical)) == shown
