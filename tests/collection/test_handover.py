"""URLs for a crawl that runs already; the crawl here is a member of the collection that fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.collection.handover import AT_ONCE, hand_over
from crawler.collection.lock import Membership, door
from crawler.frontier.protocol import Entry
from crawler.frontier.sqlite import SqliteFrontier
from tests.frontier.test_sqlite import NOW, entry, states


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Membership]:
    with door(tmp_path):
        member = Membership(tmp_path)
    yield member
    member.release()


def test_a_long_list_is_handed_over_piece_by_piece(running: Membership, tmp_path: Path) -> None:
    """The crawl that gets it is not kept from its own work until the last line is stored."""
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        frontier.join(running.owner, NOW + timedelta(minutes=1), groups=None, accepts=True)

        def listed() -> Iterator[Entry]:
            yield from (entry(str(number)) for number in range(AT_ONCE))
            yield entry("next")
            assert states(frontier)["queued"] >= AT_ONCE

        assert hand_over(tmp_path, listed(), None, NOW) == running.owner.partition("-")[0]
        assert states(frontier) == {"queued": AT_ONCE + 1}


def test_what_a_crawl_does_not_take_to_the_end_is_not_handed_over(running: Membership, tmp_path: Path) -> None:
    """It is left to the crawl that found nobody: what is queued already, is so once."""
    with closing(SqliteFrontier(tmp_path / "frontier.db")) as frontier:
        frontier.join(running.owner, NOW + timedelta(minutes=1), groups=None, accepts=True)

        def listed() -> Iterator[Entry]:
            yield from (entry(str(number)) for number in range(AT_ONCE))
            yield entry("next")
            frontier.join(running.owner, NOW + timedelta(minutes=1), groups=None, accepts=False)

        assert hand_over(tmp_path, listed(), None, NOW) is None
