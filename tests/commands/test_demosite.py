"""The demo site by itself: its pages fit together."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from lxml import etree, html

from crawler.commands.demopages import DemoArticle, demo_texts
from crawler.commands.demosite import FORBIDDEN, GONE, DemoSite
from crawler.discovery.feeds import feed_page
from crawler.discovery.robots import robots_of
from crawler.discovery.sections import section_page
from crawler.discovery.sitemaps import sitemap_page
from crawler.extraction.article import extract
from crawler.items import Article

opener = build_opener(ProxyHandler({}))


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite() as site:
        yield site


def fetched(site: DemoSite, path: str) -> bytes:
    with opener.open(site.base + path, timeout=5) as response:
        body: bytes = response.read()
    return body


def test_every_page_is_served_under_its_address(site: DemoSite) -> None:
    for target in site.targets():
        if site.page(target).status == 200:
            assert fetched(site, target) == site.page(target).body


def test_every_link_leads_to_a_page(site: DemoSite) -> None:
    pages = [target for target in site.targets() if site.page(target).mime.startswith("text/html")]
    for target in pages:
        for _, _, link, _ in html.document_fromstring(site.page(target).body or b"<p>").iterlinks():
            parts = urlsplit(urljoin(site.base + target, link))
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            assert f"{parts.scheme}://{parts.netloc}" == site.base
            assert path in site.targets(), f"{target} links {link}"


def test_a_withdrawn_page_is_gone_and_an_unknown_one_not_found(site: DemoSite) -> None:
    for path, status in ((GONE, 410), ("/nowhere", 404)):
        with pytest.raises(HTTPError) as caught:
            fetched(site, path)
        assert caught.value.code == status
        caught.value.close()


def test_the_old_address_leads_to_the_article(site: DemoSite) -> None:
    ((old, new),) = site.texts.redirects.items()
    assert fetched(site, old) == site.page(new).body


def test_robots_txt_forbids_drafts_and_names_the_sitemap(site: DemoSite) -> None:
    robots = robots_of(fetched(site, "/robots.txt"), f"{site.base}/robots.txt")
    assert not robots.allows(site.base + FORBIDDEN, "ofrecord")
    assert robots.allows(f"{site.base}/town/", "ofrecord")
    assert robots.sitemaps == (f"{site.base}/sitemap.xml",)


@pytest.mark.parametrize("path", ["/feed.xml", "/sitemap.xml", "/sitemap-news.xml", "/sitemap-pages.xml"])
def test_feed_and_sitemaps_are_well_formed(site: DemoSite, path: str) -> None:
    etree.fromstring(fetched(site, path))


def test_feed_sitemap_and_sections_list_the_articles(site: DemoSite) -> None:
    articles = [site.base + article.path for article in site.texts.articles]
    feed = feed_page(fetched(site, "/feed.xml"), f"{site.base}/feed.xml")
    index = sitemap_page(fetched(site, "/sitemap.xml"), f"{site.base}/sitemap.xml")
    news = sitemap_page(fetched(site, "/sitemap-news.xml"), f"{site.base}/sitemap-news.xml")
    assert [link.url for link in feed.links] == articles[:5]
    assert [link.url for link in index.sitemaps] == [f"{site.base}/sitemap-{kind}.xml" for kind in ("news", "pages")]
    assert [link.url for link in news.links] == articles
    assert {url for section in site.texts.sections for url in listed(site, section.path)} == set(articles)


def listed(site: DemoSite, path: str) -> Iterator[str]:
    """The articles of a section, over all its pages."""
    page = section_page(fetched(site, path), site.base + path)
    yield from (link.url for link in page.links)
    for next_page in page.next_pages:
        yield from listed(site, next_page.removeprefix(site.base))


def test_the_images_are_png(site: DemoSite) -> None:
    images = [site.page(target).body for target in site.targets() if target.endswith(".png")]
    assert len(images) >= 4
    for image in images:
        assert image.startswith(b"\x89PNG\r\n\x1a\n")
        data = image.index(b"IDAT") + 4
        length = int.from_bytes(image[data - 8 : data - 4], "big")
        assert len(zlib.decompress(image[data : data + length])) == 180 * (1 + 3 * 320)


ARTICLES = demo_texts().articles
FIELDS: dict[str, Callable[[DemoArticle], object]] = {
    "headline": lambda article: article.headline,
    "summary": lambda article: article.summary,
    "authors": lambda article: article.authors,
    "published": lambda article: article.published,
    "section_path": lambda article: (article.section,),
    "text": lambda article: plain(article.body),
}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.path[-20:])
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_read_from_an_articles_page(site: DemoSite, article: DemoArticle, field: str) -> None:
    assert getattr(read(site, article), field) == FIELDS[field](article)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.path[-20:])
def test_captions_and_credits_can_be_read_from_an_articles_page(site: DemoSite, article: DemoArticle) -> None:
    images = read(site, article).images
    if article.caption is None:
        assert not images
    else:
        assert [f"{image.caption} (Photo: {image.credit})" for image in images] == [article.caption]


def read(site: DemoSite, article: DemoArticle) -> Article:
    return extract(site.page(article.path).body, site.base + article.path)


def plain(body: str) -> str:
    """The text of an article as demo.toml has it, without its marks."""
    blocks = (" ".join(block.split()) for block in body.strip().split("\n\n"))
    return "\n\n".join(block.removeprefix("## ").removeprefix("> ") for block in blocks)
