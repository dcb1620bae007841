"""What a crawl says of itself at its end."""

import pytest

from crawler.formats.sizes import human_size
from crawler.summary import summary


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (15_300_000, "15.3 MB"), (2_500_000_000_000, "2500.0 GB")],
)
def test_sizes_are_shown_as_people_read_them(size: int, shown: str) -> None:
    assert human_size(size) == shown


def test_the_summary_names_troubles_only_where_there_are_some() -> None:
    stats = {"ofrecord/fetched": 7, "ofrecord/bytes": 41_000, "ofrecord/new": 4}
    assert summary(stats) == "7 fetched (41.0 kB), articles: 4 new, 0 revised, 0 unchanged"
    assert summary({**stats, "ofrecord/failed": 2}).endswith("0 unchanged, 2 failed")
