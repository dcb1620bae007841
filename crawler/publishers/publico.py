"""Público, Madrid."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="publico",
    name="Público",
    domains=("www.publico.es",),
    country="ES",
    languages=("es",),
    timezone="Europe/Madrid",
    article_patterns=(r"^/[\w/-]+/[\w-]{20,}\.html(?:\?|$)",),
    layouts=(
        Layout(
            name="body-modules",
            marker="#body-modules",
            headline=("#article-title",),
            summary=("#article-title ~ div.text-base > p",),
            # The metas give Madrid's time as if it were UTC.
            published=("json-ld",),
            modified=("json-ld",),
            section_path=("opengraph",),
            topics=("json-ld.keywords",),
            body=("#body-modules",),
            subhead=("#body-modules h2",),
            image=("div.main-image figure.image-container",),
            caption=("span.image-description",),
            credit=("figcaption strong.author",),
            remove=("div.pb-ads",),
        ),
    ),
)
