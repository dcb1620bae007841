"""Whether the values of a definition are of the kind that its fields take: what is not would only show in a crawl."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from inspect import isfunction
from typing import Any
from zoneinfo import ZoneInfo

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-(?:[a-z]{2}|[a-z]{4}|\d{3}))?")


def check_texts(field: str, value: Any) -> None:
    """Raises ValueError for what is no tuple of texts; a text in brackets is none, which is easily overlooked."""
    if not isinstance(value, tuple) or not all(isinstance(each, str) for each in value):
        written = f"({value!r},)" if isinstance(value, str) else '("…",)'
        raise ValueError(f"{field}: {value!r} is no tuple of texts; one text is written {written}")


def check_text(field: str, value: Any) -> str:
    """The value. Raises ValueError for what is no text."""
    if not isinstance(value, str):
        raise ValueError(f"{field}: {value!r} is no text")
    return value


def check_hosts(field: str, hosts: Iterable[str]) -> None:
    """Raises ValueError for a host name that no address could have."""
    for host in hosts:
        if "/" in host or host != host.lower():
            plain = host.lower().partition("://")[2] or host.lower()
            raise ValueError(f"{field}: {host!r} is no host name; write {plain.partition('/')[0]!r}")


def check_languages(languages: Iterable[str]) -> None:
    """Raises ValueError for what is no language code in lower case."""
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(f'languages: {language!r} is no language code in lower case, such as "en" or "pt-br"')


def check_timezone(timezone: str | None) -> None:
    """Raises ValueError for a time zone that is not known."""
    try:
        ZoneInfo(timezone or "UTC")
    except (LookupError, OSError, ValueError) as error:  # OSError: a folder of them, such as "Europe"
        raise ValueError(f'timezone: {timezone!r} is no IANA name, such as "Europe/London"') from error


def check_pattern(field: str, pattern: Any) -> None:
    """Raises ValueError for what is no regular expression."""
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise ValueError(f"{field}: {pattern!r} is no regular expression ({error})") from error


def check_boilerplate(rules: Any) -> None:
    """Raises ValueError for what are no pairs of a kind and a regular expression."""
    if not isinstance(rules, tuple) or not all(isinstance(rule, tuple) and len(rule) == 2 for rule in rules):
        raise ValueError(f'boilerplate: {rules!r} are no pairs; one is written (("promotion", r"^Tickets"),)')
    for _, pattern in rules:
        check_pattern("boilerplate", pattern)


def check_all_are(field: str, values: Any, kind: type) -> None:
    """Raises ValueError for what is no tuple of such values."""
    if not isinstance(values, tuple) or not all(isinstance(each, kind) for each in values):
        given = type(values).__name__
        raise ValueError(f"{field}: {given} is no tuple of {kind.__name__}; one is written ({kind.__name__}(…),)")


def check_until(until: Any) -> None:
    """Raises ValueError for what is no day."""
    if until is not None and (not isinstance(until, date) or isinstance(until, datetime)):
        raise ValueError(f"until: {until!r} is no day; write date(2024, 1, 31), with: from datetime import date")


def check_tidy(tidy: Any) -> None:
    """Raises ValueError for a function that workers could not find by its name."""
    if tidy is not None and not (isfunction(tidy) and tidy.__name__ == tidy.__qualname__ != "<lambda>"):
        raise ValueError(f"tidy: {tidy!r} is no function of the definition's own module; define it there with def")
