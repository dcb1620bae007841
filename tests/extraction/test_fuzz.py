"""No page makes extraction raise, and none makes it hang: real pages mutated, markup in any order, bytes.

`python -m tests.benchmarks.fuzz` does the same with 100,000.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.changes.content import content_sha256
from crawler.extraction.article import extract
from crawler.extraction.recurring import without_learnt
from crawler.items import Article
from tests.extraction.fuzzing import PIECES, SLOTS, TOKENS, URL, Input, filled, inputs

MOST_SECONDS = 2.0
"""Of CPU, for any page."""
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(page: Input) -> Article:
    """The article of a page that is read in time."""
    start = time.process_time()
    article = extract(page.html, page.url, content_type=page.content_type)
    content_sha256(article)
    spent = time.process_time() - start
    assert spent < MOST_SECONDS, f"{page.how}: {spent:.1f} s"
    return article


@pytest.mark.parametrize("seed", range(4))
def test_mutated_pages_are_read(seed: int) -> None:
    for page in inputs(seed, 500):
        try:
            read(page)
        except Exception as error:
            error.add_note(f"seed {seed}, input {page.how}")
            raise


@MANY
@given(st.lists(st.sampled_from(TOKENS), max_size=60), st.sampled_from([b"", b" ", b" words, and more of them. "]))
def test_markup_in_any_order_is_read(tokens: list[bytes], between: bytes) -> None:
    read(Input("tokens", between.join(tokens)))


@MANY
@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_are_read(body: bytes, content_type: str | None) -> None:
    read(Input("bytes", body, URL, content_type))


@MANY
@given(st.sampled_from(list(SLOTS)), st.text(max_size=60))
def test_any_text_is_taken_in_any_place(slot: str, text: str) -> None:
    read(filled(slot, text))


@MANY
@given(st.sampled_from(list(SLOTS)), st.lists(st.sampled_from(PIECES), min_size=1, max_size=3), st.sampled_from(PIECES))
def test_a_text_that_repeats_itself_is_taken_in_any_place(slot: str, pieces: list[str], last: str) -> None:
    repeated = "".join(pieces)
    read(filled(slot, repeated * (20_000 // len(repeated)) + last))


@MANY
@given(st.lists(st.sampled_from(TOKENS), max_size=40), st.data())
def test_what_is_taken_out_as_learnt_changes_no_digest(tokens: list[bytes], data: st.DataObject) -> None:
    article = read(Input("tokens", b"<article><h1>A</h1><p>one</p>" + b"<p>words</p>".join(tokens) + b"<p>end</p>"))
    texts = data.draw(st.sets(st.sampled_from([block.text for block in article.whole_blocks] or [""])))
    without = without_learnt(article, texts)
    assert without.whole_blocks == article.whole_blocks
    assert content_sha256(without) == content_sha256(article)
    assert bool(without.text) == bool(article.text)
    assert without_learnt(without, texts) == without
    assert without_learnt(without, ()) == article
