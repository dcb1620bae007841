"""Bytes of a page, decoded and parsed within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode, read_bom

MAX_BYTES = 8_000_000
"""Of HTML that are looked at; the largest real article page seen was a third of it."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


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
    text = _XML_DECLARATION.sub("", decoded(body, content_type).replace("\x00", ""))
    return Page(url, _tree(text, problems), problems)


def decoded(body: bytes, content_type: str | None) -> str:
    """Text as UTF-8 if it is valid, whatever is declared; else by w3lib's rules: BOM, header, meta, Windows-1252.

    Servers and templates declare old encodings for pages that have long been UTF-8, and text in another encoding
    is valid UTF-8 by chance only if it is next to empty.
    """
    if read_bom(body)[0] is None and not body.isascii():
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return html_to_unicode(content_type, body, default_encoding="cp1252")[1]


def _tree(text: str, problems: list[str]) -> HtmlElement:
    # A parser of its own for each page: lxml serialises the use of a shared one and keeps its error log.
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    # By itself lxml.html asks a Python function for the class of every element; one class serves all.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        problems.append("unreadable")
        return html.fromstring("<html><body></body></html>")
    return root
