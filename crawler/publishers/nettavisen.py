"""Nettavisen, Oslo."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="nettavisen",
    name="Nettavisen",
    domains=("www.nettavisen.no",),
    country="NO",
    languages=("no",),
    timezone="Europe/Oslo",
    feeds=("/service/rich-rss",),
    article_patterns=(r"/s/(?P<id>\d+-\d+-\d+)(?:\?|$)",),
    layouts=(
        Layout(
            name="inner-article",
            marker="article div.inner-article",
            headline=("article h1[itemprop=headline]",),
            summary=("p.lead-text",),
            topics=("opengraph",),
            body=("div.body-text[itemprop=articleBody]",),
            image=("div.amedia-image-wrap",),
            caption=("div.article-img-caption-wrap > span:first-child",),
            credit=("span.image-photographer",),
            remove=("amedia-factbox", "footer.byline-footer"),
        ),
    ),
)
