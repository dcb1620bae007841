"""Each publisher's layouts, on a page of our own writing in its structure: a folder a layout, found by listing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.article import extract
from crawler.items import Article
from crawler.publishers.base import publisher_named

PAGES = sorted(Path(__file__).parent.glob("*/*/article.json"))


def found(article: Article) -> dict[str, Any]:
    """The article as article.json writes it down."""
    return {
        "url": article.url,
        "headline": article.headline,
        "section_path": list(article.section_path),
        "day": article.published.date().isoformat() if article.published else None,
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
    html = (folder / "page.html").read_bytes()
    article = extract(html, expected["url"], publisher=publisher_named(folder.parent.name))
    assert found(article)[field] == expected[field]
