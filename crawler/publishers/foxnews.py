"""Fox News, New York."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="foxnews",
    name="Fox News",
    domains=("www.foxnews.com",),
    country="US",
    languages=("en",),
    timezone="America/New_York",
    feeds=("https://moxie.foxnews.com/google-publisher/latest.xml",),
    article_patterns=(r"^/[\w-]+/[\w-]{12,}(?:\?|$)",),
    layouts=(
        Layout(
            name="article-wrap",
            marker="article.article-wrap",
            headline=("header.article-header h1.headline",),
            authors=("div.author-byline > span > span > a", "json-ld"),
            section_path=("meta[name='prism.section']",),
            topics=("meta[name=classification-tags]",),
            body=("div.article-body",),
            image=("div.article-body div.image-ct",),
            caption=("div.caption p > span:first-child", "div.caption p"),
            credit=("div.caption p > span + span",),
            remove=("div.article-body div.article-meta", "div.featured-video", "div.control"),
        ),
    ),
    # Lines in capitals lead to other articles.
    boilerplate=(("related", r"^(?=.*[A-Z]{3})[^a-z]{20,}$"),),
)
