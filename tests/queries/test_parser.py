"""Queries are read as a person means them, and what cannot be read is said at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadQuery
from crawler.queries.fields import FIELDS
from crawler.queries.parser import DEEPEST, LONGEST, MOST_TERMS, field_query, parse
from crawler.queries.tree import EVERYTHING, And, Not, Or, Published, Query, Value, Words, sought

A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYTHING),
        (" \n", EVERYTHING),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a (b c)", And((A, B, C))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("NOT a", Not(A)),
        ("NOT -a", Not(Not(A))),
        ("a OR -b", Or((A, Not(B)))),
        ("a and b or not c", And((A, Words("and"), B, Words("or"), Words("not"), C))),
        ("chem*", Words("chem", prefix=True)),
        ('"state visit"', Words("state visit")),
        ('"state vis"*', Words("state vis", prefix=True)),
        ('"state vis*"', Words("state vis", prefix=True)),
        ('"OR"', Words("OR")),
        ("al-Khazali", Words("al-Khazali")),
        ("a - b – & …", And((A, B))),
        ("12:30", Words("12:30")),
        ("Iran: talks", And((Words("Iran:"), Words("talks")))),
        ("Москва:река", Words("Москва:река")),
        ("“state visit” „b“ «c»", And((Words("state visit"), B, C))),
        ("（a　b）", And((A, B))),
        ('צה"ל', Words('צה"ל')),
        ('"דובר צה"ל" a', And((Words('דובר צה"ל'), A))),
        ("author:lee", Words("lee", field="author")),
        ("Author：lee", Words("lee", field="author")),
        ('author:"Ann Lee"', Words("Ann Lee", field="author")),
        ("author:AND", Words("AND", field="author")),
        ("-author:le*", Not(Words("le", prefix=True, field="author"))),
        ("headline:(a OR b)", Or((Words("a", field="headline"), Words("b", field="headline")))),
        ("headline:(a -b) c", And((Words("a", field="headline"), Not(Words("b", field="headline")), C))),
        ("section:news/iraq", Words("news/iraq", field="section")),
        ("state:GONE", Value("state", "gone")),
        ("language:pt-BR", Value("language", "pt-br")),
        ("language:Persian", Value("language", "fa")),
        ('publisher:"Press TV"', Value("publisher", "Press TV")),
        ("publisher:127.0.0.1", Value("publisher", "127.0.0.1")),
        ("host:News.example.org", Value("host", "news.example.org")),
        ("https://a.example/b?c=(d)", Value("url", "https://a.example/b?c=(d)")),
        ("day:2022-01-31", Published("2022-01-31", "2022-02-01")),
        ("day:2022-12", Published("2022-12", "2023-01")),
        ("day:2022", Published("2022", "2023")),
        ("day:2022-01..2022-02-03", Published("2022-01", "2022-02-04")),
        ("day:2022..", Published("2022", None)),
        ("day:..2024-02-29", Published(None, "2024-03-01")),
        ("since:2022-01", Published("2022-01", None)),
        ("until:2022-01", Published(None, "2022-02")),
    ],
)
def test_a_query_is_read_as_it_is_meant(query: str, expected: Query) -> None:
    assert parse(query) == expected


@pytest.mark.parametrize(
    ("query", "at", "message"),
    [
        ("a OR", 3, 'nothing to search for follows OR; write it there, or "OR" as a word'),
        ("OR a", 1, 'nothing stands before OR; write it there, or "OR" as a word'),
        ("a AND OR b", 3, 'nothing to search for follows AND; write it there, or "AND" as a word'),
        ("a NOT", 3, 'nothing to search for follows NOT; write it there, or "NOT" as a word'),
        ("a ()", 3, "there is nothing between the parentheses; write a word there, or remove them"),
        ("a (–)", 3, "there is nothing between the parentheses; write a word there, or remove them"),
        ("a (b OR c", 3, "the parenthesis is not closed; write ) where it ends"),
        ("a (", 3, "the parenthesis is not closed; write ) where it ends"),
        ("a b)", 4, "this parenthesis closes none; remove it, or open one before it"),
        (")", 1, "this parenthesis closes none; remove it, or open one before it"),
        ('a "state visit', 3, 'the quotation marks are not closed; write "state visit"'),
        ('a ""', 3, "there is no word between the quotation marks; write one there, or remove them"),
        ("a *", 3, "* stands alone; write the beginning of a word before it, such as chem*"),
        ("a*b", 2, '* can only end a word; write a*, or "a b" for the words around it'),
        ("*ing", 1, '* can only end a word; write ing*, or "ing" for the words around it'),
        ("a | b", 3, "| is no operator here; write OR"),
        ("a && b", 3, "&& is no operator here; write AND"),
        ("author: lee", 1, "nothing follows author: ; write author:VALUE without a space"),
        ("(author:)", 2, "nothing follows author: ; write author:VALUE"),
        ("author:–", 8, "there is no word after author: ; write author:VALUE"),
        ("a by:lee", 3, 'there is no field by; write author: instead, or put "by:lee" in quotation marks'),
        ("headlin:a", 1, "there is no field headlin; write headline: instead"),
        ("re:invent", 1, "there is no field re; there are headline, summary, "),
        ("state:dead", 7, "state: cannot be 'dead'; write live, gone, moved, blocked"),
        ("state:go*", 7, "state: cannot be 'go*'; write live, gone, moved, blocked"),
        ("language:klingonese", 10, "language: cannot be 'klingonese'; write a code such as en or pt-br"),
        ("day:2022-02-30", 5, "day: cannot be '2022-02-30'; write 2022-01-31, 2022-01 or 2022, or a range such as"),
        ("day:2022..2021", 5, "day: cannot be '2022..2021'; write"),
        ("since:yesterday", 7, "since: cannot be 'yesterday'; write 2022-01-31, 2022-01 or 2022"),
        ("until:9999-12-31", 7, "until: cannot be '9999-12-31'"),
        ("host:a/b", 6, "host: cannot be 'a/b'; write a host name such as example.org"),
        ("state:(gone OR live)", 7, "state: takes one value; write (state:A OR state:B)"),
        ("author:(a since:2022)", 11, "since: stands within author:(…); close that parenthesis first"),
        ("author:(http://a.example/)", 9, "an address stands within author:(…); close that parenthesis first"),
        (
            "x " * (MOST_TERMS + 1),
            2 * MOST_TERMS + 1,
            f"there are {MOST_TERMS + 1} words, and {MOST_TERMS} are the most",
        ),
        ("x" * (LONGEST + 1), LONGEST + 1, f"it has {LONGEST + 1} characters; {LONGEST} are the most"),
        ("(" * 500 + "a", DEEPEST + 2, f"more than {DEEPEST} parentheses or NOTs within one another"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_place(query: str, at: int, message: str) -> None:
    with pytest.raises(BadQuery) as raised:
        parse(query)
    assert str(raised.value).startswith(f"query, character {at}: {message}")
    assert raised.value.at == at


def test_a_query_of_signs_only_is_said_to_have_no_word() -> None:
    with pytest.raises(BadQuery, match="no word in '– …'; give letters or digits to search for"):
        parse("– …")


@pytest.mark.parametrize("name", FIELDS)
def test_a_phrase_in_quotation_marks_is_a_value_of_every_field(name: str) -> None:
    value = {"day": "2022", "since": "2022", "until": "2022", "state": "gone", "access": "free", "form": "article"}
    given = value.get(name, "en" if name == "language" else "a")
    assert parse(f'{name}:"{given}"') == field_query(name, given)


def test_an_option_is_read_like_its_field() -> None:
    assert field_query("author", 'Ann "A" Lee*') == Words('Ann "A" Lee', prefix=True, field="author")
    with pytest.raises(BadQuery, match=r"^state: cannot be 'dead'; write live, gone"):
        field_query("state", "dead")
    with pytest.raises(BadQuery, match=r"^author: cannot be '–'; write a word"):
        field_query("author", "–")


def test_words_that_are_not_wanted_are_not_sought() -> None:
    assert sought(parse("a -b (c OR NOT a) author:b since:2022")) == (A, C, Words("b", field="author"))


PIECES = [
    *'"“”()*-:|',
    " ",
    "AND",
    "OR",
    "NOT",
    "a",
    "北",
    'צה"ל',
    "http://x",
    "2022",
    "..",
    *(f"{f}:" for f in FIELDS),
]


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=2)).map("".join))
def test_whatever_is_typed_is_read_or_refused_with_its_place(query: str) -> None:
    try:
        parse(query)
    except BadQuery as error:
        refused = error
    else:
        return
    assert refused.at is None or 1 <= refused.at <= len(query) + 1
