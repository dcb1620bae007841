"""Scrapy's command line in a process that kills itself (SIGKILL) at a chosen step of what makes pages durable.

    python -m tests.killing PLACE NTH crawl news …

The NTH time that PLACE is come to is the last thing the process does; a shorter run ends as ever.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

from scrapy.cmdline import execute

Step = Callable[..., Any]
Death = Callable[[Step, tuple[Any, ...]], object]


def before(step: Step, arguments: tuple[Any, ...]) -> None:
    """Dies without having done it."""


def after(step: Step, arguments: tuple[Any, ...]) -> None:
    """Does it, and dies before anybody knows."""
    step(*arguments)


def half(step: Step, arguments: tuple[Any, ...]) -> None:
    """Of a write: some of its bytes."""
    descriptor, data = arguments
    os.write(descriptor, data[: random.randrange(len(data))])  # no secret


PLACES: dict[str, tuple[str, Death]] = {
    "write-half": ("crawler.warc.files.write_all", half),
    "write-after": ("crawler.warc.files.write_all", after),
    "sync-before": ("crawler.warc.files.sync", before),
    "sync-after": ("crawler.warc.files.sync", after),
    "seal-begin": ("crawler.warc.files.seal", before),
    "seal-indexed": ("crawler.warc.sealing.write_index", after),
    "seal-listing": ("crawler.warc.manifest.write_all", half),
    "seal-listed": ("crawler.warc.sealing.add", after),
    "seal-renamed": ("crawler.warc.sealing.sync_folder", after),
    "index-capture": ("crawler.collection.collection.add_capture", after),
    "index-article": ("crawler.collection.collection.store_article", after),
    "index-sealed": ("crawler.collection.collection.add_sealed", before),
    "index-commit": ("crawler.index.writer.IndexWriter._done_together", after),
    "settle-before": ("crawler.frontier.sqlite.SqliteFrontier.settle", before),
    "settle-after": ("crawler.frontier.sqlite.SqliteFrontier.settle", after),
}
"""Where to die: a function as its caller names it, and how."""


def arm(place: str, nth: int) -> None:
    """From now on the process dies the ``nth`` time it comes to a place."""
    name, death = PLACES[place]
    owner, attribute = _found(name)
    step, left = getattr(owner, attribute), [nth]

    def counted(*arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] > 0:
            return step(*arguments, **more)
        death(lambda *given: step(*given, **more), arguments)
        die()

    setattr(owner, attribute, counted)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def _found(name: str) -> tuple[Any, str]:
    """The module or class that holds a name, and the name in it."""
    owner, _, attribute = name.rpartition(".")
    try:
        return import_module(owner), attribute
    except ModuleNotFoundError:
        module, _, holder = owner.rpartition(".")
        return getattr(import_module(module), holder), attribute


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))
    execute(["scrapy", *sys.argv[3:]])
