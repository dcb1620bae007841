"""``scrapy history``, ``diff`` and ``edits``: what happened to articles, for people and for programs."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree

import pytest

from crawler.collection.collection import Collection
from crawler.items import Event
from tests.collection.test_collection import INFO, LIMITS, NOW, archived, asked, notes
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.warc.exchanges import exchange as refusal
from tests.warc.exchanges import message

PAGE = "https://gazette.example/2024/03/11/harbour-wall"
GONE = "https://gazette.example/2024/03/11/night-bus"
BEFORE = """<p>The wall is to cost four million, of which the town pays a third, said the mayor, Edith Carrow.</p>
<p>Work begins in spring, and the boats lie in the next town until then, at a fee for each night.</p>
<p>Nobody knows what becomes of the old stones, which are as old as the harbour itself, or older.</p>"""
AFTER = BEFORE.replace("four million", "five million")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article with a changed number, and one that is gone."""
    archives = tmp_path_factory.mktemp("changes")
    collection = Collection(archives / "news", info=INFO, limits=LIMITS)
    for hours, text in enumerate((BEFORE, BEFORE, AFTER)):
        archived(collection, PAGE, "gazette.example", text=text, at=NOW + timedelta(hours=hours))
    archived(collection, GONE, "gazette.example", text=BEFORE.replace("wall", "bus"))
    for hours in (5, 9):
        lost = refusal("", message(b"<p>No", status="410 Gone"), url=GONE, captured_at=NOW + timedelta(hours=hours))
        collection.record(lost, notes("gazette.example")).result(30)
    collection.close()
    return archives


def scrapy(archives: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment({"OFRECORD_ARCHIVES_DIR": str(archives)})
    command = scrapy_command(arguments)
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)


def on_terminal(archives: Path, *arguments: str) -> str:
    """What a terminal gets, with its codes for colours."""
    environment = clean_environment(
        {"OFRECORD_ARCHIVES_DIR": str(archives), "TERM": "xterm-256color", "COLUMNS": "200"}
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(scrapy_command(arguments), cwd=PROJECT, env=environment, stdout=theirs)
    os.close(theirs)
    printed = b""
    try:
        while data := os.read(ours, 1 << 16):
            printed += data
    except OSError:  # the terminal is closed when its last program has ended
        pass
    os.close(ours)
    assert process.wait(60) == 0
    return printed.decode()


def test_a_history_tells_captures_edits_and_deletions_in_order(archives: Path) -> None:
    done = scrapy(archives, "history", PAGE)
    assert (done.returncode, done.stderr) == (0, "")
    told = [line[22:39].strip() for line in done.stdout.splitlines() if line.startswith("2024-")]
    assert told == ["revision 1", "seen", "revision 2", "edited"]
    assert "number: …cost [-four-] {+five+} million" in done.stdout.replace("The wall is to ", "…")
    done = scrapy(archives, "history", f"{GONE}/?utm_source=x")
    last = done.stdout.splitlines()[-1]
    assert "gone             the page answered 410, gone, first at 2024-03-11 14:00:00Z; last seen" in last
    assert last.endswith("2024-03-11 09:00:00Z, as revision 1")


def test_a_history_says_of_an_event_what_it_is_and_no_more(archives: Path, tmp_path: Path) -> None:
    told: dict[str, dict[str, object]] = {
        "mirror-differs": {"host": "b.example", "of": "gazette.example", "differences": [{"field": "numbers"}]},
        "articles-merged": {"merged": "gazette.example/1", "reason": "redirect", "revisions": []},
        "dropped-from-sitemap": {"sitemap": "https://gazette.example/sitemap.xml"},
    }
    copytree(archives, tmp_path / "archives")
    collection = Collection(tmp_path / "archives/news", info=INFO, limits=LIMITS)
    query = "SELECT id FROM articles WHERE url = ?"
    (known,) = collection.index.submit(lambda db: db.execute(query, (PAGE,)).fetchone()).result()
    for kind, detail in told.items():
        event = Event(kind, NOW + timedelta(days=1), "gazette.example", known, detail=detail)
        collection.warc.event(event).result()
    collection.close()
    lines = scrapy(tmp_path / "archives", "history", PAGE).stdout.splitlines()
    assert sorted(line[22:] for line in lines[-3:]) == [
        "articles-merged  the same article as gazette.example/1, whose address leads here, or the other way",
        "dropped-from-sitemap  no longer listed in https://gazette.example/sitemap.xml",
        "mirror-differs   b.example does not say the same as gazette.example: numbers",
    ]


def test_a_history_as_json_has_a_line_for_every_capture_and_event(archives: Path) -> None:
    done = scrapy(archives, "history", PAGE, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["what"], line["kind"], line["revision"]) for line in lines] == [
        ("capture", "new", 1),
        ("capture", "unchanged", None),
        ("capture", "revised", 2),
        ("event", "edited", None),
    ]
    assert lines[3]["detail"]["kinds"] == ["number"]


