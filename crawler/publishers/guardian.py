"""The Guardian, London."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="guardian",
    name="The Guardian",
    domains=("www.theguardian.com",),
    retired=("www.guardian.co.uk",),
    country="GB",
    languages=("en",),
    timezone="Europe/London",
    sitemaps=("/sitemaps/news.xml",),
    article_patterns=(r"^/[\w/-]+/\d{4}/[a-z]{3}/\d{2}/[\w-]+(?:\?|$)",),
    layouts=(
        Layout(
            name="named-areas",
            marker="[data-gu-name=headline]",
            headline=("[data-gu-name=headline] h1",),
            kicker=("[data-gu-name=title] a[data-component=section]",),
            summary=("[data-gu-name=standfirst] p",),
            topics=("opengraph",),
            body=("#maincontent div.article-body-viewer-selector",),
            # A video is a figure without a picture of its own.
            image=("[data-gu-name=media] figure", "#maincontent figure"),
            caption=("figcaption",),
            remove=("figure aside", "[data-spacefinder-type$=NewsletterSignupBlockElement]"),
        ),
    ),
)
