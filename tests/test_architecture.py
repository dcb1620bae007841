"""The rules of the architecture that a machine can check: imports, what an import does, lengths, names."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.publishers.base import publishers

ROOT = Path(__file__).parents[1]
NEWSNET = ROOT.parent / "shared" / "newsnet"

TOP_LEVEL = frozenset(
    (".ci", ".gitignore", "LICENSE", "README.md", "archives", "crawler", "pyproject.toml", "scrapy.cfg", "tests")
) | {"uv.lock"}

NOUNS = frozenset(("items", "errors"))
KNOWLEDGE = frozenset(("publishers", "normalisation", "discovery", "extraction", "changes", "queries"))
STORAGE = frozenset(("warc", "index", "frontier"))
EDGE = frozenset(
    (
        "spiders",
        "downloadhandlers",
        "middlewares",
        "scheduler",
        "stopping",
        "summary",
        "pipelines",
        "extensions",
        "commands",
        "viewer",
        "settings",
    )
)
INWARD = NOUNS | KNOWLEDGE | STORAGE | {"formats", "collection"}

# What each part may import of ours, beside itself.
OURS: dict[str, frozenset[str]] = {
    "items": frozenset(),
    "errors": frozenset(),
    "migrations": frozenset(("errors",)),
    "publishers": NOUNS,
    "normalisation": NOUNS,
    "discovery": NOUNS | {"publishers", "normalisation"},
    "extraction": NOUNS | {"publishers", "normalisation"},
    "changes": NOUNS | {"publishers", "normalisation"},
    "queries": NOUNS | {"normalisation"},
    "warc": NOUNS | {"normalisation"},
    "index": NOUNS | {"normalisation", "queries", "migrations"},
    "frontier": NOUNS | {"normalisation", "migrations"},
    "formats": NOUNS | {"normalisation", "index"},
    "collection": NOUNS | KNOWLEDGE | STORAGE | {"formats"},
    **dict.fromkeys(EDGE, INWARD),
    # A command may start the viewer or a spider, and asks whether the wire tap fits before it does.
    "commands": INWARD | {"viewer", "spiders", "downloadhandlers", "settings", "stopping", "summary"},
    # It is the scheduler's hand on the spider's side.
    "middlewares": INWARD | {"scheduler", "stopping"},
    # Whatever sees first that the archive can take no more ends the crawl.
    "scheduler": INWARD | {"stopping"},
    "extensions": INWARD | {"stopping", "summary"},
}

# Where each third party may be imported; what is not named here may be used anywhere.
HOMES: dict[str, frozenset[str]] = {
    "scrapy": EDGE,
    "twisted": EDGE,
    "rich": EDGE,
    "warcio": frozenset(("warc",)),
    "fastwarc": frozenset(("warc",)),
    "isal": frozenset(("warc",)),
    "sqlite3": frozenset(("index", "frontier", "migrations")),
    "w3lib": KNOWLEDGE,
    # A layout may name a function over the tree: publishers have the type. The viewer shows archived pages disarmed.
    "lxml": frozenset(("discovery", "extraction", "publishers", "viewer")),
    "parsel": frozenset(("discovery", "extraction")),
    "feedparser": frozenset(("discovery",)),
    "protego": frozenset(("discovery",)),
    "tldextract": frozenset(("normalisation",)),
    "datasette": frozenset(("viewer",)),
    "uvicorn": frozenset(("viewer",)),
    "jinja2": frozenset(("viewer",)),
}

# What touches disk, network or clock: not in knowledge.
IMPURE = frozenset(
    ("asyncio", "ftplib", "http", "os", "pathlib", "requests", "select", "shutil", "signal", "smtplib", "socket")
) | frozenset(("sqlite3", "ssl", "subprocess", "tempfile", "threading", "multiprocessing", "urllib.request", "httpx"))
CLOCKS = frozenset(("now", "utcnow", "today", "open"))

MODULE_LINES = 350
# All use of private names of Scrapy and Twisted is in one file, whatever its length.
LONGER = {"crawler.downloadhandlers.wire": 400}
FUNCTION_LINES = 60


@dataclass(frozen=True)
class Module:
    """One module of crawler/."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def part(self) -> str:
        """The folder or top-level module: "warc" of crawler.warc.writer."""
        return self.name.split(".")[1] if "." in self.name else ""

    def imports(self) -> Iterator[tuple[str, str | None, int]]:
        """(module, name or None, line) of every import, those for types and in functions included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, None, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (("." * node.level + (node.module or ""), alias.name, node.lineno) for alias in node.names)

    def at(self, line: int) -> str:
        return f"{self.path.relative_to(ROOT)}:{line}"


@cache
def modules() -> tuple[Module, ...]:
    paths = sorted((ROOT / "crawler").rglob("*.py"))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    return tuple(
        Module(name, path, ast.parse(path.read_text(encoding="utf-8"))) for name, path in zip(names, paths, strict=True)
    )


def inner() -> Iterator[Module]:
    """All modules beside the packages' own."""
    return (module for module in modules() if module.part)


