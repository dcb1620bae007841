"""LRT, the public broadcaster of Lithuania."""

from __future__ import annotations

import re

from lxml.etree import SubElement
from lxml.html import HtmlElement

from crawler.publishers.base import Layout, Publisher


def _mark_credits(root: HtmlElement) -> None:
    """Puts what follows the caption, as in "Vilnius / J. Jonaitis / LRT nuotr.", into an element of its own."""
    for description in root.iterfind(".//div[@class='media-block__description']"):
        caption, slash, credit = (description.text or "").partition(" / ")
        if slash:
            description.text = caption
            marked = SubElement(description, "span", {"class": "credit"})
            marked.text = re.sub(r"\s*nuotr\.?\s*$", "", credit)


PUBLISHER = Publisher(
    id="lrt",
    name="LRT",
    domains=("www.lrt.lt",),
    country="LT",
    languages=("lt", "en", "ru", "pl"),
    timezone="Europe/Vilnius",
    feeds=("/?rss",),
    sitemaps=("/servisai/sitemap/sitemap-index.xml",),
    article_patterns=(r"^/(?:[a-z]{2}/)?\w[\w-]*/[\w-]+/\d+/(?P<id>\d+)(?:/|$)",),
    layouts=(
        Layout(
            name="article-block",
            marker="article.article-block",
            headline=("h1.title-block__heading",),
            summary=("div.article-content p.text-lead",),
            authors=("meta[property=lrt_authors]",),
            topics=("div.tag-list a.tag-list__item",),
            body=("div.article-content",),
            image=("article.article-block > div.media-block, div.article-content > div.media-block",),
            caption=("div.media-block__description",),
            credit=("span.credit",),
            remove=(
                "div.article-content p.text-lead",
                "div.article-content div.media-block__description",
                "div.article-content div.section",
            ),
            tidy=_mark_credits,
        ),
    ),
)
