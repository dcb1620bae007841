"""``scrapy demo`` does the whole job, and what it tells to try works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from crawler.commands.demopages import demo_texts
from tests.conftest import PROJECT, clean_environment, scrapy_command

ARTICLES = demo_texts().articles
DEAD_PROXIES = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9/")


def environment(archives: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """As ``uv run`` would leave it out: with the tools of this environment first in PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"OFRECORD_ARCHIVES_DIR": str(archives), "PATH": path, **(more or {})}
    return {name: value for name, value in clean_environment(settings).items() if name != "UV"}


def demo(archives: Path, *arguments: str, more: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    return subprocess.run(
        scrapy_command(["demo", *arguments]),
        cwd=PROJECT,
        env=environment(archives, more),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archives")


@pytest.fixture(scope="module")
def first(archives: Path) -> CompletedProcess[str]:
    """The demo as started behind a proxy, which it leaves aside."""
    return demo(archives, more=DEAD_PROXIES)


def test_all_articles_of_the_site_are_archived(first: CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stderr
    assert f"Articles: {len(ARTICLES)} new." in first.stdout
    for article in ARTICLES:
        assert re.search(
            rf"^  {article.published:%Y-%m-%d}  127\.0\.0\.1/[0-9a-f]{{12}}  new        {re.escape(article.headline)}$",
            first.stdout,
            re.MULTILINE,
        )


def test_the_files_it_names_are_there(first: CompletedProcess[str]) -> None:
    named = re.findall(r"^  (?:WARC |index)  (\S+)  \(.+\)$", first.stdout, re.MULTILINE)
    assert [Path(name).suffix for name in named] == [".gz", ".db"]
    assert all(Path(name).stat().st_size > 10_000 for name in named)


def tried(output: str) -> list[str]:
    """The queries that it tells to try."""
    return output.partition("Try:\n")[2].partition("\nOr look at it in a browser:")[0].strip().splitlines()


@pytest.mark.parametrize("number", range(3))
def test_each_query_it_tells_to_try_works_as_printed(first: CompletedProcess[str], archives: Path, number: int) -> None:
    queries = tried(first.stdout)
    assert len(queries) == 3
    done = subprocess.run(
        queries[number], shell=True, cwd=PROJECT, env=environment(archives), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    expected = "Harbour pilots ask for a second" if number == 0 else ARTICLES[0].headline
    assert expected in done.stdout


def test_a_second_demo_finds_nothing_changed(first: CompletedProcess[str], archives: Path) -> None:
    second = demo(archives)
    assert second.returncode == 0, second.stderr
    assert f"Articles: {len(ARTICLES)} unchanged." in second.stdout
    assert ids(second.stdout) == ids(first.stdout)


def test_a_day_later_it_finds_what_was_edited_and_tells_how_to_see_it(
    first: CompletedProcess[str], archives: Path
) -> None:
    done = demo(archives, "--later")
    assert done.returncode == 0, done.stderr
    assert "Articles: 2 revised" in done.stdout
    queries = tried(done.stdout)
    assert len(queries) == 3
    for query in queries:
        run = {"shell": True, "cwd": PROJECT, "env": environment(archives), "capture_output": True, "text": True}
        ran = subprocess.run(query, **run, timeout=60)  # type: ignore[call-overload]
        assert ran.returncode == 0, ran.stderr
        assert "silently-edited" in ran.stdout or "[-" in ran.stdout


def ids(output: str) -> list[str]:
    return re.findall(r"127\.0\.0\.1/[0-9a-f]{12}(?=  )", output)


def test_queries_name_the_folder_and_collection_that_were_given(tmp_path: Path) -> None:
    done = demo(tmp_path / "elsewhere", "-s", f"ARCHIVES_DIR={tmp_path}", "-s", "COLLECTION=trial", "-a", "limit=1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"-s COLLECTION=trial -s ARCHIVES_DIR={tmp_path}") == 3
    assert f"sqlite-utils {tmp_path}/trial/index.db" in done.stdout
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("a file is in the way")
    done = demo(tmp_path / "archives")
    assert done.returncode == 5
    assert done.stderr.startswith("ofrecord: ")
    assert done.stdout == ""
