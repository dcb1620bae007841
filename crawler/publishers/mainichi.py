"""Mainichi Shimbun, Tokyo."""

from __future__ import annotations

from crawler.publishers.base import Layout, Publisher

PUBLISHER = Publisher(
    id="mainichi",
    name="Mainichi Shimbun",
    domains=("mainichi.jp",),
    country="JP",
    languages=("ja",),
    timezone="Asia/Tokyo",
    feeds=("/rss/etc/mainichi-flash.rss",),
    article_patterns=(r"^/articles/(?P<id>\d{8}/\w+/\w+/\w+/\w+)(?:\?|$)",),
    layouts=(
        Layout(
            name="articledetail",
            marker="#articledetail-body",
            headline=("#articledetail-title h1",),
            authors=("#articledetail-title a.articletag-author",),
            published=("meta[name='cXenseParse:recs:publishtime']",),
            section_path=("#articledetail-title ul.articledetail-head-category-list a",),
            topics=("meta[name=keywords]",),
            body=("#articledetail-body",),
            image=("#articledetail-body figure",),
            caption=("figcaption",),
            remove=("#articledetail-body aside",),
        ),
    ),
)
