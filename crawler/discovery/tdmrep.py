"""/.well-known/tdmrep.json: what a site says of text and data mining on its pages (TDMRep, report of 2024)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

PATH = "/.well-known/tdmrep.json"

TDMREP_LIMIT = 512 * 1024
"""Bytes of the file; one that is longer counts as none."""

RULES_LIMIT = 1000
"""Rules that are read, in order."""

POLICY_LIMIT = 2000
"""Characters of the address of the terms."""

RESERVATION, POLICY = "tdm-reservation", "tdm-policy"

Said = tuple[tuple[str, str], ...]
"""Names and values as of header fields: the reservation, and the address of the terms where there is one."""

_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
# RFC 3986 §2.3.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Reservations:
    """The rules of a site's file, in order."""

    _rules: tuple[tuple[str, Said], ...] = ()

    def covering(self, url: str) -> Said:
        """What the first rule for a URL says; nothing where there is none, or it cannot be read."""
        if not self._rules:
            return ()
        parts = urlsplit(url)
        path = _comparable((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        path = path.replace("*", "%2A").replace("$", "%24")
        return next((said for location, said in self._rules if _matches(location, path)), ())


def reservations_of(body: bytes) -> Reservations:
    """The rules of a tdmrep.json; whatever cannot be read in it is as if it were not there. Never raises."""
    if len(body) > TDMREP_LIMIT:
        return Reservations()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Reservations()
    return Reservations(tuple(_rules(found[:RULES_LIMIT]))) if isinstance(found, list) else Reservations()


def _rules(found: list[Any]) -> Iterator[tuple[str, Said]]:
    for rule in found:
        if isinstance(rule, dict) and isinstance(location := rule.get("location"), str):
            yield _comparable(location.strip()), _said(rule)


def _said(rule: dict[str, Any]) -> Said:
    reserved, policy = str(rule.get(RESERVATION)).strip(), rule.get(POLICY)
    # Another value is a fault, by which nothing is said (§ "tdm-reservation"); as a text it is written by many.
    if reserved not in ("0", "1"):
        return ()
    terms = policy.strip() if isinstance(policy, str) else ""
    return ((RESERVATION, reserved), *(((POLICY, terms),) if _is_address(terms) else ()))


def _is_address(text: str) -> bool:
    """Whether it may be one, and can stand in a line of a record."""
    return 0 < len(text) <= POLICY_LIMIT and text.isprintable() and " " not in text


def _comparable(path: str) -> str:
    """With one spelling of what can be escaped."""

    def spelt(escaped: re.Match[str]) -> str:
        character = chr(int(escaped[1], 16))
        return character if character in _UNRESERVED else escaped[0].upper()

    return quote(_ESCAPED.sub(spelt, path), safe=_ASCII, errors="replace")


def _matches(location: str, path: str) -> bool:
    """Whether a path begins as a pattern says, where "*" is anything and "$" at its end the end (RFC 9309 §2.2.3).

    In time that grows with the length of both only, whatever the pattern.
    """
    to_the_end = location.endswith("$")
    first, *parts = location.removesuffix("$").replace("$", "%24").split("*")
    if not path.startswith(first):
        return False
    if not parts:
        return not to_the_end or len(path) == len(first)
    at, last = len(first), parts.pop()
    for part in parts:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if to_the_end:
        return path.endswith(last) and len(path) - len(last) >= at
    return path.find(last, at) >= 0
