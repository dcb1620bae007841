"""By which names an archive may be asked, wherever it listens."""

from __future__ import annotations

import pytest

from crawler.errors import BadArgument
from crawler.viewer.origins import Names, is_loopback
from crawler.viewer.serving import listening


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_on_the_loopback_only_its_names_are_answered(host: str) -> None:
    names = Names.at(host, replays=True)
    assert is_loopback(host)
    assert names.are(names.own)
    assert names.are("localhost")
    assert not names.are("rebound.example")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example"])
def test_where_other_machines_ask_any_name_is_answered_and_nothing_is_replayed(host: str) -> None:
    names = Names.at(host, replays=True)
    assert not is_loopback(host)
    assert names.are("desk.example")
    assert names.replay is None
    assert not names.are_two


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_replay_has_another_name_than_the_viewer(host: str) -> None:
    names = Names.at(host, replays=True)
    assert names.replay is not None
    assert names.replay != names.own
    assert names.are(names.replay)


@pytest.mark.parametrize("host", ["a..b", ""])
def test_what_is_no_address_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(BadArgument, match="no address of this machine"):
        listening(host, 0)
