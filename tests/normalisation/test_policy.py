"""What pages ask of those who keep them, in words of one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.policy import directives, linked_licences, reservation, terms


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["NoIndex, NOARCHIVE"], ["noindex", "noarchive"]),
        (["noai, noimageai", "noarchive"], ["noai", "noimageai", "noarchive"]),
        (["none"], ["noindex", "nofollow"]),
        (["index, follow, max-image-preview:large, max-snippet:-1"], []),
        (["googlebot: noindex, nofollow"], []),
        (["ofrecord: noarchive"], ["noarchive"]),
        (["*: noai"], ["noai"]),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noai"], ["unavailable_after", "noai"]),
        (["noarchive; noai"], ["noarchive", "noai"]),
        (["noai", "noai"], ["noai"]),
        (["", ":", "max-snippet:"], []),
    ],
)
def test_directives_for_everybody_or_for_us_count(values: list[str], expected: list[str]) -> None:
    assert directives(values) == expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([["1"]], 1),
        ([[" 0 "]], 0),
        ([["0", "1"]], 1),
        ([["0"], ["1"]], 0),
        ([["yes"], [], ["1"], ["0"]], 1),
        ([["yes", ""]], None),
        ([], None),
    ],
)
def test_what_the_first_place_says_that_says_anything_counts(places: list[list[str]], expected: int | None) -> None:
    assert reservation(*places) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<https://g.example/terms>; rel=license", ["https://g.example/terms"]),
        ('</style.css>; rel="preload"; as=style, </terms>; title="a, <b>; rel=next"; rel="next License"', ["/terms"]),
        (
            "<https://g.example/a>; rel=license, <https://g.example/b>; REL=license",
            ["https://g.example/a", "https://g.example/b"],
        ),
        ('<https://g.example/terms>; rel="license"; anchor="/photo.jpg"', []),
        ("<https://g.example/license>; rel=next; rel=license", []),
        ('<https://g.example/terms>; rel="license', []),
        ("license", []),
    ],
)
def test_a_link_header_names_licences(value: str, expected: list[str]) -> None:
    assert linked_licences([value]) == expected


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", ("licensed", "cc-by-sa")),
        ("http://www.creativecommons.org/licenses/by-nc-nd/3.0/de/deed.en", ("licensed", "cc-by-nc-nd")),
        ("https://creativecommons.org/publicdomain/zero/1.0", ("licensed", "cc0")),
        ("https://publisher.example/terms", ("licensed",)),
        ("http://[", ("licensed",)),
        (None, ()),
    ],
)
def test_a_licence_of_creative_commons_is_named(licence: str | None, expected: tuple[str, ...]) -> None:
    assert terms([], None, licence) == expected


@given(st.lists(st.text()), st.text(min_size=1))
def test_nothing_that_is_sent_breaks_it(values: list[str], licence: str) -> None:
    assert "licensed" in terms(values, reservation(values), licence)
    assert len(linked_licences(values)) <= sum(value.count("<") for value in values)
