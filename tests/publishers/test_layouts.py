"""Each publisher's layouts, on a page of our own writing in its structure: a folder a layout, found by listing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from crawler.changes.identity import article_key
from crawler.discovery.articles import article_likeness
from crawler.extraction.article import extract
from crawler.extraction.layouts import layout_of
from crawler.items import Article
from crawler.publishers.base import RULES, Layout, Publisher, publisher_named, publisher_of, publishers
from crawler.publishers.rules import is_source, json_path, selector

PAGES = sorted(Path(__file__).parent.glob("*/*/article.json"))


def found(article: Article) -> dict[str, Any]:
    """The article as article.json writes it down; a page's file names the fields that its layout is to find."""
    publisher = publisher_of(article.url)
    return {
        "url": article.url,
        "key": article_key(article, publisher) if publisher else None,
        "headline": article.headline,
        "kicker": article.kicker,
        "summary": article.summary,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "day": article.published.date().isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "section_path": list(article.section_path),
        "topics": list(article.topics),
        "language": article.language,
        "access": article.access,
        "images": [image.url for image in article.images],
        "captions": [image.caption for image in article.images],
        "credits": [image.credit for image in article.images],
        "blocks": [[block.kind, block.text] for block in article.blocks],
        "boilerplate": [piece.kind for piece in article.boilerplate],
        "hosts": [host for piece in article.boilerplate for host in piece.hosts],
    }


def fields() -> Iterator[Any]:
    for path in PAGES:
        publisher, day = path.parent.parent.name, path.parent.name
        for name in json.loads(path.read_text(encoding="utf-8")):
            yield pytest.param(path.parent, name, id=f"{publisher}-{day}-{name}")


@pytest.mark.parametrize(("folder", "field"), list(fields()))
def test_the_definition_finds_the_field(folder: Path, field: str) -> None:
    expected = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    page = (folder / "page.html").read_bytes()
    article = extract(page, expected["url"], publisher=publisher_named(folder.parent.name))
    assert found(article)[field] == expected[field]


@pytest.mark.parametrize("publisher", publishers().values(), ids=lambda publisher: publisher.id)
def test_every_layout_of_every_publisher_has_a_page(publisher: Publisher) -> None:
    shown = {layout.name for path in PAGES if (layout := _layout(path, publisher)) is not None}
    assert shown == {layout.name for layout in publisher.layouts}


@pytest.mark.parametrize("publisher", publishers().values(), ids=lambda publisher: publisher.id)
def test_every_selector_of_a_layout_finds_something_on_one_of_its_pages(publisher: Publisher) -> None:
    idle = {(layout.name, step) for layout in publisher.layouts for rule in RULES for step in getattr(layout, rule)}
    for path in PAGES:
        layout = _layout(path, publisher)
        root = html.fromstring((path.parent / "page.html").read_bytes())
        if layout is not None and layout.tidy is not None:
            layout.tidy(root)
        idle -= {(name, step) for name, step in idle if layout and name == layout.name and _works(step, root)}
    assert not idle


def _works(step: str, root: html.HtmlElement) -> bool:
    return is_source(step) or bool(json_path(step)) or bool(selector(step).find(root))


def _layout(path: Path, publisher: Publisher) -> Layout | None:
    url = json.loads(path.read_text(encoding="utf-8"))["url"]
    return layout_of(html.fromstring((path.parent / "page.html").read_bytes()), publisher, url)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}")
def test_the_address_of_every_page_is_that_of_an_article(path: Path) -> None:
    url = json.loads(path.read_text(encoding="utf-8"))["url"]
    assert article_likeness(url, publisher=publisher_named(path.parent.parent.name)).is_article
