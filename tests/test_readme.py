"""Every command of the README works, and what it says of the code is so."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from crawler.commands.demosite import DemoSite
from crawler.spiders.arguments import ARGUMENTS, crawl_arguments
from tests.conftest import PROJECT, clean_environment, project_with
from tests.readme import README, RUNNING, Shell, code_blocks, with_tables
from tests.site.parts import Request, Route, page
from tests.site.server import Site

TEXT = README.read_text(encoding="utf-8")
BLOCKS = code_blocks(TEXT)
CI = (PROJECT / ".ci/run").read_text(encoding="utf-8")

# What differs from run to run.
CHANGING = {
    r"127\.0\.0\.1:\d+": "127.0.0.1:PORT",
    r"ofrecord-\d{17}-\d{5}-\d+~[\w-]+": "ofrecord-TIME-SERIAL-PID~HOST",
    r"[\d.,]+ (?:[kM]B|bytes)": "SIZE",
    r"at \d+, \d+ long": "at N, N long",
    r"\d+\.\d s": "TIME",
    r"/\S*/archives/demo": "archives/demo",
    r"head [0-9a-f]{64}": "head HASH",
    r'"offset": "?\d+"?': '"offset": N',
    r"2\d{3}-\d\d-\d\d \d\d:\d\d:\d\dZ": "MOMENT",
    r"2\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+\S*| WARNING)": "MOMENT",
}


def in_ci(command: str) -> bool:
    """Whether CI runs it: commands that cannot run inside a test."""
    return re.search(rf"^{re.escape(command)}$", CI, re.MULTILINE) is not None


def typed(language: str) -> list[str]:
    """The commands to be typed in blocks of one kind, but for those that CI runs."""
    commands = [command for block in BLOCKS if block.language == language for command in block.commands()]
    return [command for command in commands if not in_ci(command)]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """One folder for all commands, as they build upon each other."""
    with DemoSite() as site:
        yield Shell(tmp_path_factory.mktemp("readme"), site)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A folder in which the demo ran twice, the second time with its site of the next day."""
    with DemoSite() as site:
        shell = Shell(tmp_path_factory.mktemp("later"), site)
        for command in ("uv run scrapy demo", "uv run scrapy demo --later"):
            assert shell.run(command).returncode == 0
        yield shell


LATER = next(block.commands() for block in BLOCKS if "--later" in block.text)
"""Commands of the block that begins with the demo of the next day."""


@pytest.fixture(scope="module")
def demo(shell: Shell) -> CompletedProcess[str]:
    return shell.run("uv run scrapy demo")


def steady(printed: str) -> str:
    for pattern, instead in CHANGING.items():
        printed = re.sub(pattern, instead, printed)
    return printed.strip()


def shown(command: str) -> str:
    """What the README shows below a command."""
    after = TEXT.partition(f"\n$ {command}\n")[2]
    return re.split(r"^(?:\$ |```)", after, maxsplit=1, flags=re.MULTILINE)[0]


def test_the_first_command_comes_within_twenty_lines() -> None:
    first = next(block for block in BLOCKS if block.commands())
    assert first.commands() == ["pip install uv", "uv run scrapy demo"]
    assert TEXT.index("$ uv run scrapy demo") < TEXT.index(TEXT.splitlines()[20])


def test_ci_installs_what_the_readme_says() -> None:
    assert re.search(r"^ +python3 -m pip install .*uv", CI, re.MULTILINE)


def test_the_tests_and_checks_it_names_are_those_of_ci() -> None:
    developing = next(block for block in BLOCKS if "uv run mypy" in block.commands())
    assert all(in_ci(command) for command in developing.commands())
    assert in_ci("uv run pytest")


