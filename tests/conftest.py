"""What all tests share: the command line as users start it, and the folder beside the checkout where it is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


class Scrapy(Protocol):
    def __call__(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]: ...


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without proxies: tests dial loopback only, and say so themselves where a proxy is wanted."""
    left = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**left, **(more or {})}


def scrapy_command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "scrapy", *arguments]


def project_with(definition: str, folder: Path) -> Path:
    """A copy of the project with one more publisher."""
    shutil.copytree(PROJECT / "crawler", folder / "crawler", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "scrapy.cfg", folder)
    (folder / "crawler/publishers/courier.py").write_text(definition)
    return folder


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """A folder for ARCHIVES_DIR."""
    return tmp_path / "archives"


@pytest.fixture
def scrapy(archives: Path) -> Scrapy:
    """Runs ``scrapy …`` from the project folder, archiving into ``archives``, without delays."""

    def run(
        *arguments: str, environment: Mapping[str, str] | None = None, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = {
            "OFRECORD_ARCHIVES_DIR": str(archives),
            "OFRECORD_DOWNLOAD_DELAY": "0",
            "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
        }
        return subprocess.run(
            scrapy_command(arguments),
            cwd=PROJECT,
            env=clean_environment({**settings, **(environment or {})}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and tools that lies beside the checkout of the founders."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there: real pages and the WARC checker are not part of the repository")
    return SHARED
