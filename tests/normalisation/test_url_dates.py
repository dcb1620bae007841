"""The day in an address: read where it is plain, never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.normalisation.url_dates import date_in_url


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2022/01/05/slug", date(2022, 1, 5)),
        ("/2022/1/5/slug", date(2022, 1, 5)),
        ("/news/2022-01-05-slug", date(2022, 1, 5)),
        ("/slug-2022-01-05/", date(2022, 1, 5)),
        ("/2019/nov/18/slug", date(2019, 11, 18)),
        ("/n1/2024/0424/c1001.html", date(2024, 4, 24)),
        ("/articles/20250114/k00", date(2025, 1, 14)),
        ("/newsroom/23-01-2022-slug", date(2022, 1, 23)),
        ("/2022/13/05/slug", None),
        ("/2022/02/30/slug", None),
        ("/2019/11/slug", None),
        ("/05-06-2022-which-is-the-month", None),
        ("/201911181077343476-slug", None),
        ("/story-1234567", None),
    ],
)
def test_days_in_addresses_are_read_and_never_guessed(path: str, day: date | None) -> None:
    assert date_in_url(f"https://www.gazette.example{path}") == day
