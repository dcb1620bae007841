"""``scrapy timer``: prints what systemd or cron needs to crawl by the clock."""

from __future__ import annotations

import argparse
import os
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
# Exit 1: done, but something went wrong on the way, as the log says.
SuccessExitStatus=1
KillSignal=SIGINT
TimeoutStopSec=120
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
        command = shlex.join([sys.executable, "-m", "scrapy", *words, *given])
        self._print_units(command, watches=not opts.spargs, minutes=opts.every)
        return DONE

    @staticmethod
    def _check(given: list[str]) -> None:
        try:
            crawl_arguments(**arglist_to_dict(given))
        except ValueError as error:
            raise BadArgument(f"-a {' '.join(given)}: write NAME=VALUE") from error

    def _print_units(self, command: str, *, watches: bool, minutes: int) -> None:
        folder = Path(closest_scrapy_cfg()).parent
        what = "watch" if watches else "a crawl"
        # systemd reads % as the beginning of a specifier, cron as the end of the line.
        service = SERVICE.format(
            what=what,
            kind="simple" if watches else "oneshot",
            folder=folder,
            command=command.replace("%", "%%"),
            user="ofrecord",
        )
        print(service + (RESTARTED if watches else f"\n{TIMER.format(minutes=minutes)}"))
        name = "service" if watches else "timer"
        print(f"# then: systemctl daemon-reload && systemctl enable --now ofrecord.{name}\n")
        when = "@reboot" if watches else _cron(minutes)
        print("# or a line of a crontab:")
        print(f"{when} cd {shlex.quote(str(folder))} && {command.replace('%', chr(92) + '%')}")


def _cron(minutes: int) -> str:
    """Cron knows minutes of an hour and hours of a day: the next that is no oftener."""
    if minutes < 60:
        return f"*/{minutes} * * * *"
    hours = -(-minutes // 60)
    return "17 * * * *" if hours == 1 else f"17 */{hours} * * *" if hours < 24 else "17 4 * * *"
