from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.collection.archives import make_archive


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive to be read only."""
    folder = tmp_path_factory.mktemp("sound")
    make_archive(folder)
    return folder


@pytest.fixture
def archive(sound: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(sound, tmp_path / "news"))