def test_every_part_has_its_place_in_the_table() -> None:
    assert {module.part for module in inner()} <= set(OURS)


def test_imports_point_inward_only() -> None:
    wrong = [
        f"{module.at(line)}: {module.part} imports {imported}"
        for module in inner()
        for imported, _, line in module.imports()
        if imported.startswith("crawler.") and imported.split(".")[1] not in OURS[module.part] | {module.part}
    ]
    assert not wrong, "\n".join(wrong)


def test_third_parties_stay_at_home() -> None:
    wrong = [
        f"{module.at(line)}: {imported} in {module.part}"
        for module in inner()
        for imported, _, line in module.imports()
        if module.part not in HOMES.get(imported.split(".")[0], {module.part})
    ]
    assert not wrong, "\n".join(wrong)


def test_names_are_imported_from_where_they_are_defined() -> None:
    wrong = [
        f"{module.at(line)}: {name or ''} from {imported}"
        for module in modules()
        for imported, name, line in module.imports()
        if imported.startswith((".", "crawler")) and not _is_defined(imported, name)
    ]
    assert not wrong, "\n".join(wrong)


def _is_defined(imported: str, name: str | None) -> bool:
    """Whether a name is a module below a package, or stands at the top level of the module it is imported from."""
    by_name = {module.name: module for module in modules()}
    if imported not in by_name or imported == "crawler" or name is None:
        return False
    return f"{imported}.{name}" in by_name or name in set(_defined(by_name[imported].tree.body))


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.If | ast.Try):
            yield from _defined([*node.body, *node.orelse])


def test_packages_hold_nothing_but_a_docstring() -> None:
    wrong = [
        module.name
        for module in modules()
        if module.path.name == "__init__.py" and any(not isinstance(node, ast.Expr) for node in module.tree.body)
    ]
    assert not wrong


def test_knowledge_touches_neither_disk_nor_network_nor_clock() -> None:
    wrong = [
        f"{module.at(line)}: {what}"
        for module in inner()
        if module.part in KNOWLEDGE
        for what, line in [*_impure_imports(module), *_clock_reads(module)]
    ]
    assert not wrong, "\n".join(wrong)


def _impure_imports(module: Module) -> Iterator[tuple[str, int]]:
    for imported, _, line in module.imports():
        if imported in IMPURE or imported.split(".")[0] in IMPURE:
            yield imported, line


