"""An archived page made harmless: no script, nothing to fetch, no way out; its text and, where it can be, its look.

The page is parsed within bounds and written anew from lists of what may stay (``disarm_names``, ``disarm_styles``).
All text and all values are escaped, and no element is written whose content HTML reads as anything but markup, beside
``title`` and ``style``: so no browser can find elements or attributes in it that were not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extraction.page import parsed
from crawler.viewer.disarm_names import ABSENT, ATTRIBUTES, FRAMES, KEPT, LEFT_OUT, LOOKS, PARTS, VOID
from crawler.viewer.disarm_styles import disarmed_declarations, disarmed_sheet

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'"
)
"""For a copy of the page that somebody saves without its headers."""

LOOK = (
    f".{ABSENT}{{display:inline-block;box-sizing:border-box;max-width:100%;overflow:auto;overflow-wrap:anywhere;"
    "border:1px dashed gray;padding:.25em;font:12px/1.4 sans-serif;color:#333;background:#f1f1f1;}\n"
    "a[data-address]{text-decoration:underline;cursor:help;}\n"
)
"""Of what stands in the place of something else. As ``disarmed_sheet`` writes it."""

HEAD = (
    '<meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    '<meta name="referrer" content="no-referrer">'
    '<meta http-equiv="x-dns-prefetch-control" content="off">'
    '<meta name="viewport" content="width=device-width">'
    f"<style>{LOOK}</style>"
)

CUT = "The page goes on. What follows is not shown, since it is too large; the download has all of it."

MAX_IMAGE_CHARACTERS = 500_000
"""Of an image that is written out in an address."""
_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp);base64,[A-Za-z0-9+/]+=*", re.I)
"""Pixels only: an SVG is a document."""
_SHOWN = ("http://", "https://", "ftp://", "mailto:", "tel:")
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "srcset", "data-srcset")
_SPECKS = frozenset("012")
"""Widths and heights, in pixels, of images that count visitors."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the viewer has what a page names; both functions are asked with absolute http addresses."""

    page: Callable[[str], str | None]
    """The viewer's address of an archived page; None: it has none."""
    requisite: Callable[[str], str | None]
    """The viewer's address of an archived image or style sheet; None: it has none."""


NOWHERE = Addresses(lambda url: None, lambda url: None)
"""Nothing but the page itself is in the archive."""


def disarmed(body: bytes, url: str, content_type: str | None = None, addresses: Addresses = NOWHERE) -> bytes:
    """A whole HTML document in UTF-8 that shows what an archived one says. Never raises for what the bytes are.

    The only live addresses in it are fragments of itself, small images of pixels that the page itself contains, and
    what ``addresses`` gives. Links show where they led as title and in ``data-address``. Twice gives what once does.
    """
    page = parsed(body, url, content_type)
    html = _Writer(page.root, url, addresses).document()
    note = f"<p>{CUT}</p>" if "size" in page.problems else ""
    return f"{html}{note}</body></html>".encode("utf-8", "replace")


