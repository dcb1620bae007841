"""Two pages of one publisher: one article under two keys, or two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.changes.likeness import LONG_ENOUGH, Link, Piece, marks, marks_nearby, one_article
from crawler.items import Block

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SAID = [
    f"The {who} said on Monday that the wall of the old harbour had given way at once, in the {ordinal} hour of storm."
    for who, ordinal in zip(
        ("harbourmaster", "mayor", "engineer", "fisherman", "witness", "sergeant", "keeper", "skipper"),
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
        strict=True,
    )
]
URL = "https://www.gazette.example/coast/harbour-wall-breached"
OTHER = "https://www.gazette.example/news/old-harbour-wall-gives-way"


def said(*texts: str) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text) for text in texts)


KNOWN = Piece(URL, "a", "Harbour wall breached", said(*SAID), AT, "instant", has_own_id=False)
NEW = replace(KNOWN, url=OTHER, key="b")


def text(*, changed: dict[str, str], of: list[str] = SAID) -> tuple[Block, ...]:
    whole = "\n".join(of)
    for old, new in changed.items():
        whole = whole.replace(old, new)
    return said(*whole.split("\n"))


@pytest.mark.parametrize(
    "new",
    [
        NEW,
        replace(NEW, headline="Old harbour wall gives way"),
        replace(NEW, blocks=text(changed={"fisherman": "fishermen", "first hour": "first minute"})),
        replace(NEW, blocks=said(*SAID, "More soon.")),
        replace(NEW, published=AT + timedelta(hours=3)),
        replace(NEW, published=AT.astimezone(timezone(timedelta(hours=5)))),
        replace(NEW, published=AT.replace(tzinfo=None), precision="local"),
        replace(NEW, published=AT.replace(hour=0, tzinfo=None), precision="day"),
        replace(NEW, url="https://m.gazette.example/778899"),
    ],
    ids=[
        *("same text", "new headline at the same moment", "two words reworded", "one line more"),
        *("published again in the afternoon", "in another zone", "without a zone", "by the day", "number in one only"),
    ],
)
def test_near_equal_texts_of_one_day_are_one_article(new: Piece) -> None:
    assert one_article(new, KNOWN) == "text"
    assert one_article(KNOWN, new) == "text"
    assert set(marks_nearby("gazette", new)) & set(marks("gazette", KNOWN))


def forecast(url: str, hour: int, degrees: int) -> Piece:
    places = ("north", "south", "east", "west", "hills", "coast", "islands")
    blocks = said(
        *(
            f"In the {place} it will be dry at first, with temperatures up to {degrees + at} degrees, winds of "
            f"{degrees * 2 + at} km/h from the sea, and a chance of rain of {degrees + 3 * at} percent in the evening."
            for at, place in enumerate(places)
        )
    )
    return Piece(url, url, "Weather today", blocks, AT.replace(hour=hour), "instant", has_own_id=False)


NOTICE = said("The museum is closed on Monday. It opens again on Tuesday at ten, and admission is free all week long.")


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (replace(NEW, published=AT + timedelta(days=1)), KNOWN),
        (replace(NEW, published=None), KNOWN),
        (replace(NEW, published=None), replace(KNOWN, published=None)),
        (replace(NEW, headline="Storm, the sequel", published=AT + timedelta(hours=2)), KNOWN),
        (replace(NEW, blocks=said(*SAID[:5])), KNOWN),
        (replace(NEW, blocks=text(changed={"old harbour": "new stadium", "storm": "match"})), KNOWN),
        (replace(NEW, blocks=NOTICE), replace(KNOWN, blocks=NOTICE)),
        (forecast(OTHER, 6, 11), forecast(URL, 7, 14)),
        (forecast(OTHER, 6, 11), forecast(URL, 6, 14)),
        (replace(NEW, url=f"{OTHER}-778899"), replace(KNOWN, url=f"{URL}-778800")),
        (replace(NEW, has_own_id=True), replace(KNOWN, has_own_id=True)),
    ],
    ids=[
        *("tomorrow's issue", "no date", "no dates", "another headline, later", "half of it", "one mould, two stories"),
        *("a short notice", "the forecast of the next hour", "forecasts of two regions", "two numbers", "two ids"),
    ],
)
def test_pieces_that_resemble_each_other_stay_two(new: Piece, known: Piece) -> None:
    assert one_article(new, known) is None
    assert one_article(known, new) is None


def test_one_number_in_both_addresses_speaks_for_a_rewritten_text() -> None:
    known = replace(KNOWN, url="https://gazette.example/news/778899/harbour-wall-breached")
    rewritten = replace(NEW, url="https://gazette.example/778899/old-wall-gives-way", blocks=said(*SAID[:6]))
    assert one_article(rewritten, known) == "number"
    assert set(marks_nearby("gazette", rewritten)) & set(marks("gazette", known))


def test_the_number_of_a_section_makes_nothing_one() -> None:
    known = replace(KNOWN, url="https://gazette.example/c-778899/harbour-wall-breached")
    other = forecast("https://gazette.example/c-778899/weather-today", 9, 11)
    assert one_article(other, known) is None


@pytest.mark.parametrize("link", ["address", "redirect"])
def test_an_address_speaks_for_what_was_rewritten_and_not_for_another_text(link: Link) -> None:
    assert one_article(replace(NEW, published=None, blocks=said(*SAID[:5])), KNOWN, link) == link
    assert one_article(forecast(URL, 9, 11), KNOWN, link) is None


def test_an_id_that_a_definition_finds_at_an_address_that_was_known_before_is_that_article_s() -> None:
    assert one_article(replace(forecast(URL, 9, 11), has_own_id=True), KNOWN, "address") == "own-id"
    assert one_article(replace(forecast(URL, 9, 11), has_own_id=True), KNOWN, "redirect") is None


@given(st.datetimes(), st.sampled_from([None, UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]))
def test_every_mark_of_every_date_fits_and_is_found_again(moment: datetime, zone: timezone | None) -> None:
    piece = replace(KNOWN, published=moment.replace(tzinfo=zone), url=f"{URL}-778899")
    own, near = marks("gazette", piece), marks_nearby("gazette", piece)
    assert len(own) == 4
    assert set(own) <= set(near)
    assert all(0 < mark < 2**63 for mark in near)
    assert not set(marks("courier", piece)) & set(near)


def test_a_text_of_one_paragraph_has_a_mark_too_and_short_ones_have_none() -> None:
    assert LONG_ENOUGH > 500
    assert len(marks("gazette", replace(KNOWN, blocks=said(" ".join(SAID))))) == 1
    assert marks("gazette", replace(KNOWN, blocks=said("Brief.", "Very brief."))) == ()
