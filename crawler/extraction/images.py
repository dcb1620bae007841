"""The images of an article: their largest address, caption, credit and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.captions import caption_of
from crawler.extraction.credits import caption_and_credit
from crawler.extraction.facts import Candidate, Facts, removed_elements, value_of
from crawler.extraction.outline import ASIDE, BYLINE, COMMENT, FOOTER, FOREIGN, HEADER, NAV, Line, Picture
from crawler.extraction.structured import Node, string
from crawler.items import Image
from crawler.normalisation.text import clean, clean_or_none
from crawler.publishers.rules import selector

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-url",
    "data-hi-res-src",
    "data-srcset",
    "data-lazy-srcset",
    "srcset",
    "src",
)
_SMALL = re.compile(r"(?:pixel|spacer|blank|1x1|logo|icon|avatar|sprite|placeholder)[\w.-]*$|/(?:bl)?avatars?/", re.I)
_OF_THE_SITE = re.compile(
    r"(?:^|[/_.-])(?:opengraph|share|sharing|social|default|fallback|placeholder|no-?image|logo)"
    r"(?:[_.-]?(?:image|img|default|share|logo|card|large|\d+))*\.\w{3,4}$",
    re.I,
)
"""What sites call the picture that stands for pages without any."""
_BETWEEN_OFFERS = re.compile(r",\s|,(?=https?:|/)")
_DESCRIPTOR = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([wx]),?")
_NEVER = NAV | FOOTER | COMMENT
MIN_SIDE = 80
"""Pixels below which an image is an icon."""
ABOVE = 60
"""Elements above the headline among which a lead image may stand."""
MAX_STATED = 20
"""Images that structured data may name, of which the first is taken."""
MAX_PICTURES = 1000
"""That are looked at; no article shows as many."""
MAX_NAME = 200
"""Characters of a file's name, of which the last are looked at."""


def images(facts: Facts, body: Body, shown: Line | None) -> tuple[Image, ...]:
    """Every image with or in the article, in the page's order; the lead image first where only metas name it."""
    found: list[Image] = []
    offered = _laid_out(facts) if facts.rule("image") else _placed(facts, body, shown)
    for image in islice(offered, MAX_PICTURES):
        if not any(_same(image, other) for other in found):
            found.append(image)
    return tuple(found or _stated(facts))


def _placed(facts: Facts, body: Body, shown: Line | None) -> Iterator[Image]:
    start = (shown.order if shown else body.start) - ABOVE
    for picture in facts.outline.pictures:
        if not start <= picture.order <= body.end:
            continue
        caption, credit = _ruled(facts, _figure(picture), caption_of(picture))
        if (not credit and not _is_of_article(picture, body)) or picture.flags & (_NEVER | BYLINE):
            continue
        if image := _image(facts, picture.element, caption, credit):
            yield image


def _figure(picture: Picture) -> HtmlElement:
    """The element that holds an image and what stands with it."""
    return next(picture.element.iterancestors("figure"), picture.box.element)


def _is_of_article(picture: Picture, body: Body) -> bool:
    """Whether an image between headline and end is the article's: with a caption it may stand in a box beside it."""
    inside = picture.order >= body.start
    if picture.flags & (FOREIGN | ASIDE) and not (picture.captions and inside):
        return False
    return picture.figure or bool(picture.captions) or (inside and not picture.flags & HEADER)


def _laid_out(facts: Facts) -> Iterator[Image]:
    """The images of the first step of the layout's rule that finds any, but for those that it removes."""
    removed = removed_elements(facts.layout, facts.root)
    known = {picture.element: picture for picture in facts.outline.pictures}
    for step in facts.rule("image"):
        pairs = [(figure, _picture(figure)) for figure in selector(step).find(facts.root)]
        held = [(figure, picture) for figure, picture in pairs if picture is not None and picture not in removed]
        for figure, picture in held:
            found = caption_of(known[picture]) if picture in known else caption_and_credit(_text(figure))
            if image := _image(facts, picture, *_ruled(facts, figure, found)):
                yield image
        if held:
            return


def _picture(figure: HtmlElement) -> HtmlElement | None:
    """The image in a figure; some sites have an element of their own for it."""
    standard = next(figure.iter("img"), None)
    if standard is not None:
        return standard
    return next((inner for inner in figure.iter() if inner.get("data-srcset") or inner.get("data-src")), None)


