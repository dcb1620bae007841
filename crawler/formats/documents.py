"""An article as a document to read: Markdown with front matter, plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields

from crawler.formats.markup import caption_line
from crawler.index.exporting import ExportedArticle
from crawler.items import Block, Image

IN_THE_BODY = ("text", "blocks", "images", "embeds", "links", "kicker")
"""Fields that the front matter has not."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~$])")
_MARKDOWN_START = re.compile(r"^(\s*\d*)([#+=.)-])", re.MULTILINE)
_BEFORE = {"subhead": "## ", "quote": "> ", "list_item": "- "}


def markdown(article: ExportedArticle) -> str:
    """YAML front matter with the fields that are not null, the headline, images with captions and credits, the text."""
    return "\n".join((*_front_matter(article), "", *_parts(article))) + "\n"


def plain_text(article: ExportedArticle) -> str:
    """Headline, what it is and where it comes from, the text, and what stands below the images."""
    head = [part for part in (article.kicker, article.headline, *_facts(article)) if part]
    images = [f"Image: {line}" for image in article.images if (line := caption_line(image))]
    body = [article.summary] if article.summary else []
    return "\n\n".join(("\n".join(head), *body, article.text, *images)) + "\n"


def _front_matter(article: ExportedArticle) -> Iterator[str]:
    yield "---"
    for field in fields(article):
        value = getattr(article, field.name)
        if field.name not in IN_THE_BODY and value not in (None, ()):
            yield f"{field.name}: {json.dumps(value, ensure_ascii=False)}"  # JSON is YAML, whatever the text
    yield "---"


def _parts(article: ExportedArticle) -> Iterator[str]:
    if article.kicker:
        yield f"*{_escaped(article.kicker)}*\n"
    yield f"# {_escaped(article.headline or article.url)}\n"
    yield from (f"{_image(image)}\n" for image in article.images)
    yield "\n\n".join(map(_block, article.blocks))


def _image(image: Image) -> str:
    shown = f"![{_escaped(image.alt or '')}](<{re.sub('[<>]', '', image.url)}>)"
    caption = caption_line(image)
    return f"{shown}\n*{_escaped(caption)}*" if caption else shown


def _block(block: Block) -> str:
    before = _BEFORE.get(block.kind, "")
    rest = "> " if block.kind == "quote" else "  " if block.kind == "list_item" else ""
    lines = _escaped(block.text).split("\n")
    if block.kind == "subhead":
        return before + " ".join(lines)
    return before + f"\n{rest}".join(lines)


def _escaped(text: str) -> str:
    """What shows as this text: a page must not format the document."""
    return _MARKDOWN_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))


def _facts(article: ExportedArticle) -> Iterator[str]:
    yield ", ".join(article.authors)
    yield " · ".join(filter(None, (article.publisher, article.published_at, " / ".join(article.section_path))))
    yield article.url
    yield f"{article.revision_id}, seen {article.revised_at}; {article.warc} at {article.offset}"
