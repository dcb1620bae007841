from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.dates import listed_moment

TEHRAN = timezone(timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 05 Jan 2022 14:30:00 +0330", datetime(2022, 1, 5, 14, 30, tzinfo=TEHRAN)),
        ("5 January 2022 14:30 GMT", datetime(2022, 1, 5, 14, 30, tzinfo=UTC)),
        ("Wed, 05 Jan 2022 14:30:00 -0000", datetime(2022, 1, 5, 14, 30, tzinfo=UTC)),
        ("2022-01-05T14:30:00+03:30", datetime(2022, 1, 5, 14, 30, tzinfo=TEHRAN)),
        ("2022-01-05T14:30Z", datetime(2022, 1, 5, 14, 30, tzinfo=UTC)),
        ("2022-01-05 14:30:00 +0330", datetime(2022, 1, 5, 14, 30, tzinfo=TEHRAN)),
        ("2022-01-05 14:30:00 UTC", datetime(2022, 1, 5, 14, 30, tzinfo=UTC)),
        (" 2022-01-05T14:30:00.1234567Z ", datetime(2022, 1, 5, 14, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_moments_with_a_zone_are_aware(text: str, moment: datetime) -> None:
    assert listed_moment(text) == moment


def test_moments_without_a_zone_are_naive() -> None:
    for text in ("2022-01-05", "2022-01-05 00:00", "Wed, 05 Jan 2022 00:00:00"):
        assert listed_moment(text) == datetime(2022, 1, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", [None, "", "2022", "2022-01", "yesterday", "0001-01-01T00:00:00Z", "2022-13-01", "x" * 200]
)
def test_what_gives_no_day_is_nothing(text: str | None) -> None:
    assert listed_moment(text) is None


@settings(deadline=None)
@given(st.text() | st.text("0123456789-:TZ+ ,JanWed"))
def test_any_text_is_a_moment_or_nothing(text: str) -> None:
    moment = listed_moment(text)
    if moment is not None:
        moment.astimezone(UTC)
