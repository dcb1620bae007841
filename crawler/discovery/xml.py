"""XML from the web made safe to parse: UTF-8, without a DTD, without characters that no XML may hold."""

from __future__ import annotations

import re
from html.entities import html5

from w3lib.encoding import html_to_unicode

from crawler.errors import BadListing

_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>")
# RSS 0.91 demands a DOCTYPE that names a public DTD: that one is cut out. One with a subset of its own may
# define entities, and no feed or sitemap needs that.
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[<>]{0,1000}>", re.IGNORECASE)
_SUBSET = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
# XML 1.0 (fifth edition) §2.2, production 2; the same characters written as references.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


def safe_xml(body: bytes, url: str, content_type: str | None = None) -> bytes:
    """The document in UTF-8, ready for a parser that knows no entities but XML's own five.

    Names of HTML entities become their characters, a bare "&" is written as "&amp;". Raises BadListing when the
    document brings a DTD of its own.
    """
    _, text = html_to_unicode(content_type, body)
    text = _DECLARATION.sub("", _NO_CHARACTER.sub("", text).lstrip("\ufeff \t\r\n"), count=1)
    pieces = _CDATA.split(text)
    pieces[0] = _DOCTYPE.sub("", pieces[0], count=1)
    # Every second piece is a CDATA section, in which nothing is markup.
    pieces[::2] = [_safe_markup(piece, url) for piece in pieces[::2]]
    return "".join(pieces).encode()


def _safe_markup(text: str, url: str) -> str:
    if _SUBSET.search(text):
        what = "the document brings a DTD of its own; refused, it could define entities without end"
        raise BadListing(f"{url}: {what}", "dtd")
    if "&" not in text:
        return text
    return _BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_character, _NO_REFERENCE.sub("", text)))


def _character(found: re.Match[str]) -> str:
    return found[0] if found[1].lower() in _XML_OWN else html5.get(f"{found[1]};", found[0])
