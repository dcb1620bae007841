from datetime import date

import pytest

from crawler.discovery.traps import calendar_trap, template, trap_in

SITE = "https://www.gazette.example"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/2024/03/11/1003/council-votes-to-rebuild-bridge", None),
        ("/a/b/a/b/a-story", None),
        ("/world/world/a-story", None),
        ("/a/b/a/b/a/b", "repeating"),
        ("/news/x/x/x/story", "repeating"),
        ("/one/two/three/four/one/two/three/four/one/two/three/four", "repeating"),
        ("/" + "/".join(f"level-{n}" for n in range(21)), "deep"),
        ("/?" + "&".join(f"p{n}=1" for n in range(21)), "parameters"),
        ("/story?page=1&page=2&page=3", "parameters"),
        ("/story?id=7&tag[]=a&tag[]=b&tag[]=c", None),
        ("//[", None),
    ],
)
def test_an_address_without_end_is_told_by_its_form(path: str, trap: str | None) -> None:
    assert trap_in(SITE + path) == trap


@pytest.mark.parametrize(
    ("path", "is_trap"),
    [
        ("/archive/2024/03/11", False),
        ("/archive/2027/01", False),
        ("/archive/2031/05/01", True),
        ("/calendar/2031/05", True),
        ("/calendar?month=2031-05", True),
        ("/calendar?date=18990401", True),
        ("/calendar/0000/05", False),
        ("/news/1984/05/", True),
        ("/story/100200", False),
    ],
)
def test_a_calendar_of_days_without_news_is_a_trap(path: str, is_trap: bool) -> None:
    assert calendar_trap(SITE + path, TODAY) == is_trap


def test_pages_of_one_kind_have_one_template() -> None:
    first = template(f"{SITE}/2024/03/11/1003/council-votes?id=1&a=2")
    assert template(f"{SITE}/2025/10/09/2711/bridge_opens?a=9&id=8") == first
    assert template(f"{SITE}/2025/10/09/2711/bridge_opens?a=9") != first
    assert template(f"{SITE}/sport/a-story") != template(f"{SITE}/world/a-story")
