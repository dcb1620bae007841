"""An archive that was made by real crawls, with edits and deletions, served once for all tests of the viewer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.viewer.serving import Served, served


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for ARCHIVES_DIR in which ``scrapy demo``, and a day later ``--later``, left their collection."""
    archives = tmp_path_factory.mktemp("viewer")
    for more in ((), ("--later",)):
        command = scrapy_command(["demo", *more, "-s", f"ARCHIVES_DIR={archives}"])
        subprocess.run(command, cwd=PROJECT, env=clean_environment(), check=True, capture_output=True, timeout=300)
    return archives


@pytest.fixture(scope="session")
def viewer(demo: Path) -> Iterator[Served]:
    """The demo's archive in a browser."""
    with served(demo, "demo") as viewer:
        yield viewer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, which calls nobody on its own."""
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=quiet)
        yield started
        started.close()
