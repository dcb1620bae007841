from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import DiskFull, FolderNotUsable, IndexTooNew, StorageError
from crawler.frontier.protocol import End, Entry, Frontier, Lease, State, Tally, Terms, Waiting
from crawler.frontier.requests import fingerprint, known_of
from crawler.frontier.schema import MIGRATIONS
from crawler.frontier.sqlite import SqliteFrontier

NOW = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "collection" / "frontier.db"


@pytest.fixture
def frontier(path: Path) -> Iterator[SqliteFrontier]:
    frontier = SqliteFrontier(path)
    yield frontier
    frontier.close()


def entry(name: str, group: str = "a", **parts: Any) -> Entry:
    url = f"https://{group}.example/{name}"
    return Entry(fingerprint("GET", url, b""), url, group, **{"purpose": "article", **parts})


def claim(frontier: Frontier, limit: int = 100, now: datetime = NOW, **more: Any) -> list[Lease]:
    return frontier.claim(limit, now, Terms("test", now + HOUR, **more)).leases


def names(leases: list[Lease]) -> list[str]:
    return [lease.entry.url.rpartition("/")[2] for lease in leases]


def states(frontier: SqliteFrontier) -> dict[State, int]:
    return {tally.state: tally.urls for tally in frontier.tallies()}


def test_an_entry_is_leased_as_it_was_added(frontier: SqliteFrontier) -> None:
    added = entry("x", priority=3, due_at=NOW, request={"meta": {"title": "\u0633\u0644\u0627\u0645 \ud800"}})
    assert frontier.add([added], NOW) == 1
    (lease,) = claim(frontier)
    assert lease.entry == added
    assert (lease.seen_at, lease.tries) == (NOW, 0)


def test_a_url_is_queued_once(frontier: SqliteFrontier) -> None:
    assert frontier.add([entry("x"), entry("x"), entry("x?utm_source=feed")], NOW) == 1


