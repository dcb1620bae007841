from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Hints
from crawler.normalisation.hints import hints_as_json, hints_from_json

texts = st.none() | st.text(min_size=1)
moments = st.none() | st.datetimes(timezones=st.just(UTC)) | st.datetimes()
hints = st.builds(
    Hints,
    source=st.sampled_from(["feed", "sitemap", "section", "user"]),
    title=texts,
    authors=st.lists(st.text(min_size=1)).map(tuple),
    published=moments,
    modified=moments,
    alternates=st.lists(st.tuples(st.text(), st.text())).map(tuple),
)


@given(hints)
def test_hints_come_back_from_json_as_they_went(known: Hints) -> None:
    assert hints_from_json(hints_as_json(known)) == known


def test_what_a_listing_does_not_say_takes_no_room() -> None:
    assert hints_as_json(Hints("feed", published=datetime(2022, 1, 5, tzinfo=UTC))) == {
        "source": "feed",
        "published": "2022-01-05T00:00:00+00:00",
    }


def test_names_of_a_later_version_are_passed_over() -> None:
    assert hints_from_json({"source": "feed", "mood": "good"}) == Hints("feed")
