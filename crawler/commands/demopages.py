"""The demo site's articles, and what its HTML looks like."""

from __future__ import annotations

import json
import struct
import tomllib
import zlib
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml">
$head
</head>
<body>
<header><a href="/">$site</a> <nav>$sections</nav></header>
<main>$main</main>
<footer><a href="/about">About us</a></footer>
</body>
</html>
""")

_ARTICLE = Template("""<article>
<nav class="breadcrumb"><a href="/">Home</a> / <a href="$section_path">$section</a></nav>
<h1>$headline</h1>
<p class="standfirst">$summary</p>
<p class="byline">By $authors, <time datetime="$published">$day</time></p>
$figure
<div class="body">
$body
</div>
</article>""")


@dataclass(frozen=True, slots=True)
class DemoSection:
    """One section of demo.toml."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article of demo.toml."""

    path: str
    section: str
    headline: str
    summary: str
    authors: tuple[str, ...]
    published: datetime
    markup: str
    """How the page states its facts: "json-ld" or "meta"."""
    body: str
    modified: datetime | None = None
    caption: str | None = None

    @property
    def image(self) -> str:
        return f"/images/{self.path.rpartition('/')[2]}.png"


@dataclass(frozen=True, slots=True)
class DemoTexts:
    """All of demo.toml."""

    title: str
    about: str
    sections: tuple[DemoSection, ...]
    articles: tuple[DemoArticle, ...]
    """The newest first."""
    redirects: dict[str, str]
    """Old path to new."""

    def section(self, name: str) -> DemoSection:
        return next(section for section in self.sections if section.name == name)


def demo_texts() -> DemoTexts:
    """The texts that lie beside this module."""
    texts = tomllib.loads(Path(__file__).with_name("demo.toml").read_text("utf-8"))
    return DemoTexts(
        texts["title"],
        texts["about"],
        tuple(DemoSection(**entry) for entry in texts["sections"]),
        tuple(map(_article, texts["articles"])),
        texts["redirects"],
    )


def _article(entry: dict[str, Any]) -> DemoArticle:
    made: dict[str, Any] = {**entry, "authors": tuple(entry["authors"])}
    for name in ("published", "modified"):
        if name in entry:
            made[name] = datetime.fromisoformat(entry[name])
    return DemoArticle(**made)


def html_page(texts: DemoTexts, title: str, main: str, head: str = "") -> bytes:
    """A whole page around its main part."""
    sections = " ".join(f'<a href="{section.path}">{escape(section.name)}</a>' for section in texts.sections)
    return _PAGE.substitute(
        title=escape(title), site=escape(texts.title), head=head, sections=sections, main=main
    ).encode()


def article_page(texts: DemoTexts, article: DemoArticle, base: str) -> bytes:
    """An article's page, its facts stated as JSON-LD or as metas."""
    main = _ARTICLE.substitute(
        section=escape(article.section),
        section_path=texts.section(article.section).path,
        headline=escape(article.headline),
        summary=escape(article.summary),
        authors=escape(" and ".join(article.authors)),
        published=article.published.isoformat(),
        day=day(article),
        figure=_figure(article),
        body=paragraphs(article.body),
    )
    state = _json_ld if article.markup == "json-ld" else _metas
    return html_page(texts, f"{article.headline} – {texts.title}", main, state(texts, article, base))


def teaser(article: DemoArticle) -> str:
    """How lists show an article."""
    return (
        f'<article><h2><a href="{article.path}">{escape(article.headline)}</a></h2><p>{escape(article.summary)}</p>'
        f'<time datetime="{article.published.isoformat()}">{day(article)}</time></article>'
    )


def day(article: DemoArticle) -> str:
    return f"{article.published.day} {article.published:%B %Y}"


def paragraphs(text: str) -> str:
    """HTML of a text as demo.toml has it."""
    return "\n".join(map(_paragraph, text.strip().split("\n\n")))


def _paragraph(text: str) -> str:
    line = " ".join(text.split())
    if line.startswith("## "):
        return f"<h2>{escape(line.removeprefix('## '))}</h2>"
    if line.startswith("> "):
        return f"<blockquote><p>{escape(line.removeprefix('> '))}</p></blockquote>"
    return f"<p>{escape(line)}</p>"


def _figure(article: DemoArticle) -> str:
    if not article.caption:
        return ""
    return (
        f'<figure><img src="{article.image}" width="320" height="180" alt="">'
        f"<figcaption>{escape(article.caption)}</figcaption></figure>"
    )


def _json_ld(texts: DemoTexts, article: DemoArticle, base: str) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": base + article.path,
        "headline": article.headline,
        "description": article.summary,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.modified or article.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "articleSection": article.section,
        "publisher": {"@type": "NewsMediaOrganization", "name": texts.title},
    }
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


def _metas(texts: DemoTexts, article: DemoArticle, base: str) -> str:
    properties = {
        "og:type": "article",
        "og:site_name": texts.title,
        "og:title": article.headline,
        "og:description": article.summary,
        "article:published_time": article.published.isoformat(),
        "article:section": article.section,
    }
    metas = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    metas += [f'<meta name="author" content="{escape(name)}">' for name in article.authors]
    return "\n".join([*metas, f'<link rel="canonical" href="{base}{article.path}">'])


def picture(text: str, width: int = 320, height: int = 180) -> bytes:
    """A PNG (RFC 2083) of a sea under a sky; the text decides on the colours."""
    seed = zlib.crc32(text.encode())
    sky, sea = (150 + seed % 90, 190, 230), (30, 70 + seed % 60, 110)
    rows = (bytes((0, *(sky if y < height * 5 // 8 else sea) * width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