def test_a_diff_marks_words(archives: Path) -> None:
    done = scrapy(archives, "diff", PAGE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "  The wall is to cost [-four-] {+five+} million, of which the town pays a third" in done.stdout
    assert "(2 paragraphs as before)" in done.stdout
    assert "\033" not in done.stdout


def test_a_diff_is_coloured_on_a_terminal(archives: Path) -> None:
    printed = on_terminal(archives, "diff", PAGE)
    assert "[-" not in printed
    assert "\033[9;31mfour" in printed
    assert "\033[32mfive" in printed


def test_a_diff_as_json_holds_both_texts(archives: Path) -> None:
    (line,) = scrapy(archives, "diff", PAGE, "1", "2", "--json").stdout.splitlines()
    diff = json.loads(line)
    assert (diff["from"]["number"], diff["to"]["number"], diff["kinds"], diff["weight"]) == (1, 2, ["number"], 70)
    assert [each["change"] for each in diff["lines"] if each["part"] == "text"] == ["reworded", "same", "same"]


def test_a_diff_as_a_page_is_whole_and_loads_nothing(archives: Path) -> None:
    page = scrapy(archives, "diff", PAGE, "--html").stdout
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not {name for name, _ in attrs} & {"src", "href", "onclick"}

    Tags().feed(page)
    assert "<del>four </del><ins>five </ins>million" in page
    assert "old stones" in page
    assert not {"script", "link", "img"} & set(tags)


def test_a_diff_backwards_is_one_too(archives: Path) -> None:
    assert "[-five-] {+four+}" in scrapy(archives, "diff", PAGE, "2", "1").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("diff", PAGE, "7"), 1, "has no revision 7; it has 2"),
        (("diff", PAGE, "1"), 1, "revision 1 is the first"),
        (("diff", PAGE, "one"), 3, "'one' is no number of a revision"),
        (("diff", GONE), 1, "revision 1 is the first"),
        (("diff", "gazette.example/none"), 1, "no article gazette.example/none"),
        (("history", "gazette.example/none"), 1, "no article gazette.example/none"),
        (("edits", "--kind", "nonsense"), 3, "there is no kind 'nonsense'"),
        (("edits", "--since", "2025-01-01"), 1, "no edits and no deletions"),
    ],
)
def test_what_is_not_there_is_said(archives: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = scrapy(archives, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_the_ledger_has_the_heaviest_first_with_old_and_new(archives: Path) -> None:
    done = scrapy(archives, "edits")
    assert (done.returncode, done.stderr) == (0, "")
    heads = [line.split()[:2] for line in done.stdout.splitlines() if line[:3].strip().isdigit()]
    assert heads == [["90", "gone"], ["70", "edited"]]
    assert "[-four-] {+five+}" in done.stdout
    revision = next(line.split()[0] for line in done.stdout.splitlines() if "@2" in line)
    assert scrapy(archives, "diff", revision).stdout == scrapy(archives, "diff", PAGE, "1", "2").stdout


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        (("--newest",), ["gone", "edited"]),
        (("--kind", "number"), ["edited"]),
        (("--kind", "gone", "--kind", "headline"), ["gone"]),
        (("--publisher", "gazette.example", "--until", "2024-03-11"), ["gone", "edited"]),
        (("--limit", "1"), ["gone"]),
    ],
)
def test_the_ledger_is_filtered(archives: Path, filters: tuple[str, ...], kinds: list[str]) -> None:
    lines = scrapy(archives, "edits", "--json", *filters).stdout.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == kinds


def test_the_view_of_edits_says_what_each_weighs(archives: Path) -> None:
    rows = asked(archives / "news", "select revision, changed, kind, weight, kinds from edits")
    assert rows == [(2, '["text"]', "edited", 70, '["number"]')]
