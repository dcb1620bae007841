"""Habertürk, Istanbul."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="haberturk",
    name="Habertürk",
    domains=("www.haberturk.com",),
    country="TR",
    languages=("tr",),
    timezone="Europe/Istanbul",
    sitemaps=("/sitemap_google_news.xml", "/sitemap.xml"),
    article_patterns=(r"^/[\w/-]+-(?P<id>\d{6,})(?:\?|$)",),
    layouts=(
        Layout(
            name="cms-container",
            marker="article div.cms-container",
            headline=("article div.featured h1",),
            summary=("article div.featured h2",),
            section_path=("div.widget-breadcrumb a:not([href='/'])",),
            topics=("meta[name=keywords]",),
            body=("div.cms-container",),
            subhead=("div.cms-container h2.widget-title",),
            image=("div.widget-image",),
            remove=("div.adv-news",),
        ),
    ),
)
