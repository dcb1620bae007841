"""A request as JSON and back, and when two requests are the same. Knows the form of Scrapy's Request.to_dict."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from crawler.normalisation.urls import canonical_url

COLUMNS = ("url", "priority")
"""Parts of a request that an Entry has fields for."""

DEFAULTS: dict[str, Any] = {"method": "GET", "encoding": "utf-8", "dont_filter": False}


def fingerprint(method: str, url: str, body: bytes) -> bytes:
    """16 bytes, equal for requests of one method, canonical URL and body."""
    text = f"{method}\n{canonical_url(url)}\n".encode("utf-8", "surrogatepass")
    return blake2b(text + body, digest_size=16).digest()


def request_as_json(known: Mapping[str, Any]) -> dict[str, Any]:
    """What of a request is not the default, without ``COLUMNS``.

    Values in ``meta`` that are no JSON belong to one attempt, such as a capture, and are left out.
    Raises TypeError for cb_kwargs that are no JSON: the callback could not be called again.
    """
    plain = {name: value for name, value in known.items() if value and name not in COLUMNS}
    plain = {name: value for name, value in plain.items() if value != DEFAULTS.get(name)}
    if "headers" in plain:
        headers = known["headers"].items()
        plain["headers"] = {_text(name): [_text(value) for value in values] for name, values in headers}
    if "body" in plain:
        plain["body"] = b64encode(known["body"]).decode("ascii")
    if "meta" in plain:
        plain["meta"] = {name: value for name, value in known["meta"].items() if _is_json(value)}
    json.dumps(plain.get("cb_kwargs"))
    return plain


def request_from_json(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of ``request_as_json``, for Scrapy's ``request_from_dict``; url and priority are to be added."""
    known = dict(plain)
    if "headers" in plain:
        known["headers"] = {
            name.encode("latin-1"): [value.encode("latin-1") for value in values]
            for name, values in plain["headers"].items()
        }
    if "body" in plain:
        known["body"] = b64decode(plain["body"])
    if "meta" in plain:
        known["meta"] = dict(plain["meta"])
    return known


def _text(raw: bytes) -> str:
    # Headers are bytes: Latin-1 takes every one of them there and back.
    return raw.decode("latin-1")


def _is_json(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
