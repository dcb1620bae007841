"""Bodies that only scripts hold, in the shapes that front ends write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.items import Article, Block
from tests.extraction.test_article import NODE, PARAGRAPHS, linked_data, read

TITLE = "Council votes to rebuild bridge"
TOLD = [f"{text} It was said in {place}." for text in PARAGRAPHS for place in ("the hall", "the harbour")]
PIECES = [{"type": "paragraph", "text": text} for text in TOLD]
OTHER = {"title": "Ferry runs again", "body": [piece | {"text": f"Another: {piece['text']}"} for piece in PIECES]}
NEXT = {"props": {"pageProps": {"related": [OTHER], "article": {"title": TITLE, "body": PIECES}}}}


def page(script: str) -> Article:
    """A page that shows its headline only."""
    return read(f"<main><h1>{TITLE}</h1><div id=app></div></main>{script}")


def data(value: object, name: str = "__NEXT_DATA__") -> str:
    return f'<script id="{name}" type="application/json">{json.dumps(value)}</script>'


def arc() -> dict[str, Any]:
    elements: list[dict[str, Any]] = [{"type": "text", "content": text} for text in TOLD]
    elements.insert(1, {"type": "image", "caption": "The old bridge in March."})
    elements.insert(2, {"type": "header", "level": 2, "content": "What comes next"})
    elements.append({"type": "list", "items": [{"type": "text", "content": "Work begins in spring"}]})
    return {"headlines": {"basic": TITLE}, "content_elements": elements, "related_content": [OTHER]}


def apollo() -> dict[str, Any]:
    parts = {f"Part:{n}": {"__typename": "Paragraph", "text": text} for n, text in enumerate(TOLD)}
    article = {"__typename": "Article", "title": TITLE, "parts": [{"__ref": name} for name in parts]}
    return {"ROOT_QUERY": {"article": {"__ref": "Article:1"}}, "Article:1": article, **parts}


def rich_text() -> dict[str, Any]:
    nodes = [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text}]} for text in TOLD]
    return {"page": {"headline": TITLE, "body": {"nodeType": "document", "content": nodes}}, "other": OTHER}


def markup() -> dict[str, Any]:
    return {"post": {"title": {"rendered": TITLE}, "content": {"rendered": "".join(f"<p>{text}</p>" for text in TOLD)}}}


def flat() -> list[Any]:
    """As Nuxt writes it."""
    return [{"article": 1}, {"title": 2, "body": 3}, TITLE, "".join(f"<p>{text}</p>" for text in TOLD)]


SCRIPTS = {
    "next": data(NEXT),
    "fusion": f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={json.dumps(arc())};Fusion.x=1</script>",
    "apollo": f"<script>window.__APOLLO_STATE__ = {json.dumps(apollo())};</script>",
    "parsed": f"<script>window.__INITIAL_STATE__=JSON.parse({json.dumps(json.dumps(rich_text()))})</script>",
    "undefined": f"<script>window['__PRELOADED_STATE__'] = {json.dumps(markup())[:-1]}, \"user\":undefined}};</script>",
    "nuxt": data(flat(), "__NUXT_DATA__"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_paragraphs_of_the_article_are_found_whatever_holds_them(name: str) -> None:
    article = page(SCRIPTS[name])
    assert [block.text for block in article.blocks if block.kind == "paragraph"] == TOLD
    assert any(each.field == "blocks" and each.source == "state" and each.chosen for each in article.evidence)


def test_kinds_of_blocks_are_kept() -> None:
    blocks = page(SCRIPTS["fusion"]).blocks
    assert blocks[1] == Block("subhead", "What comes next")
    assert blocks[-1] == Block("list_item", "Work begins in spring")


def test_a_page_that_shows_its_text_is_read_as_it_is() -> None:
    shown = "".join(f"<p>{text}</p>" for text in TOLD[1:])
    article = read(f"<article><h1>{TITLE}</h1>{shown}</article>{SCRIPTS['next']}")
    assert article.text == "\n\n".join(TOLD[1:])


def test_the_text_of_another_article_or_a_notice_is_not_taken() -> None:
    assert page(data({"props": {"pageProps": {"other": OTHER}}})).text == ""
    notice = {"title": TITLE, "cookieNotice": [{"type": "paragraph", "text": text} for text in TOLD]}
    assert page(data(notice)).text == ""


def test_kinds_are_preferred_to_the_plain_text_of_structured_data() -> None:
    head = linked_data({**NODE, "articleBody": " ".join(TOLD)})
    article = read(f"<main><h1>{TITLE}</h1></main>{SCRIPTS['fusion']}", head)
    assert any(block.kind == "subhead" for block in article.blocks)


def test_a_state_too_deep_or_broken_costs_nothing() -> None:
    deep = "[" * 50_000 + "]" * 50_000
    said = ". ".join(TOLD)
    assert page(f"<script type='application/json'>{deep} {said}</script>").text == ""
    assert page(f"<script>window.__STATE__ = {{broken: {json.dumps(said)}</script>").text == ""
