"""Bytes of a page, decoded and parsed within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode, read_bom

MAX_BYTES = 8_000_000
"""Of HTML that are looked at; the largest real article page seen was a third of it."""
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
    return Page(url, _tree(in_utf8(body, content_type).replace(b"\x00", b""), problems), problems)


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
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    # By itself lxml.html asks a Python function for the class of every element; one class serves all.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        problems.append("unreadable")
        return html.fromstring("<html><body></body></html>")
    return root
