"""A request as JSON and back. Knows the form of Scrapy's ``Request.to_dict``, here called what is *known* of it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from crawler.frontier.protocol import Entry
from crawler.frontier.schedule import EAGER, LISTINGS
from crawler.items import Purpose
from crawler.normalisation.urls import canonical_url, host_of

LEASE = "lease"
"""The key in ``meta`` that says which lease a request is made under; never stored."""

COLUMNS = ("url", "priority")
"""Parts of a request that an Entry has fields for."""

DEFAULTS: dict[str, Any] = {"method": "GET", "encoding": "utf-8", "dont_filter": False}
"""What is not kept of a request, as most have it."""

COUNTERS = ("retry_times", "not_at", "redirect_times", "redirect_ttl", "redirect_urls", "redirect_reasons")
"""What retries, redirects and hosts that fail note in ``meta``; all else that an attempt adds (proxies, say) ends with
it."""


def fingerprint(method: str, url: str, body: bytes) -> bytes:
    """16 bytes, equal for requests of one method, canonical URL and body."""
    text = f"{method}\n{canonical_url(url)}\n".encode("utf-8", "surrogatepass")
    return blake2b(text + body, digest_size=16).digest()


def entry_of(known: Mapping[str, Any], again_before: datetime) -> Entry:
    """The entry of a request. Listings, and what asks for it, are queued again if settled ``again_before``.

    Pages of a publisher's archive are not, unless they ask for it: nothing will come on them any more.

    Listings that have long brought nothing new are left to their time, unless they ask for it.
    """
    meta = known["meta"]
    host = host_of(known["url"])
    purpose = meta.get("purpose", "other")
    group = meta.get("download_slot") or host
    forced = known["dont_filter"] or meta.get("again")
    again = forced or (purpose in LISTINGS and not meta.get("archive"))
    return Entry(
        fingerprint=fingerprint(known["method"], known["url"], known["body"]),
        url=known["url"],
        group=group,
        purpose=purpose,
        priority=known["priority"],
        request=_short(as_json(known), purpose, group),
        again_before=again_before if again else None,
        eager=None if forced else EAGER,
    )


def known_of(entry: Entry) -> dict[str, Any]:
    """What is known of an entry's request, complete for Scrapy's ``request_from_dict``."""
    plain = _whole(entry.request, entry.purpose, entry.group)
    headers = plain.get("headers", {}).items()
    return {
        "method": "GET",
        "dont_filter": False,
        **plain,
        "url": entry.url,
        "priority": entry.priority,
        "headers": {name.encode("latin-1"): [value.encode("latin-1") for value in values] for name, values in headers},
        "body": b64decode(plain.get("body", "")),
        "meta": dict(plain.get("meta", {})),
    }


def followed(entry: Entry, known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the request that a retry or redirect, itself ``known``, makes of an entry's.

    Middlewares have added to it what belongs to one attempt: only where it goes is taken from it.
    """
    before = known_of(entry)
    counters = {name: known["meta"][name] for name in COUNTERS if name in known["meta"]}
    return {
        **before,
        **{name: known[name] for name in ("url", "method", "body", "priority")},
        # A redirect to another host loses Cookie and Authorization.
        "headers": {name: values for name, values in before["headers"].items() if name in known["headers"]},
        "meta": before["meta"] | counters,
    }


def as_json(known: Mapping[str, Any]) -> dict[str, Any]:
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


def _usual(purpose: Purpose, group: str) -> tuple[dict[str, str], dict[str, str]]:
    """What nearly all requests of a purpose say, and their ``meta``: a third of a row. Of other spiders' nothing is."""
    if purpose == "other":
        return {}, {}
    callbacks = {"callback": f"parse_{purpose}", "errback": "failed"}
    return callbacks, {"purpose": purpose, "publisher_id": group, "download_slot": group}


def _short(plain: dict[str, Any], purpose: Purpose, group: str) -> dict[str, Any]:
    """Without what is usual. Callbacks that are missing stand there as None, names of ``meta`` in ``unset``."""
    usual, usual_meta = _usual(purpose, group)
    if not usual:
        return plain
    given = plain.get("meta", {})
    meta = {name: value for name, value in given.items() if name not in usual_meta or value != usual_meta[name]}
    parts = {**dict.fromkeys(usual), **plain, "meta": meta, "unset": [name for name in usual_meta if name not in given]}
    return {name: value for name, value in parts.items() if _is_telling(name, value, usual)}


def _is_telling(name: str, value: object, usual: Mapping[str, str]) -> bool:
    return value != usual[name] if name in usual else bool(value)


def _whole(short: Mapping[str, Any], purpose: Purpose, group: str) -> dict[str, Any]:
    usual, usual_meta = _usual(purpose, group)
    meta = usual_meta | short.get("meta", {})
    whole = {
        **usual,
        **short,
        "meta": {name: value for name, value in meta.items() if name not in short.get("unset", ())},
    }
    whole.pop("unset", None)
    return whole


def _text(raw: bytes) -> str:
    # Headers are bytes: Latin-1 takes every one of them there and back.
    return raw.decode("latin-1")


def _is_json(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
