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
_COMMONS = re.compile(r"/licenses/([a-z+-]+)/|/publicdomain/(zero|mark)/")


def directives(values: Iterable[str]) -> list[str]:
    """The directives of robots metas and X-Robots-Tag headers for everybody or for us, in order, each once.

    Of a header one agent's directives follow its name and a colon, up to the end of the field; those of other agents
    are left out. What only says how long a snippet may be says nothing here.
    """
    found = [word for value in values for word in _words(value)]
    return list(dict.fromkeys(word for word in found if word not in _MEANS_NOTHING))


def reservation(values: Iterable[str]) -> int | None:
    """1: reserved, as header or page says; 0: both say that it is not, or one does; None: nothing is said."""
    said = {value.strip() for value in values}
    return 1 if "1" in said else 0 if "0" in said else None


def terms(robots: Iterable[str], reservations: Iterable[str], licence: str | None) -> tuple[str, ...]:
    """All that a page asks: directives, "tdm-reserved", "licensed" and the Creative Commons licence ("cc-by-sa")."""
    reserved = [RESERVED] if reservation(reservations) else []
    return (*directives(robots), *reserved, *(_of_licence(licence) if licence else ()))


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
