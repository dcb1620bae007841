"""Real pages crawled three times, with what is volatile on every page changed in between; then one word in some.

    uv run python -m tests.benchmarks.revisions [--pages 654] [--edited 100] [--seed 1]

Every revision of the second and third crawl is a false one, and is explained. Then one word of the body is changed in
some articles: exactly these must have a new revision, whose diff is that word.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from crawler.changes.passages import passages
from tests.conftest import PROJECT, SHARED, clean_environment, scrapy_command
from tests.newsnet.mutations import mutated

ROUNDS = 2
"""Crawls after the first."""
WORD = "zebrafish"
"""In no page of the set."""
SCRIPTS = re.compile(rb"(<(?:script|style|noscript)\b.*?</(?:script|style|noscript)\s*>|<!--.*?-->)", re.I | re.S)


@dataclass
class World:
    """newsnet with its pages as they are on disk, and a collection."""

    net: Any
    archives: Path
    urls: list[str]
    originals: dict[str, bytes]

    def crawl(self, *more: str) -> float:
        """Seconds."""
        listed = self.archives / "urls.txt"
        listed.write_text("\n".join(self.urls))
        settings = {
            "OFRECORD_ARCHIVES_DIR": str(self.archives),
            "OFRECORD_DOWNLOAD_DELAY": "0",
            "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
            "OFRECORD_CONCURRENT_REQUESTS_PER_DOMAIN": "16",
            "http_proxy": self.net.proxy,
            "https_proxy": self.net.proxy,
            "SSL_CERT_FILE": self.net.ca_file,
        }
        began = time.monotonic()
        command = scrapy_command(["crawl", "news", "-a", f"urls={listed}", *more])
        done = subprocess.run(command, cwd=PROJECT, env=clean_environment(settings), capture_output=True, text=True)
        print(f"  {done.stderr.splitlines()[-1] if done.stderr else done.returncode}")
        return time.monotonic() - began

    def mutate(self, seed: str) -> float:
        """Every page as another visitor gets it; the mean number of mutations."""
        applied = 0
        for url in self.urls:
            page, names = mutated(self.originals[url], f"{seed} {url}")
            self.put(url, page)
            applied += len(names)
        return applied / len(self.urls)

    def put(self, url: str, page: bytes) -> None:
        served = self.net._page(url)
        served.html, served.modified = page, time.time()

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.archives}/news/index.db?mode=ro", uri=True)) as index:
            return index.execute(query, parameters).fetchall()


@contextmanager
def world(folder: Path, count: int) -> Iterator[World]:
    sys.path.insert(0, str(SHARED / "newsnet"))
    from newsnet import NewsNet

    net = NewsNet([SHARED / "newsnet/pages"]).start()
    try:
        urls = sorted(url for url in dict.fromkeys(net.urls) if url.startswith("http"))
        chosen = urls if count >= len(urls) else Random(0).sample(urls, count)
        yield World(net, folder, chosen, {url: net._page(url).html for url in chosen})
    finally:
        net.stop()


REVISED = """
    SELECT r.id, a.url, r.changed, e.kind, e.detail FROM revisions r JOIN articles a ON a.id = r.article_id
    LEFT JOIN events e ON e.capture_id = r.capture_id AND e.kind IN ('edited', 'silently-edited')
    WHERE r.number > 1 ORDER BY r.id
