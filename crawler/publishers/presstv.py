"""Press TV, Tehran: the same pages on several hosts; one domain seized in June 2021."""

from __future__ import annotations

from crawler.publishers.base import Publisher

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
    notes="presstv.com was seized by the United States in June 2021",
)
