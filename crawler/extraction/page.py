"""Bytes of a page, decoded and parsed within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import (
    html_body_declared_encoding,
    html_to_unicode,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

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
    """Text by w3lib's rules: BOM, header, meta, then UTF-8 if it is valid, else Windows-1252."""
    if declared_utf8(body, content_type):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return html_to_unicode(content_type, body, auto_detect_fun=_guess, default_encoding="cp1252")[1]


def declared_utf8(body: bytes, content_type: str | None) -> bool:
    """Whether the page says UTF-8, or says nothing."""
    if read_bom(body)[0] is not None:
        return False
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    return declared in (None, "utf-8")


def _guess(body: bytes) -> str | None:
    try:
        to_unicode(body[:100_000], "utf-8")
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


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