"""


def revised(world: World) -> dict[str, tuple[str, str, Mapping[str, Any]]]:
    """By revision: address, changed columns, and the detail of its event."""
    return {row[0]: (row[1], row[2], json.loads(row[4] or "{}")) for row in world.ask(REVISED)}


def articles(world: World) -> int:
    ((count,),) = world.ask("SELECT count(*) FROM articles")
    return int(count)


def edit_words(world: World, count: int, chance: Random, seed: str) -> dict[str, tuple[str, str]]:
    """Changes one word of the body of so many articles, each mutated again; by article: its address and the word."""
    rows = world.ask("SELECT id, revision_id FROM articles ORDER BY id")
    chance.shuffle(rows)
    edited: dict[str, tuple[str, str]] = {}
    for article_id, revision_id in rows:
        if len(edited) == count:
            break
        ((url,),) = world.ask(
            "SELECT c.url FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.id = ?", revision_id
        )
        blocks = world.ask("SELECT text FROM blocks WHERE revision_id = ? AND kind = 'paragraph'", revision_id)
        found = next(filter(None, (_word_of(text, world.originals.get(url, b"")) for (text,) in blocks)), None)
        if found is None:
            continue
        context, word = found
        changed = world.originals[url].replace(context, context.replace(word, WORD.encode(), 1))
        world.put(url, mutated(changed, f"{seed} {url}")[0])
        edited[article_id] = (url, word.decode())
    return edited


def _word_of(text: str, page: bytes) -> tuple[bytes, bytes] | None:
    """A passage of a paragraph that the page has as it is, and a word in its middle that the paragraph has once."""
    words = text.split(" ")
    body = b"".join(SCRIPTS.split(page[page.lower().find(b"</head") :])[::2])
    for at in range(2, len(words) - 2):
        word = words[at]
        context = " ".join(words[at - 2 : at + 3]).encode()
        # Not in the head alone, where descriptions quote the text.
        is_plain = word.isascii() and word.isalpha() and word.islower() and len(word) >= 5
        if is_plain and text.count(word) == 1 and context in body and context.count(word.encode()) == 1:
            return context, word.encode()
    return None


def is_right(detail: Mapping[str, Any], word: str) -> bool:
    """Whether the word is all that an event tells of: in the paragraph, and in a summary or caption that quotes it."""
    edits = detail.get("edits", [])
    return bool(edits) and all(_is_word(edit["old"] or "", edit["new"] or "", word) for edit in edits)


def _is_word(old: str, new: str, word: str) -> bool:
    changes = [(each.change, each.text.strip()) for each in passages(old, new) if each.change != "same"]
    return changes == [("removed", word), ("added", WORD)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10**6)
    parser.add_argument("--edited", type=int, default=100)
    parser.add_argument("--seed", default="1")
    given = parser.parse_args()
    with TemporaryDirectory() as folder, world(Path(folder), given.pages) as here:
        return run(here, given.edited, given.seed)


def run(here: World, edited: int, seed: str) -> int:
    print(f"{len(here.urls)} pages, seed {seed}")
    here.crawl()
    for number in range(1, ROUNDS + 1):
        mean = here.mutate(f"{seed} {number}")
        print(f"round {number}: {mean:.1f} mutations a page")
        here.crawl("-a", "recheck=now")
    ((compared,),) = here.ask(
        "SELECT count(*) - (SELECT count(*) FROM articles) FROM captures WHERE outcome IN "
        "('new', 'revised', 'unchanged')"
    )
    false = revised(here)
    print(
        f"{articles(here)} articles, {compared} comparisons: {len(false)} false revisions "
        f"({1000 * len(false) / max(1, compared):.2f} in 1,000)"
    )
    for revision, (url, changed, detail) in false.items():
        print(f"  {revision} {url}\n    changed: {changed}")
        for edit in detail.get("edits", []):
            print(f"    {edit['kind']}: {edit['old']!r} → {edit['new']!r}")
    events = here.ask(
        "SELECT kind, article_id, detail FROM events WHERE kind IN ('gone', 'blocked', 'moved', 'restored')"
    )
    print(f"{len(events)} false events of state")
    for event in events:
        print(f"  {event}")
    wanted = edit_words(here, edited, Random(seed), f"{seed} edit")
    here.crawl("-a", "recheck=now")
    found = {name: told for name, told in revised(here).items() if name not in false}
    by_article = {name.rpartition("@")[0]: told[2] for name, told in found.items()}
    missed, extra = wanted.keys() - by_article.keys(), by_article.keys() - wanted.keys()
    wrong = [name for name in wanted.keys() & by_article.keys() if not is_right(by_article[name], wanted[name][1])]
    print(
        f"one word changed in {len(wanted)}: {len(wanted) - len(missed)} revised, {len(extra)} others, "
        f"{len(wrong)} with another diff than the word"
    )
    for name in (*missed, *extra, *wrong):
        print(f"  {name} {wanted.get(name)} {json.dumps(by_article.get(name, {}).get('edits'), ensure_ascii=False)}")
    is_good = len(false) <= 2 * compared / 1000 and not (missed or extra or wrong or events)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
