"""Two copies of one article, on two hosts, held against each other field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.changes.divergence import are_copies, differences, lag
from crawler.items import Article, Block, Image

TEXTS = (
    "The telescope’s mirror, 3.4 metres across, took ten years to build, said the observatory at www.gazette.test.",
    "It shows a galaxy some forty million light years away.",
)
HERE = Article(
    url="https://www.gazette.test/1",
    headline="First pictures",
    authors=("A. Writer",),
    published=datetime(2026, 1, 5, 8, 30, tzinfo=UTC),
    modified=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    modified_raw="2026-01-05T09:00:00Z",
    blocks=tuple(Block("paragraph", text) for text in TEXTS),
    text="\n\n".join(TEXTS),
    images=(Image("https://www.gazette.test/1.jpg", caption="The dome"),),
)


def saying(old: str, new: str) -> Article:
    texts = [text.replace(old, new) for text in TEXTS]
    return replace(HERE, blocks=tuple(Block("paragraph", text) for text in texts), text="\n\n".join(texts))


def test_copies_that_differ_only_in_their_host_do_not_differ() -> None:
    there = replace(saying("www.gazette.test", "mirror.test"), url="https://mirror.test/1")
    assert differences(HERE, there) == ()
    assert are_copies(HERE, there)


def test_one_number_is_told_with_its_paragraph() -> None:
    found = {each.field: each for each in differences(HERE, saying("3.4", "3.9"))}
    assert set(found) == {"text", "numbers"}
    assert (found["numbers"].here, found["numbers"].there) == (["3.4"], ["3.9"])
    assert found["text"].here == [TEXTS[0]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "Last pictures"),
        ("authors", ("B. Writer",)),
        ("published", datetime(2026, 1, 6, 8, 30, tzinfo=UTC)),
        ("section_path", ("Science",)),
        ("topics", ("Space",)),
    ],
)
def test_a_field_that_differs_is_told_with_both_values(field: str, value: object) -> None:
    (found,) = differences(HERE, replace(HERE, **{field: value}))  # type: ignore[arg-type]
    assert found.field == field
    assert found.here != found.there


def test_an_instant_in_two_zones_is_one() -> None:
    assert HERE.published is not None
    there = HERE.published.astimezone(datetime.fromisoformat("2026-01-05T12:00:00+03:30").tzinfo)
    assert differences(HERE, replace(HERE, published=there)) == ()


def test_another_caption_is_told() -> None:
    (found,) = differences(HERE, replace(HERE, images=(Image("x", caption="The lens"),)))
    assert (found.field, found.here, found.there) == ("captions", ["The dome"], ["The lens"])


def test_another_article_is_no_copy() -> None:
    other = replace(HERE, headline="Bridge reopens", text="Trains ran again on Tuesday on the mountain line.")
    assert not are_copies(HERE, other)
    assert not are_copies(replace(HERE, headline=None, text=""), replace(HERE, headline=None, text=""))


def test_the_lag_is_the_time_between_the_changes_that_both_state() -> None:
    older = replace(HERE, modified=datetime(2026, 1, 5, 8, 40, tzinfo=UTC), modified_raw="2026-01-05T08:40:00Z")
    assert lag(HERE, older) == timedelta(minutes=20)
    assert lag(HERE, HERE) is None
    assert lag(HERE, replace(older, modified=None)) is None
    assert lag(HERE, replace(older, modified=datetime(2026, 1, 5, 8, 40))) is None  # noqa: DTZ001  # as stated
