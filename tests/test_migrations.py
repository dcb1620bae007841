"""Several processes open a database file at the same moment, which none of them finds as it should be."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from crawler.frontier import schema as frontier
from crawler.index import schema as index
from crawler.index.database import add_functions
from crawler.normalisation.urls import host_of
from tests.conftest import PROJECT, Scrapy, clean_environment
from tests.gazette import Gazette

AT_ONCE = 6

OPEN = """
import sys, time
from pathlib import Path
from crawler.{module} import {function}
path = Path(sys.argv[1])
print(flush=True)
sys.stdin.readline()
{function}(path).close()
"""
OPENED = {
    "index.db": OPEN.format(module="index.database", function="open_index"),
    "frontier.db": OPEN.format(module="frontier.schema", function="open_database"),
}
MIGRATIONS = {"index.db": index.MIGRATIONS, "frontier.db": frontier.MIGRATIONS}


def make(path: Path, migrations: tuple[str, ...]) -> None:
    """A file as an earlier version of ofrecord left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path)) as database:
        add_functions(database)
        database.create_function("host_of", 1, host_of, deterministic=True)
        database.executescript(f"{''.join(migrations)};PRAGMA user_version = {len(migrations)};PRAGMA journal_mode=WAL")


@pytest.mark.parametrize("versions_ago", ["all", "one"])
@pytest.mark.parametrize("name", OPENED)
def test_processes_that_open_it_at_once_all_find_it_up_to_date(name: str, versions_ago: str, tmp_path: Path) -> None:
    for attempt in range(3):
        path = tmp_path / str(attempt) / name
        if versions_ago == "one":
            make(path, MIGRATIONS[name][:-1])
        processes = [_started(OPENED[name], path) for _ in range(AT_ONCE)]
        for process in processes:
            assert process.stdout
            process.stdout.readline()  # it has loaded what it needs
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            _, said = process.communicate(timeout=60)
            assert process.returncode == 0, said
        with closing(connect(path)) as database:
            assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS[name]),)
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _started(script: str, path: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.Popen(
        command, cwd=PROJECT, env=clean_environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


def test_an_index_of_an_older_version_is_refused_by_readers_and_mended_by_a_crawl(
    scrapy: Scrapy, archives: Path
) -> None:
    make(archives / "news/index.db", index.MIGRATIONS[:-1])
    refused = scrapy("search", "wall")
    assert refused.returncode == 5
    assert "is empty or of an older version" in refused.stderr
    assert "the next crawl mends that" in refused.stderr
    with Gazette(1).served() as site:
        done = scrapy("crawl", "news", "-a", f"urls={site.url(Gazette(1).stories[0].path)}")
    assert done.returncode == 0, done.stderr
    assert scrapy("search", "wall").returncode != 5
