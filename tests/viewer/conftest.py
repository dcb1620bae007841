"""An archive that was made by real crawls, with edits and deletions, served once for all tests of the viewer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.viewer.kiosk import archived
from tests.viewer.serving import Served, served
from tests.viewer.shelf import filled

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Options of a browser that calls nobody on its own."""


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window, which calls nobody on its own.

    For one file of tests: while Playwright is there an event loop runs, and nobody else can have one.
    """
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A publisher with a page from right to left, pictures, hostile texts, and an article that was taken down."""
    folder = tmp_path_factory.mktemp("kiosk")
    archived(folder / "archives", folder / "project")
    with served(folder / "archives", "news") as viewer:
        yield viewer


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Articles that are long, merged, watched for long, and hostile in every field."""
    archives = tmp_path_factory.mktemp("shelf")
    filled(archives)
    with served(archives, "news") as viewer:
        yield viewer
