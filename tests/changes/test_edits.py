"""What was edited, and how much it weighs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.changes.alignment import aligned
from crawler.changes.content import content_sha256
from crawler.changes.edits import edits
from crawler.changes.excerpts import excerpts
from crawler.changes.kinds import WEIGHTS, kind_of, weight_of_all
from crawler.changes.passages import passages
from crawler.changes.words import number, pieces, spaced_pieces
from crawler.items import Article, Block, Boilerplate, Image

ARTICLE = Article(
    url="https://gazette.example/1",
    headline="Harbour wall breached",
    summary="The sea came in at noon.",
    language="en",
    blocks=(
        Block("paragraph", "The wall gave way “at once”, said the harbourmaster, Ann Lee."),
        Block("paragraph", "Four boats sank, and 1,200 people left the old town for the night."),
        Block("paragraph", "Engineers are at work, as www.gazette.example said before."),
    ),
    images=(Image("https://gazette.example/a.jpg", "The breach at low tide"),),
)


def reading(*texts: str) -> Article:
    return replace(ARTICLE, blocks=tuple(Block("paragraph", text) for text in texts))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Four people died on the way.", "Five people died on the way.", "number"),
        ("At least 1,200 were hurt.", "At least 1,300 were hurt.", "number"),
        ("It cost 12 percent.", "It cost 12.5 percent.", "number"),
        ("قتل ۱۲ شخصا في الهجوم", "قتل ۱۳ شخصا في الهجوم", "number"),
        ("事故で三人が死亡した。", "事故で四人が死亡した。", "number"),
        ("The mayor, Edith Carrow, agreed.", "The mayor, Edith Barrow, agreed.", "name"),
        ("Сказал министр Иванов вчера.", "Сказал министр Петров вчера.", "name"),
        ("He said “we will go” and left.", "He said “we will not go” and left.", "quote"),
        ("Er sagte: „Wir gehen heute“.", "Er sagte: „Wir bleiben heute“.", "quote"),
        ("The vote was close.", "The vote was narrow.", "reworded"),
        ("A comma, here.", "A comma here.", "punctuation"),
        ("the Council met", "the council met", "punctuation"),
        ("1,200 people", "1 200 people", "punctuation"),
        ("über ۱۲ Leute", "über 12 Leute", "punctuation"),
    ],
)
def test_an_edit_is_called_by_what_it_changes(old: str, new: str, kind: str) -> None:
    assert kind_of(old, new)[0] == kind


def test_german_nouns_are_no_names() -> None:
    assert kind_of("Am Abend lief der Hund weg.", "Am Abend lief die Katze weg.", "de")[0] == "reworded"
    assert kind_of("Gestern kam Hans Meier an.", "Gestern kam Karl Meier an.", "de")[0] == "name"


def test_many_slight_edits_do_not_outweigh_a_headline() -> None:
    assert weight_of_all([WEIGHTS["punctuation"]] * 100) < WEIGHTS["headline"]
    assert weight_of_all([]) == 0
    assert weight_of_all([80, 70, 65, 60, 50]) == 100


def test_a_host_that_a_mirror_writes_is_no_edit() -> None:
    other = replace(
        ARTICLE, blocks=(*ARTICLE.blocks[:2], Block("paragraph", ARTICLE.blocks[2].text.replace(".ex", "2.ex")))
    )
    assert edits(ARTICLE, other) == ()


def test_what_was_learnt_to_be_boilerplate_is_no_edit() -> None:
    learnt = Boilerplate(ARTICLE.blocks[2].text, "learnt", (), 2)
    assert edits(ARTICLE, replace(ARTICLE, blocks=ARTICLE.blocks[:2], boilerplate=(learnt,))) == ()


def test_a_paragraph_that_moved_is_one_edit() -> None:
    moved = replace(ARTICLE, blocks=(ARTICLE.blocks[2], *ARTICLE.blocks[:2]))
    assert [edit.kind for edit in edits(ARTICLE, moved)] == ["moved"]


def test_what_was_reworded_is_found_among_what_came_and_went() -> None:
    old = reading("One thing about the boats in the harbour.", "Gone with the night.", "The last word of it all.")
    new = reading("New at the top of it.", "One thing about the ships in the harbour.", "The last word of it all.")
    assert [(edit.kind, edit.old is None, edit.new is None) for edit in edits(old, new)] == [
        ("paragraph-added", True, False),
        ("reworded", False, False),
        ("paragraph-removed", False, True),
    ]


def test_a_caption_and_an_image_that_has_one_are_told() -> None:
    assert [edit.kind for edit in edits(ARTICLE, replace(ARTICLE, images=()))] == ["caption"]
    assert (
        edits(ARTICLE, replace(ARTICLE, images=(Image("https://other.example/b.jpg", "The breach at low tide"),))) == ()
    )


def test_numbers_are_read_in_any_script() -> None:
    assert [number(piece) for piece in pieces("1,200 1 200 ۱۲ twelve x")] == ["1200", "1200", "12", "twelve", None]


def test_an_excerpt_shows_the_change_in_a_long_paragraph() -> None:
    long = " ".join(f"word{n}" for n in range(200))
    old, new = excerpts(long.replace("word99", "four"), long.replace("word99", "five"))
    assert old
    assert new
    assert (len(old) < 200, "four" in old, "five" in new, old[0], old[-1]) == (True, True, True, "…", "…")


TEXTS = st.text(alphabet="ab cd. ,“”éЖ北京12\u200c", max_size=60)


@given(TEXTS, TEXTS)
def test_passages_hold_both_texts(old: str, new: str) -> None:
    found = passages(old, new)
    assert "".join(p.text for p in found if p.change != "removed").split() == new.split()
    assert "".join("".join(p.text for p in found if p.change != "added").split()) == "".join(old.split())


def test_what_went_before_a_mark_that_came_keeps_its_space() -> None:
    found = passages("Bus returns to the Hill from April", "Bus returns to the Hill, but not before May")
    assert [(p.change, p.text) for p in found] == [
        ("same", "Bus returns to the Hill"),
        ("removed", " from April"),
        ("added", ", but not before May"),
    ]


@given(TEXTS)
def test_pieces_with_their_spaces_are_the_text(text: str) -> None:
    assert "".join(spaced_pieces(text)) == text.lstrip()


@given(st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef"), max_size=8))
def test_every_paragraph_of_both_is_aligned_once(old: list[str], new: list[str]) -> None:
    pairs = aligned(old, new)
    assert sorted(pair.old for pair in pairs if pair.old is not None) == list(range(len(old)))
    assert [pair.new for pair in pairs if pair.new is not None] == list(range(len(new)))
    kept = [pair.old for pair in pairs if pair.change in ("same", "reworded") and pair.old is not None]
    assert all(one < other for one, other in pairwise(kept))


BLOCKS = st.lists(TEXTS.map(str.strip).filter(bool), max_size=4)


@given(BLOCKS, BLOCKS)
def test_there_are_edits_exactly_where_the_content_is_another(old: list[str], new: list[str]) -> None:
    one, other = reading(*old), reading(*new)
    assert bool(edits(one, other)) == (content_sha256(one) != content_sha256(other))