def _ruled(facts: Facts, holder: HtmlElement, found: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """Caption and credit as the layout's rules say, where it has any; else what was found."""
    if not facts.rule("caption") and not facts.rule("credit"):
        return found
    captions, credit = _inside(facts, holder, "caption"), "; ".join(_inside(facts, holder, "credit"))
    if facts.rule("caption"):
        return caption_and_credit(captions[0] if captions else "", credit or None)
    return found[0], credit or found[1]


def _inside(facts: Facts, holder: HtmlElement, name: str) -> list[str]:
    """What the first step of the layout's rule that finds anything finds in what holds an image."""
    for step in facts.rule(name):
        css, attribute = selector(step)
        if texts := [text for element in css(holder) if (text := value_of(element, attribute))]:
            return texts
    return []


def _image(facts: Facts, picture: HtmlElement, caption: str | None, credit: str | None) -> Image | None:
    url = _address(facts, picture)
    if url is None:
        return None
    width, height = _pixels(picture.get("width")), _pixels(picture.get("height"))
    if not caption and ((width and width < MIN_SIDE) or (height and height < MIN_SIDE)):
        return None
    return Image(url, caption, credit, clean_or_none(picture.get("alt")), width, height)


def _text(figure: HtmlElement) -> str:
    return clean(" ".join(" ".join(caption.itertext()) for caption in figure.iter("figcaption")))


def _address(facts: Facts, picture: HtmlElement) -> str | None:
    """The largest address that the image offers."""
    offers: list[tuple[float, str]] = []
    for name in _LAZY:
        value = picture.get(name)
        if value and not value.startswith(("data:", "#")):
            offers.extend(_offers(value) if "srcset" in name else [(1.0, value)])
    # libxml2 does not know that a source has no content: what follows it stands inside.
    parent = next((each for each in islice(picture.iterancestors(), 12) if each.tag != "source"), None)
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            offers.extend(_offers(source.get("srcset") or source.get("data-srcset") or ""))
    for _, value in sorted(offers, key=lambda offer: -offer[0]):
        url = facts.absolute(value)
        if url and not _SMALL.search(urlsplit(url).path[-MAX_NAME:]):
            return url
    return None


def _offers(srcset: str) -> Iterator[tuple[float, str]]:
    for offer in _BETWEEN_OFFERS.split(srcset[:8000]):
        address, *descriptors = offer.split()[:2] or [""]
        if address.rstrip(",") and not address.startswith("data:"):
            size = _DESCRIPTOR.fullmatch(descriptors[0]) if descriptors else None
            width = float(size[1]) if size else 1.0
            yield (width if size and size[2] == "w" else width * 100, address.rstrip(","))


def _pixels(value: str | None) -> int | None:
    digits = (value or "").strip().removesuffix("px")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 6
    return int(digits) if is_number and 0 < int(digits) < 20_000 else None


def _same(image: Image, other: Image) -> bool:
    return image.url == other.url or bool(
        image.caption and image.caption == other.caption and image.credit == other.credit
    )


def _stated(facts: Facts) -> Iterator[Image]:
    """The image that structured data or metas name."""
    for node in _image_nodes(facts):
        if url := _stated_address(facts, string(node.get("url")) or string(node.get("contentUrl"))):
            caption, credit = caption_and_credit(string(node.get("caption")) or "", string(node.get("creditText")))
            width, height = (_pixels(string(node.get(side)) or str(node.get(side))) for side in ("width", "height"))
            yield Image(url, caption, credit, None, width, height)
            return
    for candidate in facts.meta("og:image", "og:image:url", "twitter:image"):
        if url := _stated_address(facts, candidate.value):
            yield Image(url)
            return


def _stated_address(facts: Facts, stated: str | None) -> str | None:
    """An absolute address; None for one that says that it is the site's own picture, for pages without any."""
    url = facts.absolute(stated or "")
    path = urlsplit(url or "").path[-MAX_NAME:]
    return None if _OF_THE_SITE.search(path) or _SMALL.search(path) else url


def _image_nodes(facts: Facts) -> list[Node]:
    """What the article states as its images: nodes, or the addresses of nodes that stand elsewhere on the page."""
    value = facts.article.get("image")
    values = value[:MAX_STATED] if isinstance(value, list) else [value]
    found = [each if isinstance(each, dict) else {"url": each} for each in values if isinstance(each, (dict, str))]
    referred = {each["@id"] for each in found if list(each) == ["@id"] and isinstance(each["@id"], str)}
    return found + [node for node in facts.nodes if node.get("@id") in referred] if referred else found


def note(facts: Facts, found: tuple[Image, ...]) -> None:
    """Puts captions and credits on record."""
    for at, image in enumerate(found):
        for name, value in (("caption", image.caption), ("credit", image.credit)):
            if value:
                facts.note(name, Candidate(value, "body", f"image {at}"), chosen=True)
