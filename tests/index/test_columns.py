"""archives/README.md says what is in index.db, and its queries run."""

from __future__ import annotations

import re
import sqlite3

import pytest

from tests.index.columns import README, current

TEXT = README.read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r'^sqlite.*? "(SELECT.*?)"', TEXT, re.MULTILINE)


def test_the_tables_are_current() -> None:
    assert current(TEXT) == TEXT, "run: uv run python -m tests.index.columns"


@pytest.mark.parametrize("query", [*QUERIES, *COMMANDS])
def test_its_queries_run(db: sqlite3.Connection, query: str) -> None:
    assert db.execute(query).fetchall() == []
