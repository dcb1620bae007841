"""Articles as a feed: RSS 2.0, Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from crawler.formats.markup import article_html
from crawler.index.exporting import ExportedArticle

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)

# XML 1.0 §2.2: what no document may hold, escaped or not.
_NO_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class About:
    """What a feed says of itself."""

    title: str
    description: str
    link: str
    """Where what it is of can be seen: an address."""
    made_at: datetime
    """Aware."""
    software: str


def rss(articles: Iterable[ExportedArticle], about: About) -> Iterator[str]:
    """An RSS 2.0 document, in pieces. Texts are in content:encoded, images in media:content (Media RSS)."""
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {NAMESPACES}>\n<channel>\n'
    yield _lines(
        _element("title", about.title),
        _element("link", about.link),
        _element("description", escape(about.description)),  # readers take it for HTML
        _element("lastBuildDate", format_datetime(about.made_at)),
        _element("generator", about.software),
    )
    for article in articles:
        yield f"<item>\n{_lines(*_item(article))}</item>\n"
    yield "</channel>\n</rss>\n"


def atom(articles: Iterable[ExportedArticle], about: About) -> Iterator[str]:
    """An Atom document, in pieces. An entry was updated when its newest revision was first seen."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _lines(
        _element("title", about.title),
        _element("subtitle", about.description),
        _element("id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'ofrecord {about.title} {about.description}')}"),
        f'<link rel="alternate" href={_attribute(about.link)}/>',
        _element("updated", about.made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")),
        f"<author>{_element('name', about.software)}</author>",
        _element("generator", about.software),
    )
    for article in articles:
        yield f"<entry>\n{_lines(*_entry(article))}</entry>\n"
    yield "</feed>\n"


def permanent_id(article: ExportedArticle) -> str:
    """An address-like id that stays when the article moves: made from its id."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'ofrecord {article.id}')}"


def _item(article: ExportedArticle) -> Iterator[str]:
    yield _element("title", article.headline or article.url)
    yield _element("link", article.url)
    yield f'<guid isPermaLink="false">{permanent_id(article)}</guid>'
    if article.published_at and article.published_precision == "instant":
        yield _element("pubDate", format_datetime(datetime.fromisoformat(article.published_at)))
    elif article.published_at:  # RFC 822 has no date without a zone; here a day may stand alone
        yield _element("dc:date", article.published_at[:10])
    yield from (_element("dc:creator", author) for author in article.authors)
    yield _element("dc:publisher", article.publisher)
    if article.language:
        yield _element("dc:language", article.language)
    yield from (_element("category", category) for category in (*article.section_path, *article.topics))
    if article.summary:
        yield _element("description", escape(article.summary))
    yield _element("content:encoded", article_html(article))
    for image in article.images:
        size = "".join(f' {name}="{n}"' for name, n in (("width", image.width), ("height", image.height)) if n)
        caption = _element("media:description", image.caption) if image.caption else ""
        credit = _element("media:credit", image.credit) if image.credit else ""
        yield f'<media:content url={_attribute(image.url)} medium="image"{size}>{caption}{credit}</media:content>'


def _entry(article: ExportedArticle) -> Iterator[str]:
    yield _element("title", article.headline or article.url)
    yield _element("id", permanent_id(article))
    yield f'<link rel="alternate" href={_attribute(article.url)}/>'
    if article.published_at and article.published_precision == "instant":
        yield _element("published", article.published_at)
    yield _element("updated", article.revised_at)
    for author in article.authors or (article.publisher,):
        yield f"<author>{_element('name', author)}</author>"
    categories = (*article.section_path, *article.topics)
    yield from (f"<category term={_attribute(category)}/>" for category in categories)
    if article.summary:
        yield f"<summary>{_text(article.summary)}</summary>"
    language = f" xml:lang={_attribute(article.language)}" if article.language else ""
    yield f'<content type="html"{language}>{_text(article_html(article))}</content>'


def _lines(*elements: str) -> str:
    return "".join(f"{element}\n" for element in elements)


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(_NO_CHARACTERS.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_CHARACTERS.sub("\ufffd", text))
