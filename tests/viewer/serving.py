"""The real ``scrapy serve``, started as a user starts it, at a free port of the loopback."""

from __future__ import annotations

import http.client
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import PROJECT, clean_environment, scrapy_command


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Served:
    """A collection in a browser."""

    address: str
    """Ends with a slash."""
    archives: Path
    collection: str

    @property
    def index(self) -> Path:
        return self.archives / self.collection / "index.db"

    def get(self, path: str, **headers: str) -> Answer:
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            known = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, known, answer.read())
        finally:
            connection.close()


@contextmanager
def served(archives: Path, collection: str) -> Iterator[Served]:
    """Serves until the block ends."""
    settings = ["-s", f"ARCHIVES_DIR={archives}", "-s", f"COLLECTION={collection}"]
    command = scrapy_command(["serve", "--port", "0", *settings])
    with subprocess.Popen(
        command, cwd=PROJECT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            said = server.stdout.readline()
            assert "http://" in said, f"{said}{server.communicate(timeout=30)[1]} exit code {server.returncode}"
            yield Served(next(word for word in said.split() if word.startswith("http://")), archives, collection)
        finally:
            server.terminate()
            server.communicate(timeout=30)
