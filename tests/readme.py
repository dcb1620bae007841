"""The parts of README.md that are made, not typed: tables out of the code, and what its commands print.

uv run python -m tests.readme    writes them anew
"""

from __future__ import annotations

import ast
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from crawler import settings
from crawler.commands.demosite import DemoSite
from crawler.commands.exits import EXITS
from crawler.index.database import add_functions
from crawler.index.schema import MIGRATIONS
from crawler.publishers.base import publishers
from crawler.queries.fields import FIELDS
from crawler.spiders.arguments import ARGUMENTS
from tests.conftest import PROJECT, clean_environment

README = PROJECT / "README.md"

SETTINGS = (
    "ARCHIVES_DIR",
    "COLLECTION",
    "CONTACT",
    "OPERATOR",
    "ALLOW_PRIVATE_ADDRESSES",
    "EXTRACTION_WORKERS",
    "WARC_MAX_BYTES",
    "WARC_MAX_SECONDS",
    "KEEP_DISCOVERY_DAYS",
    "CAPTURE_SPOOL_BYTES",
    "MIN_FREE_BYTES",
    "HOST_PROBE_SECONDS",
    "TDMREP_ENABLED",
    "PROGRESS",
)
"""Ours that are worth knowing; settings.py says what they mean."""

SCRAPYS = {
    "DOWNLOAD_DELAY": "Seconds between two requests to one publisher.",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "Requests under way at one publisher.",
    "CONCURRENT_REQUESTS": "Requests under way at all publishers together.",
    "DOWNLOAD_TIMEOUT": "Seconds until an answer is given up.",
    "RETRY_TIMES": "Further attempts after an error of the network or server, in one crawl.",
    "DOWNLOAD_MAXSIZE": "Bytes of a response; what is longer is cut off there and marked.",
    "ROBOTSTXT_OBEY": "Whether robots.txt is obeyed.",
    "DOWNLOAD_VERIFY_CERTIFICATES": "Whether TLS certificates are verified.",
    "LOG_LEVEL": "The least that is logged, on stderr.",
}

TABLES = {
    "publishers": "who publishes",
    "crawls": "each run",
    "warcs": "each sealed WARC file",
    "captures": "each request that was answered, and where its bytes are",
    "articles": "each article once, as it was last seen",
    "article_urls": "every address an article was seen at",
    "revisions": "what an article said, one row for each change",
    "blocks": "a revision's paragraphs, sub-headlines, quotations and lists",
    "images": "a revision's images with captions and credits",
    "links": "the links in a revision's text",
    "embeds": "a revision's videos, recordings, posts and charts",
    "revision_pages": "the further pages of a revision that was joined from several",
    "evidence": "for each field: the candidates, their source, and which was chosen",
    "boilerplate": "what was taken out of the texts",
    "learnt_boilerplate": "paragraphs that recur at the edges of a publisher's articles",
    "mirror_candidates": "hosts that a publisher's own pages name",
    "events": (
        "edits, articles that went, moved or came back, were taken down or merged, exchanges without an answer, pages "
        "cut off by a kill, files imported, boilerplate learnt"
    ),
    "article_ids": "former ids of articles that were merged",
    "article_marks": "for programs: by what an article is known again under another key",
    "latest": "one row per article: newest revision, WARC file and offset",
    "edits": "revisions after the first",
    "coverage": "articles per publisher and day",
}


FILES = ("articles.jsonl", "demo.wacz", "gauge.zip", "harbour.jsonl", "new.atom")
"""That the commands write."""


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block."""

    language: str
    text: str

    def commands(self) -> list[str]:
        """The lines to be typed: all of a ``sh`` block, those after "$ " of a ``console`` block."""
        lines = self.text.splitlines()
        if self.language == "console":
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [line for line in lines if line] if self.language == "sh" else []


def code_blocks(text: str) -> list[Code]:
    """All fenced blocks, in order."""
    return [Code(found[1], found[2]) for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def tables() -> dict[str, str]:
    """The generated parts by name."""
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "arguments": _arguments,
        "publishers": _publishers,
        "columns": _columns,
        "fields": _fields,
        "settings": _settings,
        "exits": _exits,
    }
    return {name: "\n".join(make()) for name, make in makers.items()}


def with_tables(text: str) -> str:
    """README's text with its generated parts as they should be."""
    for name, table in tables().items():
        before, mark, after = text.partition(f"<!-- {name}: made by python -m tests.readme -->\n")
        assert mark, f"README.md has no place for {name}"
        text = f"{before}{mark}{table}\n<!-- end -->{after.partition('<!-- end -->')[2]}"
    return text


def _arguments() -> Iterator[str]:
    yield "| Argument | Meaning |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {meaning} |" for name, meaning in ARGUMENTS.items())


def _publishers() -> Iterator[str]:
    yield "| Name to give | Publisher | Hosts, in order | No longer theirs |\n| --- | --- | --- | --- |"
    for publisher in publishers().values():
        hosts, retired = ", ".join(publisher.domains), ", ".join(publisher.retired)
        yield f"| `{publisher.id}` | {publisher.name} | {hosts} | {retired} |"


