"""What a page asks of those who keep or use it, in words of one form: robots directives, TDM reservation, licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

AGENT = "ofrecord"
"""As robots.txt and X-Robots-Tag address this crawler."""

RESERVED = "tdm-reserved"
"""TDMRep (W3C community report of 2024): text and data mining is reserved to the rightsholder."""

LICENSED = "licensed"
"""The page names a licence."""

# Of Google, Bing and Yandex; noai and noimageai of DeviantArt, which others took up; "none" is short for two.
DIRECTIVES = frozenset(
    "all noindex nofollow noarchive nocache nosnippet noimageindex notranslate nositelinkssearchbox indexifembedded "
    "noodp noydir noai noimageai noml unavailable_after max-snippet max-image-preview max-video-preview".split()
)
_MEANS_NOTHING = frozenset(("all", "noodp", "noydir", "max-snippet", "max-image-preview", "max-video-preview"))
_AGENT = re.compile(r"\s*([a-z0-9_*.-]+)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r'<([^<>]+)>((?:[^",<]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER = re.compile(r';\s*([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')
_COMMONS = re.compile(r"/licenses/([a-z+-]+)/|/publicdomain/(zero|mark)/")


def directives(values: Iterable[str]) -> list[str]:
    """The directives of robots metas and X-Robots-Tag headers for everybody or for us, in order, each once.

    Of a header one agent's directives follow its name and a colon, up to the end of the field; those of other agents
    are left out. What only says how long a snippet may be says nothing here.
    """
    found = [word for value in values for word in _words(value)]
    return list(dict.fromkeys(word for word in found if word not in _MEANS_NOTHING))


def reservation(*places: Iterable[str]) -> int | None:
    """1: reserved; 0: not; None: nothing is said. The first place that says anything counts; where it says both, 1.

    TDMRep's order is page, header, the site's file (§ "Processing priority").
    """
    for values in places:
        said = {value.strip() for value in values}
        if found := said & {"0", "1"}:
            return int(max(found))
    return None


def linked_licences(values: Iterable[str]) -> list[str]:
    """The licences that Link header fields name, as written (RFC 8288; RFC 4946 has the relation)."""
    return [link[1].strip() for value in values for link in _LINK.finditer(value) if _is_licence(link[2])]


def terms(robots: Iterable[str], reserved: int | None, licence: str | None) -> tuple[str, ...]:
    """All that a page asks: directives, "tdm-reserved", "licensed" and the Creative Commons licence ("cc-by-sa")."""
    return (*directives(robots), *([RESERVED] if reserved else []), *(_of_licence(licence) if licence else ()))


def _words(value: str) -> Iterator[str]:
    value = value.lower()
    named = _AGENT.match(value)
    if named and named[1] not in DIRECTIVES:
        if named[1] not in (AGENT, "*"):
            return
        value = named[2]
    for part in value.replace(";", ",").split(","):
        word = part.partition(":")[0].strip()
        if word == "none":
            yield from ("noindex", "nofollow")
        elif word in DIRECTIVES:
            yield word


def _is_licence(parameters: str) -> bool:
    """Of this page: an anchor makes it the licence of something else."""
    said: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(parameters):
        said.setdefault(name.lower(), (quoted or plain).lower())
    return "license" in said.get("rel", "").split() and "anchor" not in said


def _of_licence(licence: str) -> Iterator[str]:
    yield LICENSED
    try:
        parts = urlsplit(licence.strip().lower())
    except ValueError:
        return
    if (parts.hostname or "").removeprefix("www.") != "creativecommons.org":
        return
    if found := _COMMONS.search(f"{parts.path}/"):
        yield f"cc-{found[1]}" if found[1] else {"zero": "cc0", "mark": "public-domain"}[found[2]]
