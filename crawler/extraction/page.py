"""Bytes of a page, decoded and parsed within bounds."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode, read_bom

MAX_BYTES = 8_000_000
"""Of HTML that are looked at; the largest real article page seen was a third of it."""
MAX_TAGS = 100_000
"""That are looked at; the most on a real article page seen was a fifth of it."""
SHORTEST_TAG = 3
"""Bytes: in a page that has fewer for each of so many, none needs to be counted."""
MAX_ATTRIBUTES = 200
"""Of one element. libxml2 compares each with all before it: of 20,000 that takes seconds."""
_LONG_TAG = 2000
"""Bytes; only in longer ones attributes are counted."""
_TAG_START = re.compile(rb"<[a-zA-Z]")
_RAW_TEXT = re.compile(rb"<(/?)(script|style)\b", re.I)
_ATTRIBUTE = re.compile(rb"""[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?|["'=/]""")
_SHIFTS = b"\x1b"
"""Of ISO-2022-JP, which is all ASCII."""


@dataclass(slots=True)
class Page:
    """A parsed page and what went wrong on the way."""

    url: str
    root: HtmlElement
    problems: list[str] = field(default_factory=list)


def parsed(body: bytes, url: str, content_type: str | None = None) -> Page:
    """The page as a tree. Never raises for what the bytes are: a page without elements has an empty root."""
    problems: list[str] = []
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        problems.append("size")
    source = in_utf8(body, content_type).replace(b"\x00", b"")
    if len(source) > SHORTEST_TAG * MAX_TAGS and source.count(b"<") > MAX_TAGS:
        source = b"<".join(source.split(b"<", MAX_TAGS)[:MAX_TAGS])
        problems.append("size")
    return Page(url, _tree(_with_few_attributes(source), problems), problems)


def _with_few_attributes(source: bytes) -> bytes:
    """A page whose elements have no more attributes than count."""
    cuts = [(cut, end) for start, end in _long_runs(source) if (cut := _cut(source, start, end)) is not None]
    if not cuts:
        return source
    scripts = list(_scripts(source))
    kept, at = [], 0
    for cut, end in cuts:
        # What is in a script only looks like an element.
        if not any(begin <= cut < close for begin, close in scripts[bisect(scripts, (cut, end)) - 1 :][:1]):
            kept.append(source[at:cut])
            at = end
    return b"".join((*kept, source[at:]))


def _long_runs(source: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what stands between two ">" far from each other."""
    at = 0
    while (at := at + _LONG_TAG // 2) < len(source):
        if source.find(b">", at, at + _LONG_TAG // 2) < 0:
            start, end = source.rfind(b">", 0, at) + 1, source.find(b">", at)
            end = len(source) if end < 0 else end
            yield start, end
            at = end


def _scripts(source: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each script and style sheet, in order."""
    begin, kind = 0, b""
    for tag in _RAW_TEXT.finditer(source):
        if not kind and not tag[1]:
            begin, kind = tag.start(), tag[2].lower()
        elif tag[1] and tag[2].lower() == kind:
            yield begin, tag.start()
            kind = b""
    if kind:
        yield begin, len(source)


def _cut(source: bytes, start: int, end: int) -> int | None:
    """Where the attributes beyond the limit begin in what stands before a ">"; None where there are fewer."""
    tag = _TAG_START.search(source, start, end)
    if tag is None:
        return None
    attribute = next(islice(_ATTRIBUTE.finditer(source, tag.end(), end), MAX_ATTRIBUTES, None), None)
    return attribute.start() if attribute else None


def in_utf8(body: bytes, content_type: str | None) -> bytes:
    """A page in UTF-8: as it is if it is valid, whatever is declared; else by w3lib's rules: BOM, header, meta,
    Windows-1252.

    Servers and templates declare old encodings for pages that have long been UTF-8, and text in another encoding
    is valid UTF-8 by chance only if it is next to empty. A page that was cut inside a character is valid before it.
    """
    if read_bom(body)[0] is None and not (body.isascii() and _SHIFTS in body):
        try:
            body.decode("utf-8")
            return body
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data":
                return body[: error.start]
    # UTF-7 can spell half a character pair, UTF-8 cannot.
    return html_to_unicode(content_type, body, default_encoding="cp1252")[1].encode("utf-8", "replace")


def _tree(source: bytes, problems: list[str]) -> HtmlElement:
    # A parser of its own for each page: lxml serialises the use of a shared one and keeps its error log.
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, collect_ids=False, encoding="utf-8")
    # By itself lxml.html asks a Python function for the class of every element; one class serves all.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        problems.append("unreadable")
        return html.fromstring("<html><body></body></html>")
    return root
