"""Archives that were altered after they were made, to be served: years of changes, hostile names, a killed crawl."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.viewer.serving import Served, served

HOSTILE = "<script>alert('1')</script>\"&"
"""What a page may call a thing."""

LIBRARY = "127.0.0.1/643176ed33fd"
"""An article of the demo."""

ENTRIES = 60
"""Edits and deletions that are added, one an hour."""


@contextmanager
def altered(demo: Path, into: Path, *statements: str, keep_frontier: bool = True) -> Iterator[Served]:
    """The demo's collection, served after SQL changed a copy of its index; with its frontier or without."""
    shutil.copytree(demo / "demo", into / "demo")
    with closing(sqlite3.connect(into / "demo/index.db")) as index:
        for statement in statements:
            index.execute(statement)
        index.commit()
    if not keep_frontier:
        for file in (into / "demo").glob("frontier.db*"):
            file.unlink()
    with served(into, "demo") as viewer:
        yield viewer


def entries() -> list[str]:
    """SQL that adds edits and deletions of one article."""
    return [_entry(number) for number in range(ENTRIES)]


def _entry(number: int) -> str:
    kind = "gone" if number % 3 == 0 else "edited"
    edits = [{"kind": "reworded", "old": f"ferry {number} sails", "new": f"boat {number} sails", "weight": 16}]
    detail: dict[str, object] = {"weight": 16, "from": 1, "to": 2, "kinds": ["reworded"], "count": 1, "edits": edits}
    if kind == "gone":
        detail = {"weight": 90, "reason": "removed", "since": "2026-01-05T00:00:00Z"}
    at = f"2026-01-{5 + number // 24:02}T{number % 24:02}:00:00Z"
    values = f"'{at}', '{kind}', '127.0.0.1', '{LIBRARY}', '{json.dumps(detail | {'number': number})}'"
    return f"INSERT INTO events (at, kind, publisher_id, article_id, detail) VALUES ({values})"


def hostile() -> list[str]:
    """SQL that gives everything that a page may name a name that would run, were it not for escaping."""
    name = HOSTILE.replace("'", "''")
    lists = json.dumps([HOSTILE]).replace("'", "''")
    edits = json.dumps({"edits": [{"kind": "headline", "old": HOSTILE, "new": f"{HOSTILE} again", "weight": 80}]})
    host = json.dumps({"host": HOSTILE, "reason": HOSTILE, "instead": HOSTILE}).replace("'", "''")
    return [
        f"UPDATE publishers SET name = '{name}', notes = '{name}', country = '{name}', domains = '{lists}'",
        f"UPDATE articles SET headline = '{name}', summary = '{name}', section_path = '{lists}', authors = '{lists}'",
        f"UPDATE images SET caption = '{name}', credit = '{name}'",
        f"UPDATE events SET detail = json_patch(detail, '{edits.replace(chr(39), chr(39) * 2)}') WHERE kind = 'edited'",
        "INSERT INTO events (at, kind, publisher_id, detail) VALUES ('2026-01-05T00:00:00Z', 'seized', '127.0.0.1', "
        f"'{host}')",
    ]
