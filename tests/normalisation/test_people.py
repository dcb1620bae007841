"""Names out of bylines: without what surrounds them, each once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.people import people, person


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("By Ann Lee and Jonas Pell", ("Ann Lee", "Jonas Pell")),
        ("Von Ann Lee und Jonas Pell", ("Ann Lee", "Jonas Pell")),
        ("Ann Lee, Jonas Pell & Mia Ortega", ("Ann Lee", "Jonas Pell", "Mia Ortega")),
        ("Written by: Ann Lee", ("Ann Lee",)),
        ("Ann Lee (Reuters)", ("Ann Lee",)),
        ("Ann Lee | The Gazette", ("Ann Lee", "The Gazette")),
        ("https://gazette.example/authors/ann", ()),
        ("Interview: Ann Lee Foto: Jonas Pell", ("Ann Lee",)),
        ("Ann Lee im Gespräch mit Jonas Pell", ("Ann Lee", "Jonas Pell")),
        ("Redacci&oacute;n Mia Ortega", ("Redacción Mia Ortega",)),
        ("Ann L.", ("Ann L.",)),
        ("Ann Lee.", ("Ann Lee",)),
        ("admin", ()),
        ("gazetteadmin", ()),
        ("Текст: Венера Лист", ("Венера Лист",)),
        ("Autor/in: Ann Lee", ("Ann Lee",)),
        ("Ann Lee, March 24, 7:57 AM", ("Ann Lee",)),
        ('{ "expanded": false }', ()),
        ("April Summers and May Winter", ("April Summers", "May Winter")),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names(stated: str, names: tuple[str, ...]) -> None:
    assert people([stated]) == names


def test_a_name_stated_twice_is_one() -> None:
    assert people(["Ann Lee", "By ANN LEE", "Jonas Pell"]) == ("Ann Lee", "Jonas Pell")


@given(st.lists(st.text(max_size=60), max_size=4))
def test_names_are_short_and_stated_once_whatever_the_page_says(stated: list[str]) -> None:
    found = people(stated)
    assert len({name.casefold() for name in found}) == len(found)
    assert all(name and len(name) <= 60 for name in found)


@pytest.mark.parametrize(("stated", "names"), [("Staff", ("Staff",)), ("", ()), (" ", ()), ("–", ())])
def test_a_desk_is_named_where_people_need_not_be_and_an_empty_field_is_nobody(
    stated: str, names: tuple[str, ...]
) -> None:
    assert people([stated], strict=False) == names


@pytest.mark.parametrize("name", ["Ann Lee", "Ursula von der Leyen", "Siân O’Brien", "李小龙"])
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert person(name) == name
