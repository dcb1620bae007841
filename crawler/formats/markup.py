"""An article's text as HTML: its blocks and images, and nothing that a page brought with it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from crawler.index.exporting import ExportedArticle
from crawler.items import Image

_ELEMENTS = {"paragraph": "p", "subhead": "h2", "quote": "blockquote", "table": "p", "embed": "p"}


def article_html(article: ExportedArticle) -> str:
    """Images with captions and credits, then the text."""
    return "".join((*map(_figure, article.images), *_blocks(article)))


def caption_line(image: Image) -> str:
    """What stands below an image: "The breach at low tide (AFP)"; "" where nothing does."""
    credit = f"({image.credit})" if image.credit else ""
    return " ".join(filter(None, (image.caption, credit)))


def _figure(image: Image) -> str:
    caption = caption_line(image)
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(image.url)}" alt="{escape(image.alt or "")}"/>{below}</figure>'


def _blocks(article: ExportedArticle) -> Iterator[str]:
    for kind, blocks in groupby(article.blocks, key=lambda block: block.kind):
        if kind == "list_item":
            yield f"<ul>{''.join(f'<li>{escape(block.text)}</li>' for block in blocks)}</ul>"
        else:
            element = _ELEMENTS[kind]
            yield from (f"<{element}>{escape(block.text)}</{element}>" for block in blocks)