def _columns() -> Iterator[str]:
    yield "| Table or view | Holds | Columns |\n| --- | --- | --- |"
    with closing(sqlite3.connect(":memory:")) as database:
        add_functions(database)
        for migration in MIGRATIONS:
            database.executescript(migration)
        for name in stored_tables(database):
            columns = ", ".join(row[1] for row in database.execute(f"PRAGMA table_info({name})"))
            yield f"| `{name}` | {TABLES[name]} | {columns} |"


def stored_tables(database: sqlite3.Connection) -> list[str]:
    """Tables, then views; without those of the full-text search, which nobody reads."""
    rows = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type, rowid")
    return [name for (name,) in rows if not name.startswith(("articles_f", "sqlite_"))]


def _fields() -> Iterator[str]:
    yield "| Field | Finds | Takes |\n| --- | --- | --- |"
    for name, field in FIELDS.items():
        yield f"| `{name}:` | {field.meaning} | {field.forms or 'words'} |"


def _settings() -> Iterator[str]:
    meanings = _documented()
    yield "| Setting | Default | Meaning |\n| --- | --- | --- |"
    for name in SETTINGS:
        default, meaning = meanings[name]
        yield f"| `{name}` | `{default}` | {meaning} |"
    for name, meaning in SCRAPYS.items():
        yield f"| `{name}` | `{getattr(settings, name)!r}` | {meaning} |"


def _documented() -> dict[str, tuple[str, str]]:
    """Of each setting that settings.py explains below it: the default as written there, and the explanation."""
    body = ast.parse(Path(str(settings.__file__)).read_text(encoding="utf-8")).body
    found = {}
    for statement, below in pairwise(body):
        if not isinstance(statement, ast.Assign) or not isinstance(below, ast.Expr):
            continue
        if isinstance(statement.targets[0], ast.Name) and isinstance(below.value, ast.Constant):
            meaning = " ".join(str(below.value.value).split())
            found[statement.targets[0].id] = (ast.unparse(statement.value), meaning)
    return found


def _exits() -> Iterator[str]:
    yield "| Code | Meaning |\n| --- | --- |"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXITS.items())


RUNNING = "(Ctrl-C ends it)"
"""What ``scrapy serve`` says when it is at work."""


class Shell:
    """Runs README's commands: into a folder of its own, and against the demo site where they name one on the web."""

    def __init__(self, folder: Path, site: DemoSite) -> None:
        self._folder = folder
        urls = folder / "urls.txt"
        urls.write_text("\n".join(site.base + article.path for article in site.texts.articles))
        self._instead = {
            "uv run ": "",
            "watch presstv": "watch",
            "-a publisher=presstv": f"-a site={site.base}/",
            "https://example.com/": f"{site.base}/",
            "urls.txt": str(urls),
            " archives/": f" {folder}/archives/",
            **{name: str(folder / name) for name in FILES},
        }
        more = {
            "OFRECORD_ARCHIVES_DIR": str(folder / "archives"),
            "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
            "OFRECORD_DOWNLOAD_DELAY": "0",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "UV": "uv",
        }
        self._environment = clean_environment(more)

    def run(
        self, command: str, *, stopped_after: float | None = None, stopped_at: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """As a terminal shows it: stdout and stderr together; Ctrl-C comes after so many seconds, or at a line."""
        for written, run in self._instead.items():
            command = command.replace(written, run)
        stops = stopped_after is not None or stopped_at is not None
        process = subprocess.Popen(
            f"exec {command}" if stops else command,  # Ctrl-C is the command's, not the shell's
            shell=True,
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=stops,
        )
        said = ""
        if stopped_at is not None:
            said = _up_to(stopped_at, process)
        if stops:
            time.sleep(stopped_after or 0)
            os.killpg(process.pid, signal.SIGINT)
        try:
            printed, _ = process.communicate(timeout=120)
        finally:
            process.kill()
        return subprocess.CompletedProcess(
            command, process.returncode, (said + printed).replace(f"{self._folder}/", "")
        )


def _up_to(line: str, process: subprocess.Popen[str]) -> str:
    """What it prints up to a line that holds this, or to its end."""
    assert process.stdout
    said = ""
    for each in process.stdout:
        said += each
        if line in each:
            break
    return said


def with_outputs(text: str, shell: Shell) -> str:
    """README's text with what its ``console`` blocks print as it is today."""
    for code in code_blocks(text):
        if code.language != "console":
            continue
        printed = "".join(f"$ {command}\n{_printed(command, shell)}" for command in code.commands())
        text = text.replace(code.text, printed)
    return text


def _printed(command: str, shell: Shell) -> str:
    if command.startswith("pip "):
        return ""
    if "scrapy serve" in command:
        return shell.run(command, stopped_at=RUNNING).stdout
    done = shell.run(command)
    if done.returncode:
        raise SystemExit(f"{command}\n{done.stdout}")
    return done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, DemoSite() as site:
        shell = Shell(Path(folder), site)
        README.write_text(with_outputs(with_tables(README.read_text(encoding="utf-8")), shell), encoding="utf-8")


if __name__ == "__main__":
    main()
