"""A value out of the index, added to what was typed, asks for just that too."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.errors import BadQuery
from crawler.normalisation.folding import folded
from crawler.queries.narrowing import narrowed, term, widened
from crawler.queries.parser import DEEPEST, LONGEST, MOST_TERMS, parse
from crawler.queries.tokens import has_word
from crawler.queries.tree import And, Query, Words, both
from tests.queries.test_parser import PIECES

VALUES = st.text(min_size=1) | st.lists(st.sampled_from(PIECES) | st.text(max_size=2)).map("".join)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("author", "Ann Lee", 'author:"Ann Lee"'),
        ("author", "AFP", "author:AFP"),
        ("author", "OR", "author:OR"),
        ("author", "Lee*", "author:Lee"),
        ("author", 'Jo "The Pen" Lee', 'author:"Jo The Pen Lee"'),
        ("author", "Jo “The Pen” Lee", 'author:"Jo “The Pen” Lee"'),
        ("topic", 'דובר צה"ל', 'topic:"דובר צה"ל"'),
        ("topic", "C++ (language)", 'topic:"C++ (language)"'),
        ("section", "News: World", 'section:"News: World"'),
        ("publisher", "127.0.0.1", "publisher:127.0.0.1"),
        ("language", "pt-br", "language:pt-br"),
        ("day", "2026-01", "day:2026-01"),
        ("state", "gone", "state:gone"),
        ("author", "–", None),
        ("author", "", None),
        ("author", "Ann\0Lee", 'author:"Ann Lee"'),
        ("state", "lost", None),
        ("author", "x" * (LONGEST + 1), None),
    ],
)
def test_a_value_is_written_as_one_types_it(field: str, value: str, expected: str | None) -> None:
    assert term(field, value) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "author:lee"),
        (" tide  gauge ", "tide  gauge author:lee"),
        ("tide OR gauge", "(tide OR gauge) author:lee"),
        ("tide OR https://a.example/x", "(tide OR https://a.example/x ) author:lee"),
        ("tide NOT gauge", "tide NOT gauge author:lee"),
    ],
)
def test_a_term_is_added_to_all_of_a_query(query: str, expected: str) -> None:
    assert narrowed(query, "author:lee") == expected


@given(st.sampled_from(["author", "section", "topic", "credit"]), VALUES)
def test_any_value_with_a_word_is_asked_for_as_the_phrase_that_it_is(field: str, value: str) -> None:
    written = term(field, value)
    assert (written is None) == (not has_word(value))
    if written is not None:
        read = parse(written)
        assert isinstance(read, Words)
        assert (read.field, read.prefix) == (field, False)
        assert re.findall(r"\w+", folded(read.text)) == re.findall(r"\w+", folded(value.replace("\0", " ")))


@given(VALUES, st.sampled_from(["author", "section", "publisher"]), VALUES)
def test_a_narrowed_query_asks_for_both(query: str, field: str, value: str) -> None:
    also = term(field, value)
    try:
        before = parse(query)
    except BadQuery:
        return
    assume(also is not None and len(query) < LONGEST / 2 and query.count("(") < DEEPEST and len(query) < MOST_TERMS)
    assert also is not None
    assert parse(narrowed(query, also)) == both((before, parse(also)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tide author:lee", "tide"),
        ("author:lee", ""),
        ("author:lee tide gauge", "tide gauge"),
        ("tide author:lee gauge", "tide gauge"),
        ("tide", None),
        ("tide author:leeds", None),
        ("-author:lee tide", None),
        ("tide NOT author:lee", None),
        ("tide OR author:lee", None),
        ("(tide author:lee )", "(tide )"),
        ('"by author:lee today"', None),
    ],
)
def test_a_term_is_taken_back_where_all_articles_must_meet_it(query: str, expected: str | None) -> None:
    assert widened(query, "author:lee") == expected


WISHES = (
    "tide",
    '"tide gauge"',
    "chem*",
    "author:ann",
    "-theatre",
    "(a OR b)",
    "a OR b",
    "NOT x",
    "day:2022",
    "author:lee",
)


@given(st.lists(st.sampled_from(WISHES)).map(" ".join), st.sampled_from(["author:lee", 'topic:"flood plain"']))
def test_what_was_added_can_be_taken_back(query: str, added: str) -> None:
    back = widened(narrowed(query, added), added)
    assert back is not None
    assert Counter(_parts(back)) == Counter(_parts(query))


def _parts(query: str) -> tuple[Query, ...]:
    read = parse(query)
    return read.parts if isinstance(read, And) else (read,)
