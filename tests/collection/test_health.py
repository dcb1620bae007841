"""What runs, waits and fails in a collection."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.collection.health import health
from crawler.frontier.protocol import Entry, HostState, MirrorState, Waiting
from crawler.frontier.sqlite import SqliteFrontier

NOW = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_where_nothing_was_queued_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert health(tmp_path, NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_what_waits_and_which_hosts_are_away_is_told(tmp_path: Path) -> None:
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        frontier.add([Entry(b"1", "https://a.example/1", "a.example", due_at=NOW + HOUR)], NOW)
        frontier.note_host(HostState("a.example", 2, NOW + HOUR, "HTTP 503"))
        frontier.note_host(HostState("b.example", 1, NOW - HOUR, "HTTP 503"))
        frontier.note_mirror(MirrorState("gazette", "c.example", "seized", NOW, NOW + HOUR, "a notice"))
        frontier.note_mirror(MirrorState("gazette", "d.example", "live", NOW, NOW + HOUR))
    found = health(tmp_path, NOW)
    assert found is not None
    assert (found.running, found.waiting) == ((), Waiting(0, 1, NOW + HOUR))
    assert [host.name for host in found.put_off] == ["a.example"]
    assert [(state.host, state.state) for state in found.away] == [("c.example", "seized")]
