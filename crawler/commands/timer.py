"""``scrapy timer``: prints what systemd or cron needs to crawl by the clock."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict, closest_scrapy_cfg

from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE
from crawler.errors import BadArgument
from crawler.settings import ENVIRONMENT_PREFIX
from crawler.spiders.arguments import crawl_arguments

SERVICE = """\
# /etc/systemd/system/ofrecord.service
[Unit]
Description=ofrecord: {what}
Wants=network-online.target
After=network-online.target

[Service]
Type={kind}
WorkingDirectory={folder}
ExecStart={command}
User={user}
# Exit 1: done, but something went wrong on the way, as the log says. 130: stopped, and goes on the next time.
SuccessExitStatus=1 130
KillSignal=SIGINT
TimeoutStopSec=120
"""

DAILY = """\
# Old listings are taken out while nothing runs: before a watch begins.
RuntimeMaxSec=1d
"""

RESTARTED = """\
Restart=always
RestartSec=60

[Install]
WantedBy=multi-user.target
"""

TIMER = """\
# /etc/systemd/system/ofrecord.timer
[Unit]
Description=ofrecord every {minutes} minutes

[Timer]
OnBootSec=5min
OnUnitInactiveSec={minutes}min
RandomizedDelaySec=1min

[Install]
WantedBy=timers.target
"""

PARTS_OF_AN_HOUR = (5, 6, 10, 12, 15, 20, 30)
PARTS_OF_A_DAY = (1, 2, 3, 4, 6, 8, 12, 24)


class Command(ArchiveCommand, ScrapyCommand):
    """Changes nothing: the user puts the files where they belong."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Print systemd units and a crontab line for a crawl by the clock"

    def long_desc(self) -> str:
        return (
            "With the -a and -s arguments of the crawl: a service, a timer, and a line for a crontab. Without -a: a "
            "service that runs scrapy watch for ever."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE", help="as of crawl")
        parser.add_argument("--every", type=int, default=60, metavar="MINUTES", help="between crawls (default: 60)")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError("scrapy timer takes options only")
        if not 5 <= opts.every <= 24 * 60:
            raise BadArgument(f"--every {opts.every} is not from 5 to 1440 minutes")
        if opts.spargs:
            self._check(opts.spargs)
        given = [part for argument in opts.spargs for part in ("-a", argument)]
        # What this shell's environment says, the service's will not.
        named = [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)]
        settings = [f"{name.removeprefix(ENVIRONMENT_PREFIX)}={os.environ[name]}" for name in sorted(named)] + opts.set
        given += [part for setting in settings for part in ("-s", setting)]
        words = ["crawl", "news"] if opts.spargs else ["watch"]
        command = [sys.executable, "-m", "scrapy", *words, *given]
        expires = any(setting.startswith("KEEP_DISCOVERY_DAYS=") for setting in settings)
        self._print_units(command, watches=not opts.spargs, expires=expires, minutes=opts.every)
        return DONE

    @staticmethod
    def _check(given: list[str]) -> None:
        try:
            crawl_arguments(**arglist_to_dict(given))
        except ValueError as error:
            raise BadArgument(f"-a {' '.join(given)}: write NAME=VALUE") from error

    def _print_units(self, command: list[str], *, watches: bool, expires: bool, minutes: int) -> None:
        folder = Path(closest_scrapy_cfg()).parent
        what = "watch" if watches else "a crawl"
        service = SERVICE.format(
            what=what,
            kind="simple" if watches else "oneshot",
            folder=folder,
            command=" ".join(map(_for_systemd, command)),
            user="ofrecord",
        )
        restarted = (DAILY if expires else "") + RESTARTED
        print(service + (restarted if watches else f"\n{TIMER.format(minutes=minutes)}"))
        name = "service" if watches else "timer"
        print(f"# then: systemctl daemon-reload && systemctl enable --now ofrecord.{name}\n")
        when = "@reboot" if watches else _cron(minutes)
        print("# or a line of a crontab:")
        # cron reads % as the end of the line.
        print(f"{when} cd {shlex.quote(str(folder))} && {shlex.join(command)}".replace("%", "\\%"))


def _for_systemd(word: str) -> str:
    """A word of a command line as systemd.service(5) has it: % begins a specifier, $ a variable, in quotes as well."""
    escaped = word.replace("%", "%%").replace("$", "$$")
    if not re.search(r"[\s\"'\\;]", word):
        return escaped
    return '"' + escaped.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cron(minutes: int) -> str:
    """Cron begins anew each hour and day, so only their parts come regularly: the next that is no oftener."""
    if minutes <= 30:
        return f"*/{next(each for each in PARTS_OF_AN_HOUR if each >= minutes)} * * * *"
    hours = next(each for each in PARTS_OF_A_DAY if each * 60 >= minutes)
    return "17 * * * *" if hours == 1 else f"17 */{hours} * * *" if hours < 24 else "17 4 * * *"