def test_the_demo_prints_what_the_readme_shows(demo: CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stdout
    assert steady(demo.stdout) == steady(shown("uv run scrapy demo"))


@pytest.mark.parametrize("command", LATER[1:])
def test_a_command_over_changes_prints_what_the_readme_shows(later: Shell, command: str) -> None:
    done = later.run(command)
    assert done.returncode == 0, done.stdout
    assert steady(done.stdout) == steady(shown(command))


(SERVE,) = (command for command in typed("console") if "scrapy serve" in command)
"""Goes on until it is stopped."""


@pytest.mark.parametrize(
    "command", [command for command in typed("console")[2:] if command not in LATER and command != SERVE]
)
@pytest.mark.usefixtures("demo")
def test_a_command_prints_what_the_readme_shows(shell: Shell, command: str) -> None:
    done = shell.run(command)
    assert done.returncode == 0, done.stdout
    assert steady(done.stdout) == steady(shown(command))


@pytest.mark.parametrize(
    "command", [command for command in typed("sh") if not re.search("courier|watch|mirrors", command)]
)
def test_a_command_works_on_a_site_of_our_own(shell: Shell, command: str) -> None:
    done = shell.run(command)
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("demo")
def test_the_archive_is_shown_until_it_is_stopped(shell: Shell) -> None:
    done = shell.run(f"{SERVE} --port 0", stopped_at=RUNNING)
    assert done.returncode == 0, done.stdout
    assert steady(done.stdout) == steady(shown(SERVE))


def test_a_watch_goes_on_until_it_is_stopped(shell: Shell) -> None:
    shell.run("uv run scrapy crawl news -a publisher=presstv")
    (command,) = (command for command in typed("sh") if "watch" in command)
    done = shell.run(command, stopped_after=6.0)
    assert done.returncode == 0, done.stdout
    assert "interrupted" in done.stdout.splitlines()[-1]


def test_the_command_of_the_crontab_line_says_its_counts_and_what_was_not_fetched(shell: Shell) -> None:
    ((_, command),) = (block.text.strip().split(" && ") for block in BLOCKS if block.language == "cron")
    done = shell.run(command)
    assert done.returncode == 0, done.stdout
    *faults, counts = done.stdout.splitlines()
    assert all(" not fetched: " in fault or "CONTACT is not set" in fault for fault in faults)
    assert re.match(r"finished: \d+ fetched", counts)


def test_the_publisher_it_adds_is_crawled_by_the_command_it_names(tmp_path: Path) -> None:
    definition = next(block.text for block in BLOCKS if block.language == "python")
    (command,) = (command for command in typed("sh") if "courier" in command)
    host = "courier.site.example"  # the tests' site has a certificate for it
    with DemoSite(f"https://{host}") as courier, Site(routes_of(courier)) as web:
        done = subprocess.run(
            [sys.executable, "-m", *command.removeprefix("uv run ").split(), "-O", "articles.jsonl"],
            cwd=project_with(definition.replace("www.courier.example", host), tmp_path),
            env=clean_environment(
                {"https_proxy": web.proxy, "SSL_CERT_FILE": web.ca_file, "OFRECORD_DOWNLOAD_DELAY": "0"}
            ),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = {item["id"]: item for item in map(json.loads, lines)}
    expected = {f"courier/{article.path.rpartition('/')[2]}" for article in courier.texts.articles}
    assert set(articles) == expected, done.stderr
    assert "Tickets are sold" not in articles["courier/three-new-plays-for-the-theatre-on-the-quay"]["text"]


def test_the_commands_over_mirrors_work_on_hosts_of_our_own(tmp_path: Path) -> None:
    definition = next(block.text for block in BLOCKS if block.language == "python")
    commands = [command for command in typed("sh") if "mirrors" in command]
    own, mirror = "courier.site.example", "mirror.site.example"
    project = project_with(definition.replace("www.courier.example", own), tmp_path)
    with DemoSite(f"https://{own}") as courier, Site(routes_of(courier)) as web:
        settings = {"https_proxy": web.proxy, "SSL_CERT_FILE": web.ca_file, "OFRECORD_DOWNLOAD_DELAY": "0"}
        for command in ["uv run scrapy crawl news -a publisher=courier", *commands]:
            named = command.replace("www.presstv.example", mirror).replace("presstv", "courier")
            done = subprocess.run(
                [sys.executable, "-m", *named.removeprefix("uv run ").split()],
                cwd=project,
                env=clean_environment(settings),
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    assert f"{mirror}: 5 articles compared: 5 same" in done.stdout


def routes_of(site: DemoSite) -> dict[str, Route]:
    """The demo's pages for the tests' site, which has https and a proxy that leads every host to it."""

    def answer(request: Request) -> Iterable[bytes]:
        found = site.page(request.target)
        headers = [f"Content-Type: {found.mime}", *([f"Location: {found.location}"] if found.location else [])]
        yield page(found.body, *headers, status=f"{found.status} {HTTPStatus(found.status).phrase}")

    return {target.partition("?")[0]: answer for target in site.targets()}


def test_tables_made_from_the_code_are_current() -> None:
    assert with_tables(TEXT) == TEXT, "run: uv run python -m tests.readme"


def test_the_arguments_it_lists_are_those_of_crawl_news() -> None:
    known = {
        name
        for name, given in inspect.signature(crawl_arguments).parameters.items()
        if given.kind == given.KEYWORD_ONLY
    }
    assert {name.partition("=")[0] for name in ARGUMENTS} == known


def test_files_it_links_are_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert target.startswith("https://") or (PROJECT / target.partition("#")[0]).exists(), target
