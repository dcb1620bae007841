"""Isolezwe lesiXhosa, in the Eastern Cape."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="isolezwelesixhosa",
    name="Isolezwe LesiXhosa",
    domains=("isolezwelesixhosa.co.za", "www.isolezwelesixhosa.co.za"),
    country="ZA",
    languages=("xh",),
    timezone="Africa/Johannesburg",
    sitemaps=("/sitemap/",),
    article_patterns=(r"^/[\w/-]+/\d{4}-\d{2}-\d{2}-[\w-]+/?(?:\?|$)",),
    layouts=(
        Layout(
            name="article-widgets",
            marker="div[class*=article_content__]",
            headline=("[class*=titles_article-titles] h1",),
            authors=("[class*=attribution-and-updated_author-text] a", "json-ld"),
            section_path=("opengraph",),
            body=("[class*=widgets_article-widgets] [class*=text_text__]",),
            image=("[class*=widgets_article-widgets] [class*=image-widget]",),
            caption=("p:first-of-type",),
            credit=("p:last-of-type",),
        ),
    ),
)
