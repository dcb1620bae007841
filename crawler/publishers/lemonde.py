"""Le Monde, Paris."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="lemonde",
    name="Le Monde",
    domains=("www.lemonde.fr",),
    country="FR",
    languages=("fr",),
    timezone="Europe/Paris",
    sitemaps=("/sitemap_news.xml", "/sitemap_index.xml"),
    article_patterns=(
        r"^/[\w-]+/(?:article|live|portfolio|video)/\d{4}/\d{2}/\d{2}/[\w-]+_(?P<id>\d+)_\d+\.html(?:\?|$)",
    ),
    layouts=(
        Layout(
            name="article-content",
            marker="article.article__content",
            headline=("h1.article__title",),
            summary=("p.article__desc",),
            section_path=("ul.breadcrumb li a",),
            topics=("json-ld.keywords",),
            access=("opengraph",),
            body=("article.article__content",),
            subhead=("h2.article__sub-title",),
            image=("figure.article__media",),
            caption=("figcaption.article__legend",),
            credit=("span.article__credit",),
            remove=("p.article__status", "section.catcher"),
        ),
    ),
    boilerplate=(("paywall", r"^Il vous reste [\d.,]+ ?% de cet article à lire"),),
)
