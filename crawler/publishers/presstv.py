"""Press TV, Tehran: the same pages on several hosts; one domain seized in June 2021."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="presstv",
    name="Press TV",
    domains=("www.presstv.ir", "www.presstv.co.uk", "www.presstv.tv"),
    retired=("www.presstv.com",),
    country="IR",
    languages=("en",),
    timezone="Asia/Tehran",
    article_patterns=(
        r"^/Detail/\d{4}/\d{2}/\d{2}/(?P<id>\d+)(?:/|$)",
        r"^/detail/(?P<id>\d+)\.html$",
        r"^/detail\.aspx\?id=(?P<id>\d+)",
    ),
    layouts=(
        Layout(
            name="breadcrumb",
            marker="main div.breadcrumb",
            headline=("h1.title",),
            published=("div.date",),
            section_path=("div.breadcrumb a",),
            body=("div.body",),
            image=("figure",),
            caption=("figcaption",),
        ),
        Layout(
            name="page-header",
            marker="h2.page-header",
            headline=("h2.page-header",),
            published=("div.item-date",),
            section_path=("#top a",),
            body=("div.item-text",),
            image=("figure.item-image",),
            caption=("figcaption",),
        ),
    ),
    boilerplate=(
        ("alternate-addresses", r"can also be accessed at the following alternate addresses"),
        ("promotion", r"^Press TV News Roku"),
    ),
    notes="presstv.com was seized by the United States in June 2021",
)
