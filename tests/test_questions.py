"""The twenty questions of archives/README.md are answered by their queries, from a collection of real crawls."""

from __future__ import annotations

import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.items import Exchange, Notes
from tests.collection.test_collection import INFO, LIMITS
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.readme import code_blocks

TEXT = (PROJECT / "archives" / "README.md").read_text(encoding="utf-8")
QUESTIONS = {
    question: code_blocks(answer)[0].text
    for question, answer in re.findall(r"^### \d+\. (.*?)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL)
}

SOON = datetime.now(UTC) + timedelta(hours=1)
WIRE = """
    <html lang=en><head><title>Ships wait</title><meta name=robots content="noarchive, noai"></head>
    <h1>Ships wait off the coast</h1><time datetime=2025-03-16>16 March 2025</time>
    <p>LONDON, March 16 (Reuters) - Forty ships lay at anchor off the coast on Sunday, port records seen by this paper
    show, waiting for berths that a strike of the pilots has closed since Friday. See
    <a href="https://records.example/ships">the records</a> of the harbour company for their names.</p>
    <p>The company said that it would open two berths on Monday if the pilots came back, and that it had no plan for the
    case that they did not; the union said that it had not been asked since Thursday.</p>
    <p>The Courier can also be accessed at the following alternate addresses:</p><p>courier.example.net</p></html>
"""
ASKING = "X-Robots-Tag: nosnippet\r\nTDM-Reservation: 1\r\n"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's site crawled on two days; then an agency's report, which is soon taken down."""
    archives = tmp_path_factory.mktemp("questions")
    environment = clean_environment({"OFRECORD_ARCHIVES_DIR": str(archives), "OFRECORD_LOG_LEVEL": "ERROR"})
    for more in ([], ["--later"]):
        subprocess.run(scrapy_command(["demo", *more]), cwd=PROJECT, env=environment, check=True, capture_output=True)
    later = Collection(archives / "demo", info=INFO, limits=LIMITS)
    for hours, status, page in ((0, f"200 OK\r\n{ASKING}", WIRE), (6, "410 Gone", ""), (30, "410 Gone", "")):
        capture = later.record(answer(status, page, SOON + timedelta(hours=hours)), NOTES).result(30)
        later.articles.store(later.articles.read(capture).result(30)).result(30)
    later.close()
    return archives / "demo"


NOTES = Notes(purpose="article", publisher_id="127.0.0.1", robots="allowed")


def answer(status: str, page: str, at: datetime) -> Exchange:
    head = f"HTTP/1.1 {status.strip()}\r\nContent-Type: text/html\r\n\r\n".encode()
    whole = head + page.encode()
    return Exchange(
        url="http://127.0.0.1/2025/03/16/ships-wait",
        method="GET",
        captured_at=at,
        fetch_ms=5,
        request=b"GET /2025/03/16/ships-wait HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        response=BytesIO(whole),
        response_length=len(whole),
        head_length=len(head),
        status=int(status.split()[0]),
    )


def test_there_are_twenty() -> None:
    assert len(QUESTIONS) == 20


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered(collection: Path, question: str) -> None:
    with closing(sqlite3.connect(f"file:{collection}/index.db?mode=ro", uri=True)) as db:
        found = db.execute(QUESTIONS[question])
        columns, rows = [column[0] for column in found.description], found.fetchall()
    assert rows
    for number, column in enumerate(columns):
        assert any(row[number] is not None for row in rows), f"nothing in {column}"


def test_sqlite_utils_is_asked_as_shown(collection: Path, tmp_path: Path) -> None:
    lines = [line for block in code_blocks(TEXT) for line in block.commands()]
    commands = [line.removeprefix("uv run ") for line in lines if line.startswith("uv run sqlite-utils ")]
    assert len(commands) == 2
    for command in commands:
        words = shlex.split(command.partition(" > ")[0].replace("archives/news", str(collection)))
        done = subprocess.run(
            [str(Path(sys.executable).parent / words[0]), *words[1:]], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) > 2