class _Writer:
    """One pass over a page's tree."""

    def __init__(self, root: HtmlElement, url: str, addresses: Addresses) -> None:
        self._root, self._addresses = root, addresses
        base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
        self._base = _joined(url, base or "") or url

    def document(self) -> str:
        """All of it but the end tags of body and html."""
        head = next(self._root.iterchildren("head"), None)
        body = next(self._root.iterchildren("body"), None)
        html = "" if body is None else self._attributes(body)
        parts = ["<!DOCTYPE html><html", self._attributes(self._root), "><head>", HEAD]
        if head is not None:
            parts += self._head(head)
        return "".join([*parts, "</head><body", html, ">", *self._content()])

    def _head(self, head: HtmlElement) -> Iterator[str]:
        title = next(head.iterchildren("title"), None)
        if title is not None and (words := _text(title.text or "").strip()):
            yield f"<title>{words}</title>"
        for element in head.iter("style", "link"):  # those for readers without scripts too
            yield self._sheet(element)

    def _content(self) -> Iterator[str]:
        walk = iterwalk(self._root, events=("start", "end"))
        names: list[str] = [""]
        for event, element in walk:
            if event == "start":
                start, name = self._written(element, names[-1])
                if name is None:
                    walk.skip_subtree()
                elif element.text:
                    start += _text(element.text)
                names.append(name or "")
                yield start
            else:
                if name := names.pop():
                    yield f"</{name}>"
                if element.tail and element is not self._root:
                    yield _text(element.tail)

    def _written(self, element: HtmlElement, parent: str) -> tuple[str, str | None]:
        """What is written for an element's start, and as what it is; None: its content is left out."""
        tag = element.tag
        if tag in ("html", "body"):
            return "", ""
        if tag == "img":
            return self._image(element), None
        if tag in ("style", "link"):
            return self._sheet(element), None
        if tag in FRAMES:
            # libxml2 does not know that embed is empty: what follows it is in it.
            return (f"{self._frame(element)}<span>", "span") if tag == "embed" else (self._frame(element), None)
        if tag in LEFT_OUT:
            return "", None
        name = tag if tag in KEPT else "span"
        if name in PARTS and parent not in PARTS[name]:
            name = "span"
        attributes = self._link(element) if name == "a" else self._attributes(element, look=LOOKS.get(str(tag), ""))
        return f"<{name}{attributes}>", None if name in VOID else name

    def _attributes(self, element: HtmlElement, *, but: tuple[str, ...] = (), look: str = "") -> str:
        style = look + disarmed_declarations(element.get("style") or "")
        attributes = {"style": style} if style else {}
        attributes |= {name: value for name, value in element.attrib.items() if name in ATTRIBUTES and name not in but}
        return "".join(f' {name}="{_text(value)}"' for name, value in attributes.items())

    def _link(self, element: HtmlElement) -> str:
        href = (element.get("href") or "").strip()
        if href.startswith("#"):
            return f'{self._attributes(element)} href="{_text(href)}"'
        address = _joined(self._base, href) if href else None
        if address is None:
            return self._attributes(element)
        target = self._addresses.page(address) if address.startswith("http") else None
        live = f' href="{_text(target)}"' if target else ""
        return self._attributes(element, but=("title", "data-address")) + live + _named(address)

    def _sheet(self, element: HtmlElement) -> str:
        media = f' media="{_text(element.get("media") or "")}"' if element.get("media") else ""
        if element.tag == "link":
            target = self._linked_sheet(element)
            return f'<link rel="stylesheet" href="{_text(target)}"{media}>' if target else ""
        if (element.get("type") or "text/css").strip().lower() != "text/css":
            return ""
        sheet = disarmed_sheet(element.text or "")
        return f"<style{media}>{sheet}</style>" if sheet and sheet != LOOK else ""

    def _linked_sheet(self, element: HtmlElement) -> str | None:
        address = _joined(self._base, element.get("href") or "")
        is_sheet = (element.get("rel") or "").lower().split() == ["stylesheet"]
        return self._addresses.requisite(address) if is_sheet and address else None

    def _image(self, element: HtmlElement) -> str:
        sources = list(_sources(element))
        addresses = [found for source in sources if (found := _joined(self._base, source))]
        attributes = self._attributes(element, but=("title", "data-address"))
        for address in addresses:
            if target := self._addresses.requisite(address):
                return f'<img src="{_text(target)}"{attributes}{_named(address)}>'
        if addresses:
            return _absent(element, addresses[0])
        written = next((source for source in sources if len(source) <= MAX_IMAGE_CHARACTERS), "")
        return f'<img src="{written}"{attributes}>' if _IMAGE.fullmatch(written) else _absent(element, None)

    def _frame(self, element: HtmlElement) -> str:
        inner = [source.get("src") for source in element.iter("source", "embed", "param")]
        named = (element.get("src"), element.get("data"), element.get("data-src"), element.get("poster"), *inner)
        address = next((found for each in named if each and (found := _joined(self._base, each))), None)
        return _absent(element, address)


def _sources(element: HtmlElement) -> Iterator[str]:
    """The addresses under which an image may be had, as written."""
    picture = next(element.iterancestors("picture"), None)
    beside = () if picture is None else picture.iter("source")
    for each in (element, *beside):
        for name in _SOURCES:
            value = (each.get(name) or "").strip()
            if value and name.endswith("srcset"):
                yield from (candidate.split()[0] for candidate in value.split(", ") if candidate.strip())
            elif value:
                yield value


def _absent(element: HtmlElement, address: str | None) -> str:
    """A box of the size of what is not there, with what it was."""
    width, height = (_pixels(element.get(name)) for name in ("width", "height"))
    if width in _SPECKS or height in _SPECKS:
        return ""
    said = " ".join(filter(None, ((element.get("alt") or element.get("title") or "").strip(), address)))
    if not said:
        return ""
    sizes = [f"{name}:{value}px;" for name, value in (("width", width), ("height", height)) if value]
    style = f' style="{"".join(sizes)}"' if sizes else ""
    return f'<span{style} class="{ABSENT}"{_named(address) if address else ""}>{_text(said)}</span>'


def _pixels(value: str | None) -> str | None:
    digits = (value or "").strip().lower().removesuffix("px")
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def _named(address: str) -> str:
    return f' title="{_text(address)}" data-address="{_text(address)}"'


def _joined(base: str, address: str) -> str | None:
    """The absolute address; None where it leads nowhere that can be named."""
    try:
        absolute = urljoin(base, address.strip())
    except ValueError:
        return None
    return absolute if absolute.lower().startswith(_SHOWN) else None


def _text(text: str) -> str:
    """For text and for values in quotation marks."""
    return escape(_UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
