from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.index.database import open_index


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A new index, open for writing."""
    with closing(open_index(tmp_path / "index.db")) as connection:
        yield connection
