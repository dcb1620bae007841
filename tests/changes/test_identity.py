from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.changes.identity import article_key, identity_url
from crawler.extraction.article import extract
from crawler.items import Article, Evidence
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
    assert identity_url(Article(shown, canonical_url=canonical), STAND_IN) == canonical


@pytest.mark.parametrize(
    "canonical", ["https://gazette.example/", "https://other.example/council-votes", "https://gazette.example/article"]
)
def test_one_that_every_page_names_does_not(canonical: str) -> None:
    shown = "https://gazette.example/town/council-votes-to-rebuild-bridge"
    assert identity_url(Article(shown, canonical_url=canonical), STAND_IN) == shown


@pytest.mark.parametrize(
    ("shown", "canonical"),
    [
        ("https://gazette.example/amp/7781234", "https://gazette.example/town/council-votes-7781234.html"),
        ("https://gazette.example/print.php?id=7781234", "https://gazette.example/town/council-votes-7781234.html"),
        ("https://m.gazette.example/7781234", "https://www.gazette.example/7781234/council-votes-to-rebuild"),
        ("https://gazette.example/story?id=77&ref=rss", "https://gazette.example/story?id=77"),
    ],
)
def test_the_number_alone_names_the_page_where_its_address_has_no_slug(shown: str, canonical: str) -> None:
    assert key(shown, canonical) == key(canonical)


@pytest.mark.parametrize(
    ("shown", "canonical"),
    [
        ("https://gazette.example/?p=77", "https://gazette.example/"),
        ("https://gazette.example/releases.html?newsID=c3aa546f", "https://gazette.example/releases.html"),
        ("https://gazette.example/2024/harbour-wall", "https://gazette.example/2024/harbour-news"),
        ("https://gazette.example/20240105/harbour-wall", "https://gazette.example/20240105/harbour"),
        ("https://gazette.example/c-7781234/council-votes", "https://gazette.example/c-7781234/"),
        ("https://gazette.example/c-7781234/council-votes", "https://gazette.example/c-7781234/ferry-runs"),
    ],
)
def test_a_canonical_address_that_many_pages_share_is_not_believed(shown: str, canonical: str) -> None:
    assert key(shown, canonical) == key(shown)


def test_a_mirror_s_amp_page_is_the_article_that_its_canonical_address_names_on_the_first_host() -> None:
    mirrored = Publisher("gazette", "Gazette", ("www.gazette.example", "gazette.test"))
    shown, canonical = "https://gazette.test/amp/7781234", "https://www.gazette.example/town/council-7781234.html"
    assert key(shown, canonical, mirrored) == key(canonical, publisher=mirrored)
    assert key(shown, canonical.replace("gazette.example", "other.example"), mirrored) == key(shown, publisher=mirrored)


def said(*canonical: str) -> tuple[Evidence, ...]:
    return tuple(Evidence("canonical_url", url, "json-ld", "mainEntityOfPage") for url in canonical)


def test_where_the_canonical_link_lies_json_ld_may_know_better() -> None:
    shown = "https://gazette.example/amp/7781234"
    true = "https://gazette.example/town/council-votes-7781234.html"
    article = Article(shown, canonical_url="https://gazette.example/", evidence=said("http://[broken", true))
    assert article_key(article, STAND_IN) == key(true)
    lying = replace(article, evidence=said("https://gazette.example/", "https://other.example/7781234"))
    assert article_key(lying, STAND_IN) == key(shown)


@pytest.mark.parametrize(
    "script",
    [
        '"mainEntityOfPage": {"@type": "WebPage", "@id": "/town/council-votes-7781234.html"}',
        '"mainEntityOfPage": "https://gazette.example/town/council-votes-7781234.html"',
        '"@id": "https://gazette.example/town/council-votes-7781234.html#article"',
        '"url": "https://gazette.example/town/council-votes-7781234.html"',
    ],
)
def test_a_page_without_a_canonical_link_is_known_by_its_json_ld(script: str) -> None:
    page = f'<script type="application/ld+json">{{"@type": "NewsArticle", {script}}}</script><h1>Council votes</h1>'
    article = extract(page.encode(), "https://gazette.example/amp/7781234")
    assert article_key(article, STAND_IN) == key("https://gazette.example/town/council-votes-7781234.html")


def test_an_id_of_the_whole_site_in_json_ld_is_none_of_the_page_s() -> None:
    page = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "@id": "https://gazette.example/#site"}</script>'
    )
    assert extract(page.encode(), "https://gazette.example/town/bridge").canonical_url is None


SLUG = st.from_regex(r"[a-z]{3,9}(?:-[a-z]{3,9}){2,5}", fullmatch=True)
PATH = st.builds(
    "{}/{}{}".format, st.sampled_from(["/2024/03/11", "/news", "/a/b"]), SLUG, st.sampled_from(["", "-77812"])
)
HOST = st.sampled_from(["{}", "www.{}", "www2.{}", "m.{}", "mobile.{}", "amp.{}"])
END = st.sampled_from(
    ["", "/", "/amp", "/amp/", "/print", "/index.html", "?amp=1", "?outputType=amp", "?print=1", "#top"]
)
TRACKED = st.sampled_from(["", "utm_source=feed", "fbclid=abc123", "utm_medium=rss&utm_campaign=x"])


@given(
    PATH, HOST, END, TRACKED, st.sampled_from(["http", "https"]), st.sampled_from(["gazette.example", "gazette.co.uk"])
)
def test_every_way_to_write_an_address_gives_one_key(
    path: str, host: str, end: str, tracked: str, scheme: str, domain: str
) -> None:
    publisher = Publisher(domain, domain, (domain,))
    before, mark, fragment = end.partition("#")
    query = f"{'&' if '?' in before else '?'}{tracked}" if tracked else ""
    written = f"{scheme}://{host.format(domain)}{path}{before}{query}{mark}{fragment}"
    assert key(written, publisher=publisher) == key(f"https://{domain}{path}", publisher=publisher)


@given(PATH, PATH)
def test_a_canonical_address_of_another_page_is_not_believed_unless_it_says_the_same(one: str, other: str) -> None:
    """What has no words and no number in common is another page."""
    told = key(f"https://gazette.example{one}", f"https://gazette.example{other}")
    common = set(one.rpartition("/")[2].split("-")) & set(other.rpartition("/")[2].split("-"))
    assert common or told == key(f"https://gazette.example{one}")


@given(SLUG, SLUG, st.sampled_from(["www.gazette.example", "gazette.test", "WWW.GAZETTE.EXAMPLE"]))
def test_an_own_id_is_the_key_under_every_slug_and_host(slug: str, other: str, host: str) -> None:
    url = f"http://{host}/2024/10011/{slug}/amp?utm_source=x"
    assert key(url, f"https://www.gazette.example/2024/99999/{other}", GAZETTE) == "10011"
