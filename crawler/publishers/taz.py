"""Die Tageszeitung, Berlin."""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.publishers.base import Layout, Publisher


def _join_initial(root: HtmlElement) -> None:
    """Takes away the space between a text's large first letter and the rest of the word."""
    for initial in root.iterfind(".//span[@class]"):
        if "initial-letter-outer" in initial.get("class", "") and not (initial.tail or "").strip():
            initial.tail = None


PUBLISHER = Publisher(
    id="taz",
    name="Die Tageszeitung (taz)",
    domains=("taz.de",),
    country="DE",
    languages=("de",),
    timezone="Europe/Berlin",
    sitemaps=("/sitemap-google-news.xml", "/sitemap-index.xml"),
    article_patterns=(r"^/[^/]+/!(?P<id>\d+)/?(?:\?|$)",),
    layouts=(
        Layout(
            name="main-article-corpus",
            marker="div.main-article-corpus",
            headline=("json-ld.headline", "article h1"),
            summary=("article > p.column",),
            authors=("meta[property='article:author']", "div.author-container a.teaser-link"),
            topics=("meta[name='taz:tag']",),
            body=("div.main-article-corpus",),
            subhead=("div.main-article-corpus h2.headline",),
            image=("article div:has(> figcaption.caption)",),
            caption=("figcaption.caption",),
            credit=("span.credit-name",),
            tidy=_join_initial,
        ),
    ),
)
