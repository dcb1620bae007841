"""Settings given for one run are checked before it begins: a mistyped name must not crawl into another folder."""

from __future__ import annotations

import logging
import math
import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from crawler.errors import BadArgument, FolderNotUsable
from crawler.normalisation.addresses import exceptions
from crawler.settings import ENVIRONMENT_PREFIX, declared

_SWITCHES = ("0", "1", "true", "false")
"""What Scrapy reads as a bool, whatever the case."""

FROM_ONE = ("EXTRACTION_WORKERS", "WARC_MAX_BYTES", "WARC_MAX_SECONDS", "LEASE_SECONDS")
"""Numbers where 0 would mean that nothing is done."""


def check_settings(settings: BaseSettings) -> None:
    """Raises BadArgument for a value that cannot be read, and for a name that is nearly one there is.

    Any other unknown name is left to the components of the user's own that may read it.
    """
    known = {name: getattr(default_settings, name) for name in dir(default_settings) if name.isupper()} | declared
    for name in sorted(_given(settings) | set(declared)):
        value = settings[name]
        if name not in known:
            _refuse_misspelt(name, list(known))
        elif name == "ALLOW_PRIVATE_ADDRESSES":
            _check_addresses(name, value)
        elif isinstance(known[name], bool):
            _check_switch(name, value)
        elif isinstance(known[name], int | float):
            _check_number(name, value, whole=isinstance(known[name], int))
    level = settings["LOG_LEVEL"]
    if str(level) not in logging.getLevelNamesMapping() and not str(level).isdecimal():
        raise BadArgument(f"LOG_LEVEL={level} is no level; give DEBUG, INFO, WARNING, ERROR or CRITICAL")


def check_outputs(settings: BaseSettings) -> None:
    """Raises FolderNotUsable for a file of -o or -O that cannot be written: Scrapy finds out at the first article."""
    for uri in map(str, settings["FEEDS"]):
        if "%(" in uri or ("://" in uri and not uri.startswith("file://")) or uri == "stdout:":
            continue
        path = Path(unquote(urlsplit(uri).path) if uri.startswith("file://") else uri)
        if path.exists() and not path.is_file():  # a pipe would wait for its reader
            continue
        was_there = path.exists()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)  # as Scrapy does
            path.open("ab").close()
        except OSError as error:
            raise FolderNotUsable(f"{path} cannot be written ({error.strerror}); give another file") from error
        if not was_there:
            path.unlink()


def _given(settings: BaseSettings) -> set[str]:
    """The names given on the command line or in the environment."""
    on_command_line = {name for name in settings if (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]}
    in_environment = {
        name.removeprefix(ENVIRONMENT_PREFIX) for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)
    }
    return on_command_line | {name for name in in_environment if name.isupper()}


def _refuse_misspelt(name: str, known: list[str]) -> None:
    if near := get_close_matches(name, known, n=1, cutoff=0.85):
        raise BadArgument(f"there is no setting {name}; did you mean {near[0]}?")


def _check_switch(name: str, value: Any) -> None:
    if str(value).lower() not in _SWITCHES:
        raise BadArgument(f"{name}={value} is neither True nor False")


def _check_addresses(name: str, value: Any) -> None:
    try:
        exceptions(value)
    except ValueError as error:
        raise BadArgument(
            f"{name}={value} is neither True nor False, nor a list like 127.0.0.1:8080,10.1.0.0/16 ({error})"
        ) from error


def _check_number(name: str, value: Any, *, whole: bool) -> None:
    # Some of Scrapy's own may be negative: priorities.
    least = 1 if name in FROM_ONE else 0 if name in declared else -math.inf
    kind = ("whole " if whole else "") + "number" + (f" from {least} on" if math.isfinite(least) else "")
    try:
        number = int(value) if whole else float(value)
    except (TypeError, ValueError) as error:
        raise BadArgument(f"{name}={value} is no {kind}") from error
    if not math.isfinite(number) or number < least:
        raise BadArgument(f"{name}={value} is no {kind}")
