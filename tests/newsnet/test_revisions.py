"""A small sample of tests/benchmarks/revisions.py: what is volatile on real pages makes no revision, a word does."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.revisions import edit_words, is_right, revised, world
from tests.newsnet.mutations import MUTATIONS, mutated

PAGES, EDITED = 40, 6


@pytest.mark.usefixtures("shared")
def test_what_is_volatile_makes_no_revision_and_one_word_does(tmp_path: Path) -> None:
    with world(tmp_path, PAGES) as here:
        here.crawl()
        assert here.mutate("sample") >= 5
        here.crawl("-a", "recheck=now")
        assert revised(here) == {}
        assert here.ask("select kind from events where article_id is not null") == []
        wanted = edit_words(here, EDITED, Random(1), "sample edit")
        here.crawl("-a", "recheck=now")
        found = {name.rpartition("@")[0]: detail for name, (_, _, detail) in revised(here).items()}
    assert found.keys() == wanted.keys()
    assert all(is_right(detail, wanted[name][1]) for name, detail in found.items())


def test_every_mutation_changes_a_page_and_none_its_paragraphs() -> None:
    text = "A paragraph with more than eighty characters of plain text, as most paragraphs of the news have."
    page = (
        f"<html><head><title>x</title><script src='/a.js'></script></head><body class=b id=a>\n <p>{text}</p>\n"
        f"<p>{text}</p><span class='view-count'>12</span></body></html>"
    )
    for name, mutation in MUTATIONS.items():
        after = mutation(page, Random(3))
        assert after != page, name
        assert after.count(f"<p>{text}</p>") == 2, name
    assert mutated(page.encode(), "a") == mutated(page.encode(), "a") != mutated(page.encode(), "b")