def _clock_reads(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CLOCKS:
                yield f"{called}()", node.lineno


# Runs in a fresh interpreter, since what was imported once does nothing the second time.
IMPORTER = """
import importlib, os, sys

current = ""

def refuse(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    flagged = event == "open" and arguments[1] is None and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    in_memory = event == "sqlite3.connect" and arguments == (":memory:",)  # Datasette asks what SQLite can do
    if current and (writes or flagged or event in REFUSED) and not in_memory:
        print(f"{current}: {event} {arguments!r}", flush=True)
        os._exit(1)

REFUSED = {
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.mkdir",
    "os.remove", "os.rename", "os.rmdir", "os.system", "os.fork", "sqlite3.connect", "shutil.rmtree",
    "tempfile.mkstemp", "tempfile.mkdtemp",
}
sys.addaudithook(refuse)
for current in sys.argv[1:]:
    importlib.import_module(current)
"""


def test_importing_any_module_writes_nothing_and_dials_nobody() -> None:
    names = [module.name for module in modules()]
    done = subprocess.run(
        [sys.executable, "-B", "-c", IMPORTER, *names], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_the_top_level_holds_only_what_the_architecture_draws() -> None:
    tracked = _git_files()
    assert {name.split("/")[0] for name in tracked} <= TOP_LEVEL


def test_archives_hold_nothing_but_their_description() -> None:
    assert {name for name in _git_files() if name.startswith("archives/")} <= {
        "archives/README.md",
        "archives/.gitignore",
    }


def _git_files() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_modules_stay_short_enough_to_read() -> None:
    lengths = {module.name: len(module.path.read_text(encoding="utf-8").splitlines()) for module in modules()}
    assert not {name: length for name, length in lengths.items() if length > LONGER.get(name, MODULE_LINES)}


def test_functions_stay_short_enough_to_read() -> None:
    wrong = {
        f"{module.name}.{node.name}": length
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not wrong


def test_no_grab_bag_of_a_module() -> None:
    grab_bags = {"utils", "util", "helpers", "common", "core", "manager", "misc"}
    assert not [module.name for module in modules() if grab_bags & set(module.name.split("."))]


def test_only_definitions_name_a_publisher_that_is_defined() -> None:
    named = {name for publisher in publishers().values() for name in (publisher.id, publisher.name, *publisher.hosts())}
    assert not list(_naming(named))


@pytest.mark.newsnet
@pytest.mark.skipif(not NEWSNET.is_dir(), reason=f"needs {NEWSNET}")
@pytest.mark.parametrize("kind", ["hosts", "names", "pages"])
def test_only_definitions_name_what_the_development_set_holds(kind: str) -> None:
    named = {"hosts": _real_hosts, "names": _real_names, "pages": _real_pages}[kind]()
    assert len(named) > 70
    assert not list(_naming(named))


def _naming(names: Iterable[str]) -> Iterator[str]:
    """Where a module outside publishers/ has one of these names as words of their own."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.-])(?:www\.)?(?:{words})(?![\w-])")
    for module in inner():
        if module.part == "publishers":
            continue
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1):
            if found := pattern.search(line):
                yield f"{module.at(number)}: {found[0]}"


def _real_hosts() -> set[str]:
    # Hosts of the pages that are no publishers: code may point to a ticket, or to a standard's archive.
    neutral = {"github.com", "web.archive.org", "wiki.python.org"}
    urls = [page["url"] for page in _pages()] + [publisher["home"] for publisher in _publishers()]
    return {(urlsplit(url).hostname or "").removeprefix("www.") for url in urls} - neutral - {""}


def _real_names() -> set[str]:
    # "i" is a newspaper in London, and a letter. Agencies are named in credits by other names than their sites'.
    return {name for each in _publishers() if len(name := each["name"]) > 1}


def _real_pages() -> set[str]:
    """Their ids, and the parts of their addresses that are long enough to be nothing else."""
    parts = {part for page in _pages() for part in urlsplit(page["url"]).path.split("/")}
    return {page["id"] for page in _pages()} | {part for part in parts if len(part) >= 20}


@cache
def _pages() -> tuple[dict[str, Any], ...]:
    files = sorted(NEWSNET.glob("*/manifest.jsonl"))
    return tuple(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())


@cache
def _publishers() -> tuple[dict[str, Any], ...]:
    lines = (NEWSNET / "publishers.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)
