"""Rzeczpospolita, Warsaw."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="rzeczpospolita",
    name="Rzeczpospolita",
    domains=("www.rp.pl",),
    country="PL",
    languages=("pl",),
    timezone="Europe/Warsaw",
    sitemaps=("/sitemaps/news-sitemap.xml", "/sitemaps/sitemap.xml"),
    article_patterns=(r"/art(?P<id>\d+)-[\w-]+(?:\?|$)", r"^/[\w-]+/(?P<id>\d{6,})-[\w-]+\.html(?:\?|$)"),
    layouts=(
        Layout(
            name="article-image",
            marker="div.article--image",
            headline=("h1.articleTitle",),
            summary=("div.article--lead",),
            authors=("div.author p.name a", "div.author p.name"),
            section_path=("ul.breadcrumb--component li a",),
            topics=("#tagsTab a.btn--tag",),
            body=("div.articleBody",),
            image=("div.article--image",),
            caption=("p.article--media--lead",),
            credit=("p.image--author",),
            remove=("div.content--excerpt", "div.block--media--infographic"),
        ),
        Layout(
            name="blog-image",
            marker="div.blog--image",
            headline=("h1.articleTitle",),
            summary=("div.blog--subtitle",),
            authors=("div.author p.name a", "div.author p.name"),
            section_path=("ul.breadcrumb--component li a",),
            topics=("a.tag--comp",),
            body=("div.articleBody",),
            image=("div.blog--image",),
            caption=("p.article--media--lead",),
            credit=("p.image--author",),
            remove=("div.content--excerpt",),
        ),
    ),
)
