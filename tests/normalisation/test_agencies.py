"""Agencies and desks: told apart from people, and called by one name."""

from __future__ import annotations

import pytest

from crawler.normalisation.agencies import agencies_in, agency, is_desk, is_nobody


@pytest.mark.parametrize(
    ("stated", "usual"),
    [
        ("Reuters", "Reuters"),
        ("Thomson Reuters", "Reuters"),
        ("Deutsche Presse-Agentur", "dpa"),
        ("AGENCE FRANCE-PRESSE", "AFP"),
        ("(AFP)", "AFP"),
        ("The Associated Press", "AP"),
        ("رويترز", "Reuters"),
        ("ТАСС", "TASS"),
        ("新华社", "Xinhua"),
        ("연합뉴스", "Yonhap"),
        ("Harbour News Agency", "Harbour News Agency"),
        ("Ada Wren", None),
        ("Ani", None),
        ("Sita", None),
        ("x" * 500, None),
    ],
)
def test_an_agency_has_one_name(stated: str, usual: str | None) -> None:
    assert agency(stated) == usual
    assert usual is None or agency(usual) == usual


def test_several_agencies_in_one_credit_are_told_apart() -> None:
    assert agencies_in("dpa/AFP") == ("dpa", "AFP")
    assert agencies_in("AP and Reuters") == ("AP", "Reuters")


def test_a_person_beside_an_agency_is_no_agency() -> None:
    assert agencies_in("Ada Wren/AFP") == ()
    assert not is_nobody("Ada Wren")


@pytest.mark.parametrize(
    "desk", ["Staff", "Web Desk", "News Desk", "Redaktion", "Online-Redaktion", "Redacción", "La rédaction", "Редакция"]
)
def test_a_desk_is_nobody(desk: str) -> None:
    assert is_desk(desk)
    assert is_nobody(desk)


@pytest.mark.parametrize("name", ["Ada Wren", "Tom Desk", "Red Actor", "Anna Staffel"])
def test_a_name_is_no_desk(name: str) -> None:
    assert not is_desk(name)
