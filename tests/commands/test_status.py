"""`scrapy status` and `scrapy timer`: what waits, and how to crawl by the clock."""

from __future__ import annotations

import json
import shlex

import pytest

from crawler.commands.exits import INTERRUPTED
from crawler.frontier.schedule import FIRST_INTERVALS
from tests.conftest import PROJECT, Scrapy
from tests.gazette import Gazette


def test_status_tells_what_is_where_and_what_is_due(scrapy: Scrapy) -> None:
    gazette = Gazette(3)
    gazette.stories[1].status = "500 Internal Server Error"
    with gazette.served() as site:
        scrapy("crawl", "news", "-a", f"site={site.url('/')}")
    told = scrapy("status")
    assert told.returncode == 0, told.stderr
    assert "running   nothing" in told.stdout
    assert "queued    no URLs" in told.stdout
    assert f"failed  {site.url(gazette.stories[1].path)}: HTTP 500" in " ".join(told.stdout.split()).replace(
        "failed ", "failed  "
    )
    (row,) = [json.loads(line) for line in scrapy("status", "--json").stdout.splitlines()]
    assert (row["host"], row["failed"], row["queued"]) == ("127.0.0.1", 1, 0)
    assert row["done"] >= 5
    assert row["next_due"] is not None
    assert FIRST_INTERVALS["feed"].total_seconds() == 900


def test_an_error_names_its_url_once(scrapy: Scrapy) -> None:
    scrapy("crawl", "news", "-a", "site=http://127.0.0.1:1/", "-s", "RETRY_TIMES=0")
    assert "  queued  http://127.0.0.1:1/: robots.txt cannot be had (" in scrapy("status").stdout


def test_without_a_crawl_there_is_no_status(scrapy: Scrapy) -> None:
    told = scrapy("status")
    assert told.returncode == 5
    assert "news/frontier.db is not there; run a crawl first" in told.stderr


def test_a_timer_runs_the_same_crawl(scrapy: Scrapy) -> None:
    printed = scrapy("timer", "-a", "site=https://gazette.example/a%20b", "-s", "CONTACT=me@desk.example").stdout
    assert "OnUnitInactiveSec=60min" in printed
    command = next(line for line in printed.splitlines() if line.startswith("ExecStart="))
    words = shlex.split(command.removeprefix("ExecStart=").replace("%%", "%"))
    assert words[1:7] == ["-m", "scrapy", "crawl", "news", "-a", "site=https://gazette.example/a%20b"]
    assert words[-2:] == ["-s", "CONTACT=me@desk.example"]
    assert f"WorkingDirectory={PROJECT}" in printed
    assert printed.splitlines()[-1].startswith(f"17 * * * * cd {PROJECT} && ")
    assert "a\\%20b" in printed.splitlines()[-1]


def test_a_timer_s_command_says_the_same_to_systemd(scrapy: Scrapy) -> None:
    printed = scrapy("timer", "-a", "site=https://gazette.example/", "-s", "OPERATOR=Ann's $HOME desk").stdout
    assert """ -s "OPERATOR=Ann's $$HOME desk"\n""" in printed
    assert printed.splitlines()[-1].endswith(shlex.quote("OPERATOR=Ann's $HOME desk"))


@pytest.mark.parametrize(
    ("minutes", "when"),
    [
        *(("5", "*/5 * * * *"), ("25", "*/30 * * * *"), ("45", "17 * * * *"), ("60", "17 * * * *")),
        *(("90", "17 */2 * * *"), ("400", "17 */8 * * *"), ("1440", "17 4 * * *")),
    ],
)
def test_cron_runs_no_crawl_oftener_than_it_was_asked_for(scrapy: Scrapy, minutes: str, when: str) -> None:
    """*/45 is at :00 and :45, fifteen minutes apart."""
    printed = scrapy("timer", "-a", "site=https://gazette.example/", "--every", minutes).stdout
    assert printed.splitlines()[-1].startswith(f"{when} cd ")


def test_a_timer_without_arguments_is_a_watch(scrapy: Scrapy) -> None:
    printed = scrapy("timer").stdout
    assert "Restart=always" in printed
    assert " -m scrapy watch" in printed
    assert "RuntimeMaxSec" not in printed
    assert "RuntimeMaxSec=1d" in scrapy("timer", "-s", "KEEP_DISCOVERY_DAYS=30").stdout


def test_a_crawl_that_is_stopped_is_no_failed_unit(scrapy: Scrapy) -> None:
    printed = scrapy("timer", "-a", "site=https://gazette.example/").stdout.splitlines()
    statuses = next(line for line in printed if line.startswith("SuccessExitStatus="))
    assert str(INTERRUPTED) in statuses.partition("=")[2].split()


def test_arguments_that_no_crawl_would_take_are_refused(scrapy: Scrapy) -> None:
    assert scrapy("timer", "-a", "publisher=nobody").returncode == 3
    assert scrapy("timer", "-a", "publisher").returncode == 3
    assert scrapy("timer", "--every", "1").returncode == 3
