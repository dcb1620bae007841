"""From the bytes of a page to an article."""

from __future__ import annotations

from crawler.extraction.body import body_lines, container
from crawler.extraction.page import parsed
from crawler.extraction.structured import article_node, nodes, read_json, string, strings
from crawler.extraction.walk import walked
from crawler.items import Article, Block, Context
from crawler.normalisation.text import clean, clean_or_none
from crawler.publishers.base import Publisher

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def extract(
    html: bytes,
    url: str,
    *,
    publisher: Publisher | None = None,
    context: Context | None = None,
    content_type: str | None = None,
) -> Article:
    """What the page says, with the evidence for it.

    Never raises for what the bytes are: a page that cannot be read gives an article with ``problems``.
    """
    page = parsed(html, url, content_type)
    outline = walked(page.root)
    metas = {name: content for name, content in reversed(outline.metas)}
    node = article_node(nodes(read_json(text) for kind, _, text in outline.scripts if "ld+json" in kind)) or {}
    lines = body_lines(container(outline))
    blocks = tuple(Block("subhead" if line.tag in _HEADINGS else "paragraph", line.text) for line in lines)
    h1 = next((line.text for line in outline.headings if line.tag == "h1"), None)
    headline = clean_or_none(string(node.get("headline"))) or h1 or metas.get("og:title") or outline.title
    return Article(
        url=url,
        headline=clean_or_none(headline),
        summary=clean_or_none(metas.get("og:description") or metas.get("description")),
        authors=tuple(clean(name) for name in strings(node.get("author"))),
        section_path=tuple(clean(name) for name in strings(node.get("articleSection"))),
        language=(page.root.get("lang") or "").lower() or None,
        blocks=blocks,
        text="\n\n".join(block.text for block in blocks),
        article_score=min(1.0, sum(len(b.text) for b in blocks if b.kind == "paragraph") / 1000),
        problems=tuple(page.problems),
    )
