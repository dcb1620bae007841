"""Tages-Anzeiger, Zurich."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="tagesanzeiger",
    name="Tages-Anzeiger",
    domains=("www.tagesanzeiger.ch",),
    country="CH",
    languages=("de",),
    timezone="Europe/Zurich",
    sitemaps=("/sitemaps/news.xml", "/sitemaps/sitemapindex.xml"),
    article_patterns=(r"^/[\w-]+-(?P<id>\d{12})(?:\?|$)",),
    layouts=(
        Layout(
            name="article-elements-list",
            marker="div.ArticleElementsList",
            headline=("span[data-testid=content-title]",),
            kicker=("span.titleheader",),
            summary=("div.ContentHead p.lead",),
            body=("div.ArticleElementsList",),
            subhead=("h2.crosshead",),
            image=("div.ArticleElementsList figure.ArticleImage",),
            caption=("figcaption span.HtmlText",),
            credit=("div.contentcredit",),
            remove=("div.SummaryList", "aside.DynamicTeaser", "section.NewsletterBox"),
        ),
        Layout(
            name="article-paragraph",
            marker="p[class*=ArticleParagraph_root]",
            headline=("span[data-testid=content-title]",),
            kicker=("[class*=ContentHead_titleheader]",),
            summary=("[class*=ContentHead_lead]",),
            section_path=("a[class*=Breadcrumbs_breadlink]",),
            body=("article p[class*=ArticleParagraph_root], article h2[class*=CrossheadElement_root]",),
            subhead=("h2[class*=CrossheadElement_root]",),
            image=("article figure[class*=ArticleImage_root]",),
            caption=("[class*=ContentCaption_contenttext]",),
            credit=("[class*=ContentCaption_contentcredit]",),
        ),
    ),
)
