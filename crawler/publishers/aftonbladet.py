"""Aftonbladet, Stockholm."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="aftonbladet",
    name="Aftonbladet",
    domains=("www.aftonbladet.se",),
    country="SE",
    languages=("sv",),
    timezone="Europe/Stockholm",
    feeds=("https://rss.aftonbladet.se/rss2/small/pages/sections/senastenytt/",),
    sitemaps=("/sitemaps/files/articles-48hrs.xml", "/sitemap.xml"),
    article_patterns=(r"^/[\w/-]+/a/(?P<id>\w+)(?:/|$)",),
    layouts=(
        Layout(
            name="article-intro",
            marker="header.article-intro",
            headline=("json-ld", "header.article-intro h1"),
            summary=("header.article-intro p[class*=_lead]",),
            authors=("#byline [class*=_name] a", "#byline [class*=_name]"),
            published=("header.article-intro time",),
            section_path=("header.article-intro [class*=_breadcrumbs] a:not([href*='/tagg/'])",),
            topics=("json-ld.keywords",),
            body=("section.article-body",),
            image=("article figure[class*=_figure]:not([class*=_1wc6r])",),
            caption=("span[class*=_captionElements] > span", "figcaption"),
            credit=("figcaption cite", "figcaption span > span > span"),
            remove=("[class*=_pagination]",),
        ),
        Layout(
            name="test-tags",
            marker="h1[data-test-tag=headline]",
            headline=("h1[data-test-tag=headline]",),
            authors=("article a[href^='/av/'] p[class*=boxtextgrotesk]",),
            section_path=("article > div:first-child a:not([href*='/tagg/'])",),
            topics=("json-ld.keywords",),
            body=("article > p, article > h2:not([data-test-tag=subtitle])",),
            image=("article figure[data-test-tag=image]",),
            caption=("span.image-caption",),
            credit=("span.image-byline",),
        ),
    ),
)
