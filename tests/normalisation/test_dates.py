"""Dates as pages write them: read as far as they are stated, and no further."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalisation.dates import moment


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-11T07:30:00Z",
        "2024-03-11T08:30:00+01:00",
        "2024-03-11 07:30 UTC",
        "20240311T073000Z",
        "Mon, 11 Mar 2024 07:30:00 GMT",
        "11 March 2024, 8.30 CET",
        "March 11, 2024 3:30 a.m. EDT",
        "1710142200",
        "1710142200000",
    ],
)
def test_an_instant_is_the_same_however_it_is_written(raw: str) -> None:
    found = moment(raw)
    assert found is not None
    assert found.precision == "instant"
    assert found.at == datetime(2024, 3, 11, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "language"),
    [
        ("11. März 2024", "de"),
        ("11 mars 2024", "fr"),
        ("11 de marzo de 2024", "es"),
        ("11 марта 2024", "ru"),
        ("2024年3月11日", "zh"),
        ("11 Mart 2024", "tr"),
        ("۲۱ اسفند ۱۴۰۲", "fa"),
        ("11.03.2024", "de"),
        ("11/03/2024", "en-gb"),
        ("03/11/2024", "en-us"),
        ("Published: March 11th, 2024", None),
    ],
)
def test_a_day_is_read_in_the_language_of_its_page(raw: str, language: str | None) -> None:
    found = moment(raw, language=language)
    assert found is not None
    assert found.precision == "day"
    assert found.at == datetime(2024, 3, 11)  # noqa: DTZ001 - a day has no zone


def test_a_time_without_zone_stays_naive_and_takes_the_publishers_zone_where_it_is_known() -> None:
    naive = moment("11 March 2024 07:30")
    placed = moment("11 March 2024 07:30", zone="Asia/Tehran")
    assert naive is not None
    assert (naive.precision, naive.at.tzinfo) == ("local", None)
    assert placed is not None
    assert placed.at.utcoffset() == timedelta(hours=3, minutes=30)


def test_another_long_number_does_not_hide_a_date() -> None:
    assert moment("Tel. 030 12345678, 11 March 2024") == moment("11 March 2024")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "yesterday",
        "March 2024",
        "© 2024",
        "31 February 2024",
        "2024-13-45",
        "Room 1003",
        "12",
        "1970-01-01T00:00:00Z",
        "1969-12-31T19:00:00-05:00",
        "1 January 1970",
        "0000000000",
    ],
)
def test_what_is_no_whole_date_is_none(raw: str) -> None:
    assert moment(raw) is None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - zone is added
def test_what_was_read_reads_the_same_again(at: datetime) -> None:
    stated = at.replace(microsecond=0, tzinfo=UTC)
    found = moment(stated.isoformat())
    assert found is not None
    assert found.at == stated
    assert moment(found.at.isoformat()) == found


@given(st.text(max_size=80))
def test_no_text_is_a_fault(raw: str) -> None:
    found = moment(raw)
    assert found is None or found.at.year >= 1830
