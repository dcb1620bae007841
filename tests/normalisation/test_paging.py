"""Which page of an article an address names."""

from __future__ import annotations

import pytest

from crawler.normalisation.paging import names_page, step

STORY = "https://gazette.example/2024/03/11/1001/bridge"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (STORY, f"{STORY}?page=2"),
        (f"{STORY}?id=7", f"{STORY}?id=7&seite=2"),
        (f"{STORY}/", f"{STORY}/2/"),
        (STORY, f"{STORY}/page/2/"),
        (f"{STORY}.html", f"{STORY}-2.html"),
        (f"{STORY}.html", f"{STORY}/seite-2.html"),
        (f"{STORY}-1.html", f"{STORY}-2.html"),
        (f"{STORY}?page=1", f"{STORY}?page=2"),
    ],
)
def test_the_second_page_follows_the_first(first: str, second: str) -> None:
    assert step(first, second) == (1, 2)
    assert names_page(second)


@pytest.mark.parametrize(
    "other",
    [
        "https://gazette.example/2024/03/11/1002/ferry",
        "https://gazette.example/2024/03/11/1002/ferry?page=2",
        "https://other.example/2024/03/11/1001/bridge?page=2",
        f"{STORY}?page=2024",
        f"{STORY}?comment=2",
        STORY,
        "//[",
    ],
)
def test_another_article_is_no_page_of_this_one(other: str) -> None:
    assert step(STORY, other) is None
