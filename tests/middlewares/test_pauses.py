from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawler.middlewares.pauses import leave_alone
from crawler.publishers.base import Publisher

UNTIL = datetime(2024, 5, 1, tzinfo=UTC)
DEFINED = {
    "gazette": Publisher(id="gazette", name="Gazette", domains=("www.gazette.example",)),
    "mirrored": Publisher(id="mirrored", name="Mirrored", domains=("mirrored.example", "mirrored.test")),
}


@pytest.mark.parametrize(
    ("url", "group", "more", "is_put_off"),
    [
        ("https://www.plain.example/a", "plain.example", {}, True),
        ("https://gazette.example/a", "gazette", {}, True),
        ("https://feeds.plain.example/a", "plain.example", {}, False),
        ("https://feeds.gazette.example/a", "gazette", {}, False),
        ("https://mirrored.example/a", "mirrored", {}, False),
        ("https://www.plain.example/a.png", "plain.example", {"allow_offsite": True}, False),
    ],
)
def test_a_group_is_put_off_where_nothing_else_of_it_may_answer_and_else_the_host(
    url: str, group: str, more: dict[str, Any], is_put_off: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.middlewares.pauses.publishers", lambda: DEFINED)
    put_off: dict[str, datetime] = {}
    sites: list[tuple[str, str, datetime]] = []
    worker = SimpleNamespace(put_off=put_off.__setitem__, put_site_off=lambda *site: sites.append(site))
    crawler: Any = SimpleNamespace(engine=SimpleNamespace(scheduler=SimpleNamespace(worker=worker)))
    leave_alone(crawler, Request(url, meta={"publisher_id": group, "download_slot": group, **more}), UNTIL)
    assert put_off == ({group: UNTIL} if is_put_off else {})
    assert sites == ([] if is_put_off else [(group, url.rpartition("/")[0] + "/", UNTIL)])
