"""Several workers on one frontier: each group of hosts has one at a time, and what a dead one had comes free."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier.protocol import Claim, End, HostState, Terms
from crawler.frontier.sqlite import SqliteFrontier
from crawler.frontier.worker import Worker
from tests.frontier.test_sqlite import HOUR, NOW, entry, names, states
from tests.frontier.test_writes import in_a_loop, refuse

MINUTE = timedelta(minutes=1)
DELAY = timedelta(seconds=5)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SqliteFrontier, SqliteFrontier]]:
    """Two connections to one file, as two processes have them."""
    with ExitStack() as last:
        both = [SqliteFrontier(tmp_path / "frontier.db") for _ in range(2)]
        for frontier in both:
            last.callback(frontier.close)
        yield both[0], both[1]


def terms(owner: str, now: datetime = NOW, **more: Any) -> Terms:
    return Terms(owner, now + MINUTE, DELAY, **more)


def groups(claimed: Claim) -> list[str]:
    return sorted({lease.entry.group for lease in claimed.leases})


def filled(frontier: SqliteFrontier, letters: str = "abcd", each: int = 3) -> SqliteFrontier:
    frontier.add([entry(f"{group}{n}", group) for group in letters for n in range(each)], NOW)
    return frontier


def test_a_group_is_one_worker_s_at_a_time(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "ab")
    assert groups(one.claim(1, NOW, terms("one"))) == ["a"]
    assert groups(other.claim(9, NOW, terms("other"))) == ["b"]
    left = one.claim(9, NOW, terms("one"))
    assert (groups(left), len(left.leases)) == (["a"], 2)
    assert one.claim(9, NOW, terms("one")) == Claim([])


def test_work_that_another_worker_has_is_asked_for_again_later(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a")
    one.claim(1, NOW, terms("one"))
    waiting = other.claim(9, NOW, terms("other"))
    assert waiting.leases == []
    assert waiting.later is not None
    assert NOW < waiting.later <= NOW + MINUTE


def test_a_group_whose_time_is_over_is_anybody_s_after_its_delay(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a", 1)
    (lost,) = one.claim(1, NOW, terms("one")).leases
    over = NOW + MINUTE
    assert other.claim(9, over, terms("other", over)) == Claim([], over + DELAY)
    ready = over + DELAY
    (taken,) = other.claim(9, ready, terms("other", ready)).leases
    assert taken.entry == lost.entry
    assert one.settle([End(lost, "done")], ready) == 0
    assert one.renew("one", ready, ready + MINUTE, kept={"a": DELAY}, let_go={}).held == frozenset()
    assert other.settle([End(taken, "done")], ready) == 1


def test_a_worker_that_renews_keeps_its_groups(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a")
    one.claim(1, NOW, terms("one"))
    for minutes in range(5):
        now = NOW + minutes * MINUTE * 0.9
        assert one.renew("one", now, now + MINUTE, kept={"a": DELAY}, let_go={}).held == {"a"}
        assert other.claim(9, now, terms("other", now)).leases == []


def test_what_ran_out_is_not_renewed_even_if_nobody_took_it(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, _ = two
    filled(one, "a")
    one.claim(1, NOW, terms("one"))
    late = NOW + MINUTE
    assert one.renew("one", late, late + MINUTE, kept={"a": DELAY}, let_go={}).held == frozenset()


def test_a_group_that_is_let_go_is_ready_when_it_says(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a", 2)
    (lease,) = one.claim(1, NOW, terms("one")).leases
    one.settle([End(lease, "done")], NOW)
    ready = NOW + DELAY / 2
    standing = one.renew("one", NOW, NOW + MINUTE, kept={}, let_go={"a": ready})
    assert (standing.held, standing.groups) == (frozenset(), 1)
    assert other.claim(9, NOW, terms("other")) == Claim([], ready)
    assert names(other.claim(9, ready, terms("other", ready)).leases) == ["a1"]


def test_a_worker_takes_no_more_groups_than_its_share(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one)
    assert groups(one.claim(2, NOW, terms("one", most_groups=2))) == ["a", "b"]
    assert groups(one.claim(2, NOW, terms("one", most_groups=2))) == ["a", "b"]
    assert groups(other.claim(9, NOW, terms("other", most_groups=2))) == ["c", "d"]


def test_what_is_left_to_others_is_not_claimed(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, _ = two
    filled(one, "a")
    one.claim(1, NOW, terms("one"))
    claimed = one.claim(9, NOW, terms("one", left_to_others={"a"}))
    assert claimed.leases == []
    assert claimed.later is not None


def test_a_group_that_is_put_off_waits_and_the_others_do_not(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, _ = two
    filled(one, "ab", 1)
    soon = terms("one", put_off={"a": NOW + MINUTE / 2})
    assert names(one.claim(9, NOW, soon).leases) == ["b0"]
    assert one.claim(9, NOW, soon) == Claim([], NOW + MINUTE / 2)
    assert one.claim(9, NOW, terms("one", put_off={"a": NOW + HOUR})) == Claim([])  # no crawl waits for so long


def test_what_a_dead_worker_had_is_ready_after_its_delay(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "ab", 1)
    for owner in ("dead", "alive"):
        one.join(owner, NOW + MINUTE, groups=None, accepts=True)
    one.claim(1, NOW, terms("dead"))
    one.claim(1, NOW, terms("alive"))
    assert names(other.abandoned({"alive"})) == ["a0"]
    assert other.recover({"alive"}, NOW) == 1
    assert other.claim(9, NOW, terms("other")) == Claim([], NOW + DELAY)
    later = NOW + DELAY
    assert names(other.claim(9, later, terms("other", later)).leases) == ["a0"]
    assert other.renew("alive", NOW, NOW + MINUTE, kept={}, let_go={}).workers == 1


def test_who_leaves_leaves_everything(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a", 2)
    one.join("one", NOW + MINUTE, groups={"a"}, accepts=True)
    one.claim(1, NOW, terms("one"))
    one.leave("one", NOW, {})
    assert states(one) == {"queued": 2}
    later = NOW + DELAY
    assert len(other.claim(9, later, terms("other", later)).leases) == 2
    assert other.hand_over([entry("x")], NOW, alive={"one"}) is None


def test_who_leaves_says_when_its_groups_are_ready(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    filled(one, "a", 1)
    one.claim(1, NOW, terms("one"))
    one.leave("one", NOW, {"a": NOW, "never-held": NOW})
    assert names(other.claim(9, NOW, terms("other")).leases) == ["a0"]


def test_the_workers_alive_and_the_groups_with_work_are_counted(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, _ = two
    filled(one, "abc", 1)
    one.join("one", NOW + MINUTE, groups={"a", "b"}, accepts=True)
    one.join("other", NOW + 2 * MINUTE, groups=None, accepts=True)
    one.claim(1, NOW, terms("one"))
    standing = one.renew("one", NOW, NOW + MINUTE, kept={"a": DELAY}, let_go={})
    assert (standing.workers, standing.groups, standing.wanted) == (2, 3, frozenset("ab"))
    late = NOW + 90 * timedelta(seconds=1)
    assert one.renew("other", late, late + MINUTE, kept={}, let_go={}).workers == 1


def test_urls_are_handed_to_a_worker_that_is_alive_and_accepts_them(
    two: tuple[SqliteFrontier, SqliteFrontier],
) -> None:
    one, other = two
    assert other.hand_over([entry("x")], NOW, alive={"one"}) is None
    assert states(other) == {}
    one.join("refuses", NOW + MINUTE, groups={"a"}, accepts=False)
    one.join("dead", NOW + MINUTE, groups={"a"}, accepts=True)
    assert other.hand_over([entry("x")], NOW, alive={"refuses"}) is None
    one.join("one", NOW + MINUTE, groups={"a"}, accepts=True)
    assert other.hand_over([entry("x", "z")], NOW, alive={"refuses", "one"}) == "one"
    standing = one.renew("one", NOW, NOW + MINUTE, kept={}, let_go={})
    assert standing.wanted == frozenset("az")
    assert names(one.claim(9, NOW, terms("one", only=standing.wanted)).leases) == ["x"]


def test_a_worker_that_found_nothing_more_is_handed_nothing_more(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    """Looking and closing the door is one transaction: no URL can slip in between."""
    one, other = two
    one.join("one", NOW + MINUTE, groups={"a"}, accepts=True)
    other.hand_over([entry("x")], NOW, alive={"one"})
    (lease,) = one.claim(9, NOW, terms("one", is_last=True)).leases
    one.settle([End(lease, "done")], NOW)
    assert other.hand_over([entry("y")], NOW, alive={"one"}) == "one"
    (lease,) = one.claim(9, NOW, terms("one", is_last=True)).leases
    one.settle([End(lease, "done")], NOW)
    assert one.claim(9, NOW, terms("one", is_last=True)) == Claim([])
    assert other.hand_over([entry("z")], NOW, alive={"one"}) is None


def test_what_is_to_be_tried_again_soon_is_waited_for(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, _ = two
    filled(one, "a", 1)
    (lease,) = one.claim(1, NOW, terms("one")).leases
    soon = NOW + MINUTE / 2
    one.settle([End(lease, "queued", due_at=soon)], NOW)
    assert one.claim(1, NOW, terms("one")) == Claim([], soon)
    assert one.claim(1, NOW, terms("one", only={"b"})) == Claim([])
    (lease,) = one.claim(1, soon, terms("one", soon)).leases
    one.settle([End(lease, "queued", due_at=NOW + HOUR)], NOW)
    assert one.claim(1, NOW, terms("one")) == Claim([])


def test_what_was_handed_over_counts_for_a_worker_that_has_not_heard_of_it(
    two: tuple[SqliteFrontier, SqliteFrontier],
) -> None:
    """It hears at its next renewal, and may be about to end."""
    one, other = two
    one.join("one", NOW + MINUTE, groups={"a"}, accepts=True)
    assert other.hand_over([entry("x", "b")], NOW, alive={"one"}) == "one"
    assert names(one.claim(9, NOW, terms("one", only={"a"}, is_last=True)).leases) == ["x"]


def test_what_is_known_of_a_host_is_kept(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    down = HostState("a.example", 5, NOW + HOUR, "connection refused \ud800")
    one.note_host(down)
    assert other.hosts() == [replace(down, reason="connection refused ?")]
    one.note_host(replace(down, failures=6, reason="timed out"))
    assert other.hosts() == [HostState("a.example", 6, NOW + HOUR, "timed out")]
    one.note_host(HostState("a.example", 0, None, None))
    assert other.hosts() == []


def test_a_group_of_which_something_is_leased_is_not_let_go(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    """It was claimed after the worker thought that it could be."""
    one, other = two
    filled(one, "a", 2)
    one.claim(1, NOW, terms("one"))
    later = NOW + MINUTE / 2
    assert one.renew("one", later, later + MINUTE, kept={}, let_go={"a": NOW}).held == {"a"}
    assert other.claim(9, NOW + MINUTE, terms("other", NOW + MINUTE)).leases == []


@in_a_loop
async def test_what_is_claimed_while_a_renewal_is_under_way_is_not_lost(tmp_path: Path) -> None:
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        worker = Worker(
            frontier,
            "one",
            delay=DELAY,
            lease=MINUTE,
            per_group=2,
            groups=None,
            accepts=True,
            clock=lambda: NOW,
            failed=refuse,
        )
        renewal = asyncio.create_task(worker.renew(()))
        await asyncio.sleep(0)  # it is begun, in its thread
        time.sleep(0.1)  # it has read who holds what, but the event loop has not heard
        filled(frontier, "a", 1)
        assert names(worker.claim(9, busy=()).leases) == ["a0"]
        assert await renewal == frozenset()
        worker.permit("a")
        worker.leave()
        assert states(frontier) == {"queued": 1}


def test_the_queue_is_read_while_another_process_writes(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    """And the other way round: who looks at a long queue holds up no crawl."""
    one, other = two
    filled(one, "a", 3)
    with other._transaction():
        assert [tally.urls for tally in one.tallies()] == [3]
        assert one.troubles(5) == []
        assert one.hosts() == []
        assert len(one.listed(0, 9)) == 3
    with other._reading() as reading:
        reading.execute("SELECT count(*) FROM urls").fetchone()
        assert len(one.claim(9, NOW, terms("one")).leases) == 3


def test_a_worker_that_is_redirected_fetches_from_there_too(two: tuple[SqliteFrontier, SqliteFrontier]) -> None:
    one, other = two
    one.join("one", NOW + MINUTE, groups={"a"}, accepts=True)
    filled(one, "ac", 1)
    (lease,) = one.claim(9, NOW, terms("one")).leases
    target = entry("x", "b")
    other.settle([End(lease, "done", redirected_to=target.url, outlinks=(target,))], NOW)
    assert names(one.claim(9, NOW, terms("one", is_last=True)).leases) == ["x"]
    assert one.renew("one", NOW, NOW + MINUTE, kept={}, let_go={}).wanted == frozenset("ab")
