"""Sankei Shimbun, Tokyo."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="sankei",
    name="Sankei Shimbun",
    domains=("www.sankei.com",),
    country="JP",
    languages=("ja",),
    timezone="Asia/Tokyo",
    sitemaps=("/feeds/sitemapindex-category/?outputType=xml",),
    article_patterns=(r"^/article/(?P<id>\d{8}-[0-9A-Z]+)(?:/|$)",),
    layouts=(
        Layout(
            name="article-wrapper",
            marker="article.article-wrapper",
            headline=("h1.article-headline",),
            authors=("div.article-header a.author-info-link", "meta[name=author]"),
            topics=("li.section-list-item a",),
            body=("div.article-body",),
            subhead=("h2.article-middle-headline",),
            image=("article figure.article-image",),
            caption=("figcaption.caption",),
        ),
    ),
)