def test_what_is_leased_is_not_leased_twice(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    assert names(claim(frontier)) == ["x"]
    assert claim(frontier) == []


def test_priority_goes_first_then_what_was_due_first(frontier: SqliteFrontier) -> None:
    frontier.add([entry("late", due_at=NOW - HOUR), entry("early", due_at=NOW - 2 * HOUR)], NOW - 3 * HOUR)
    frontier.add([entry("urgent", priority=1)], NOW)
    assert names(claim(frontier)) == ["urgent", "early", "late"]


def test_nothing_is_leased_before_it_is_due(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x", due_at=NOW + HOUR)], NOW)
    assert claim(frontier) == []
    assert names(claim(frontier, now=NOW + HOUR)) == ["x"]


def test_groups_take_turns_within_and_over_claims(frontier: SqliteFrontier) -> None:
    frontier.add([entry(str(n), group) for group in "abc" for n in range(4)], NOW)
    leases = [lease for _ in range(3) for lease in claim(frontier, 4)]
    assert [lease.entry.group for lease in leases] == list("abcabcabcabc")


def test_a_small_group_is_not_kept_waiting_by_a_large_one(frontier: SqliteFrontier) -> None:
    frontier.add([entry(str(n), "large") for n in range(50)] + [entry("only", "small")], NOW)
    assert "only" in names(claim(frontier, 2))


def test_a_group_gets_no_more_than_its_share_less_what_is_busy(frontier: SqliteFrontier) -> None:
    frontier.add([entry(str(n), group) for group in "ab" for n in range(9)], NOW)
    leases = claim(frontier, per_group=3, busy={"a": 2})
    assert sorted(lease.entry.group for lease in leases) == ["a", "b", "b", "b"]


def test_what_other_groups_have_stays_in_the_queue(frontier: SqliteFrontier) -> None:
    frontier.add([entry(str(n), group) for n, group in enumerate("abcab")], NOW)
    assert names(claim(frontier, limit=2, only={"b", "c", "none"})) == ["1", "2"]
    assert names(claim(frontier, only={"b", "c"})) == ["4"]
    assert names(claim(frontier)) == ["0", "3"]


def test_what_was_ever_added_is_known(frontier: SqliteFrontier) -> None:
    frontier.add([entry("here")], NOW)
    frontier.settle([End(lease, "gone") for lease in claim(frontier)], NOW)
    here, elsewhere = "https://a.example/here", "https://a.example/elsewhere"
    assert frontier.known([here, f"{here}#part", elsewhere], NOW + HOUR) == {here, f"{here}#part"}
    assert frontier.known([here], NOW) == set()


def test_barred_purposes_stay_in_the_queue(frontier: SqliteFrontier) -> None:
    frontier.add([entry("article", priority=9), entry("feed", purpose="feed")], NOW)
    assert names(claim(frontier, barred={"article"})) == ["feed"]
    assert names(claim(frontier)) == ["article"]


def test_an_end_and_its_links_are_stored_together(frontier: SqliteFrontier) -> None:
    frontier.add([entry("list", purpose="feed")], NOW)
    (lease,) = claim(frontier)
    assert frontier.settle([End(lease, "done", outlinks=[entry("x"), entry("y")])], NOW) == 1
    assert states(frontier) == {"done": 1, "queued": 2}


def test_a_failing_link_leaves_the_end_unstored_too(frontier: SqliteFrontier) -> None:
    frontier.add([entry("list")], NOW)
    (lease,) = claim(frontier)
    with pytest.raises(TypeError):
        frontier.settle([End(lease, "done", outlinks=[entry("x"), entry("y", request={"no": object()})])], NOW)
    assert states(frontier) == {"leased": 1}


def test_the_end_of_an_earlier_lease_is_refused(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    (first,) = claim(frontier)
    frontier.recover((), NOW)
    (second,) = claim(frontier)
    assert frontier.settle([End(first, "failed", outlinks=[entry("y")])], NOW) == 0
    assert frontier.settle([End(second, "done")], NOW) == 1
    assert states(frontier) == {"done": 1}


def test_an_end_counts_once(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    (lease,) = claim(frontier)
    assert frontier.settle([End(lease, "done"), End(lease, "failed")], NOW) == 1
    assert states(frontier) == {"done": 1}


def test_a_retry_is_made_as_it_says_and_counted(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x", priority=5)], NOW)
    (lease,) = claim(frontier)
    instead = replace(lease.entry, priority=4, request={"meta": {"retry_times": 1}})
    frontier.settle([End(lease, "queued", due_at=NOW + HOUR, instead=instead)], NOW)
    assert claim(frontier) == []
    (again,) = claim(frontier, now=NOW + HOUR)
    assert (again.entry.priority, again.entry.request, again.tries) == (4, {"meta": {"retry_times": 1}}, 1)


def test_the_count_of_retries_ends_with_the_attempt(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x", request={"meta": {"retry_times": 2, "hops": 1}})], NOW)
    (lease,) = claim(frontier)
    frontier.settle([End(lease, "failed", due_at=NOW + HOUR)], NOW)
    (again,) = claim(frontier, now=NOW + HOUR)
    assert (again.entry.request, again.tries) == ({"meta": {"hops": 1}}, 1)


def test_what_is_done_comes_back_when_it_is_due_with_what_is_known(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    (lease,) = claim(frontier)
    frontier.settle([End(lease, "done", due_at=NOW + HOUR, etag='"1"', payload_digest="sha1:A")], NOW)
    assert claim(frontier, now=NOW + HOUR / 2) == []
    (again,) = claim(frontier, now=NOW + HOUR)
    assert (again.etag, again.payload_digest, again.seen_at) == ('"1"', "sha1:A", NOW)


def test_a_failure_forgets_nothing_of_the_last_capture(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    end = End(claim(frontier)[0], "done", due_at=NOW, etag='"1"', payload_digest="sha1:A")
    frontier.settle([end], NOW)
    frontier.settle([End(claim(frontier)[0], "failed", due_at=NOW)], NOW)
    assert claim(frontier)[0].etag == '"1"'


def test_a_304_need_not_repeat_the_validators(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    moment = "Mon, 05 Jan 2026 10:00:00 GMT"
    first = End(claim(frontier)[0], "done", due_at=NOW, status=200, payload_digest="sha1:A")
    frontier.settle([replace(first, etag='"1"', last_modified=moment)], NOW)
    frontier.settle([End(claim(frontier)[0], "done", due_at=NOW, status=304, payload_digest="sha1:A")], NOW)
    again = claim(frontier)[0]
    assert (again.etag, again.last_modified) == ('"1"', moment)
    frontier.settle([End(again, "done", due_at=NOW, status=200, payload_digest="sha1:B")], NOW)
    last = claim(frontier)[0]
    assert (last.etag, last.last_modified) == (None, None)


def test_changes_of_the_payload_are_noted_the_last_twenty(frontier: SqliteFrontier, path: Path) -> None:
    frontier.add([entry("x")], NOW)
    for n in range(25):
        (lease,) = claim(frontier)
        frontier.settle([End(lease, "done", due_at=NOW, payload_digest=f"sha1:{n}")], NOW)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT json_array_length(changes) FROM urls").fetchone() == (20,)


def test_a_listing_is_queued_again_in_the_next_crawl_only(frontier: SqliteFrontier) -> None:
    feed = entry("feed", purpose="feed", again_before=NOW)
    frontier.add([feed], NOW)
    frontier.settle([End(claim(frontier)[0], "done")], NOW + HOUR)
    assert frontier.add([feed], NOW + HOUR) == 0
    assert frontier.add([replace(feed, again_before=NOW + 2 * HOUR)], NOW + 2 * HOUR) == 1


def test_a_listing_under_way_is_not_queued_again(frontier: SqliteFrontier) -> None:
    feed = entry("feed", again_before=NOW + HOUR)
    frontier.add([feed], NOW)
    claim(frontier)
    assert frontier.add([feed], NOW) == 0


def test_a_release_changes_nothing_but_the_lease(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    (lease,) = claim(frontier)
    frontier.release([lease])
    (again,) = claim(frontier)
    assert (again.entry, again.tries) == (lease.entry, 0)


def test_a_file_that_was_left_behind_tells_what_was_under_way(frontier: SqliteFrontier, path: Path) -> None:
    frontier.add([entry("x"), entry("y")], NOW)
    leases = claim(frontier, 1)
    with closing(SqliteFrontier(path)) as later:
        assert later.abandoned({"test"}) == []
        assert later.abandoned({"other"}) == leases
        assert later.recover({"test"}, NOW) == 0
        assert later.recover({"other"}, NOW) == 1
        assert states(later) == {"queued": 2}


def test_known_urls_are_made_due_by_address_or_group(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x"), entry("y"), entry("feed", purpose="feed"), entry("z", "b")], NOW)
    frontier.settle([End(lease, "done") for lease in claim(frontier)], NOW)
    assert frontier.requeue_urls(["https://a.example/x", "https://a.example/never-seen"], NOW) == 1
    assert frontier.requeue_group("a", NOW) == 1
    assert sorted(names(claim(frontier))) == ["x", "y"]


def test_a_request_that_never_went_out_counts_as_no_try(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    frontier.settle([End(claim(frontier)[0], "queued", tried=False)], NOW)
    assert claim(frontier)[0].tries == 0


def test_a_listing_that_is_seldom_due_is_left_to_its_time(frontier: SqliteFrontier) -> None:
    feed = entry("feed", purpose="feed", again_before=NOW + HOUR, eager=HOUR)
    frontier.add([feed], NOW)
    end = End(claim(frontier)[0], "done", due_at=NOW + 3 * HOUR, interval=3 * HOUR)
    frontier.settle([end], NOW)
    assert frontier.add([feed], NOW + HOUR / 2) == 0
    assert frontier.add([replace(feed, eager=3 * HOUR)], NOW + HOUR / 2) == 1
    (again,) = claim(frontier)
    assert (again.interval, again.settled_at) == (3 * HOUR, NOW)
    frontier.settle([replace(end, lease=again)], NOW)
    assert frontier.add([replace(feed, eager=None)], NOW + HOUR / 2) == 1


def test_what_has_long_been_due_is_not_woken_all_at_once(frontier: SqliteFrontier, path: Path) -> None:
    frontier.add([entry(str(n), due_at=NOW + HOUR) for n in range(1500)], NOW)
    assert len(claim(frontier, 1, now=NOW + HOUR)) == 1
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM urls WHERE waiting = 0").fetchone() == (1000,)


def test_tallies_say_how_much_is_where_and_when_it_is_due(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x"), entry("y", due_at=NOW + HOUR), entry("z", "b")], NOW)
    frontier.settle([End(claim(frontier, 1)[0], "gone")], NOW)
    assert frontier.tallies() == [
        Tally("a.example", "gone", 1, None),
        Tally("a.example", "queued", 1, NOW + HOUR),
        Tally("b.example", "queued", 1, NOW),
    ]


def test_the_length_of_the_queue_tells_what_waits_for_its_time(frontier: SqliteFrontier) -> None:
    assert frontier.waiting() == Waiting(0, 0, None)
    later = [entry("y", due_at=NOW + HOUR), entry("z", due_at=NOW + 2 * HOUR)]
    frontier.add([entry("x"), entry("w"), *later], NOW)
    frontier.settle([End(claim(frontier, 1)[0], "done")], NOW)
    assert frontier.waiting() == Waiting(1, 2, NOW + HOUR)


def test_a_file_of_a_later_version_is_left_alone(path: Path) -> None:
    SqliteFrontier(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexTooNew, match="has version 99"):
        SqliteFrontier(path)


OLD: dict[str, dict[str, Any]] = {
    "usual": {
        "callback": "parse_article",
        "errback": "failed",
        "meta": {"purpose": "article", "publisher_id": "a", "download_slot": "a", "hops": 2},
    },
    "own": {"callback": "parse_front_page", "errback": None, "meta": {"purpose": "article", "publisher_id": "b"}},
    "bare": {"callback": None, "errback": None, "meta": {}},
}
"""Requests as version 2 kept them, by the last part of their URL."""


@pytest.fixture
def old(path: Path) -> Path:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript("".join(MIGRATIONS[:2]) + "PRAGMA user_version = 2")
        for name, request in OLD.items():
            kept = {part: value for part, value in request.items() if value}
            database.execute(
                "INSERT INTO urls (fingerprint, url, host, host_group, purpose, state, priority, waiting, seen_at, "
                "request) VALUES (?, ?, 'www.a.example', 'a', ?, 'queued', 0, 0, 0, ?)",
                (name, f"https://www.a.example/{name}", request["meta"].get("purpose", "other"), json.dumps(kept)),
            )
        database.commit()
    return path


def test_a_file_of_an_earlier_version_is_read_as_it_was(old: Path) -> None:
    with closing(SqliteFrontier(old)) as frontier:
        assert frontier.tallies() == [Tally("www.a.example", "queued", 3, None)]
        entries = {lease.entry.url.rpartition("/")[2]: lease.entry for lease in claim(frontier)}
    for name, request in OLD.items():
        known = known_of(entries[name])
        assert {part: known.get(part) for part in request} == request
    assert entries["usual"].request == {"meta": {"hops": 2}}


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    with pytest.raises(FolderNotUsable, match=r"frontier\.db"):
        SqliteFrontier(path)


def test_a_full_disk_loses_the_last_write_only(frontier: SqliteFrontier) -> None:
    frontier.add([entry("x")], NOW)
    frontier._database.execute("PRAGMA max_page_count = 20")
    with pytest.raises(DiskFull, match="no room"):
        frontier.add([entry(str(n), request={"meta": {"title": "x" * 500}}) for n in range(500)], NOW)
    assert states(frontier) == {"queued": 1}


def test_a_closed_frontier_says_so(path: Path) -> None:
    frontier = SqliteFrontier(path)
    frontier.close()
    with pytest.raises(StorageError):
        frontier.add([entry("x")], NOW)


def test_one_host_of_a_group_may_be_put_off(frontier: SqliteFrontier) -> None:
    mirror = replace(entry("1"), url="https://mirror.example/1", fingerprint=b"1")
    frontier.add([entry("1"), entry("2"), mirror, entry("1", "b")], NOW)
    assert frontier.put_off("a", "https://a.example/", NOW + HOUR / 2) == 2
    assert [lease.entry.url for lease in claim(frontier)] == ["https://mirror.example/1", "https://b.example/1"]
    assert sorted(names(claim(frontier, now=NOW + HOUR / 2))) == ["1", "2"]


def test_a_claim_takes_no_longer_with_a_long_queue(frontier: SqliteFrontier) -> None:
    """Counted in steps of SQLite's machine, not in time: another's load changes nothing."""

    def steps() -> int:
        counted = [0]
        frontier._database.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 100)
        claim(frontier, 16, per_group=4)
        frontier._database.set_progress_handler(None, 0)
        return counted[0]

    frontier.add([entry(str(n), f"g{n % 8}") for n in range(200)], NOW)
    few = steps()
    frontier.add([entry(f"more-{n}", f"g{n % 8}") for n in range(10_000)], NOW)
    assert steps() < 2 * few


def test_what_is_forgotten_goes_with_what_was_found_there_and_what_led_there(
    frontier: SqliteFrontier, tmp_path: Path
) -> None:
    gone = entry("gone").url
    image, other = (
        entry(name, request={"meta": {"via": url}}) for name, url in (("image", gone), ("other", f"{gone}-2"))
    )
    frontier.add([entry("gone"), image, other, entry("short")], NOW)
    leases = {lease.entry.url.rpartition("/")[2]: lease for lease in claim(frontier)}
    frontier.settle([End(leases["short"], "done", redirected_to=gone)], NOW)
    assert frontier.forget([gone]) == 3
    assert [listed.url for listed in frontier.listed(0, 10)] == [other.url]
