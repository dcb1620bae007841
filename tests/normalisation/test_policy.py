"""What pages ask of those who keep them, in words of one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.policy import directives, reservation, terms


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


@pytest.mark.parametrize(("values", "expected"), [(["1"], 1), ([" 0 "], 0), (["0", "1"], 1), (["yes", ""], None)])
def test_what_header_or_page_reserves_is_reserved(values: list[str], expected: int | None) -> None:
    assert reservation(values) == expected


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
    assert terms([], [], licence) == expected


@given(st.lists(st.text()), st.text(min_size=1))
def test_nothing_that_is_sent_breaks_it(values: list[str], licence: str) -> None:
    assert "licensed" in terms(values, values, licence)
