"""``scrapy publisher list`` and ``scrapy publisher mirrors NAME``: who is crawled, on which hosts, and which may be."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.divergence import Compared, Comparison
from crawler.collection.hosts import decide, use_accepted_mirrors
from crawler.collection.session import close_collection, collection_of
from crawler.commands.archive import ArchiveCommand
from crawler.commands.comparing import newest, publisher_in, run_comparison, summed, told
from crawler.commands.exits import DONE, FAULTS
from crawler.commands.output import console, plain, print_json
from crawler.discovery.sources import hosts_of
from crawler.errors import BadArgument
from crawler.frontier.protocol import MirrorState
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.database import read_index
from crawler.index.ledger import domains_of
from crawler.index.mirrors import Candidate, candidates
from crawler.normalisation.urls import bare_host, host_of
from crawler.publishers.base import Publisher, publishers

ARTICLES = 3
"""Fetched from a host before it is accepted."""
SAME = frozenset(("same", "differs"))
"""What a mirror's copy may be: of one that lags or was changed, a difference is what one wants to know."""


class Command(ArchiveCommand, ScrapyCommand):
    """Lists without fetching; fetches from a host only to accept it."""

    requires_crawler_process = True

    def syntax(self) -> str:
        return "list | mirrors [options] PUBLISHER"

    def short_desc(self) -> str:
        return "List publishers; show, accept or refuse the hosts that a publisher's pages name"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        decision = parser.add_mutually_exclusive_group()
        decision.add_argument("--accept", metavar="HOST", help="use it where others fail, if it has the articles")
        decision.add_argument("--refuse", metavar="HOST", help="never use this host")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args == ["list"] and not (opts.accept or opts.refuse):
            return self._list(as_json=opts.json)
        if len(args) != 2 or args[0] != "mirrors":
            raise UsageError("write scrapy publisher list, or scrapy publisher mirrors PUBLISHER")
        publisher_id = publisher_in(self.folder, args[1])
        if opts.accept:
            return self._accept(publisher_id, _host(opts.accept))
        if opts.refuse:
            return self._refuse(publisher_id, _host(opts.refuse))
        return self._show(publisher_id, as_json=opts.json)

    def _list(self, *, as_json: bool) -> int:
        use_accepted_mirrors(self.folder)
        rows = [self._row(publisher) for publisher in publishers().values()]
        if as_json:
            print_json(rows)
            return DONE
        width = max((len(row["id"]) for row in rows), default=0)
        for row in rows:
            console().print(plain(f"{row['id']:<{width}}  {row['name']}: {', '.join(row['hosts'])}"))
        return DONE

    @staticmethod
    def _row(publisher: Publisher) -> dict[str, Any]:
        hosts = list(hosts_of(publisher.id))
        return {"id": publisher.id, "name": publisher.name, "hosts": hosts, "retired": list(publisher.retired)}

    def _show(self, publisher_id: str, *, as_json: bool) -> int:
        rows = [*self._standing(publisher_id), *self._candidates(publisher_id)]
        if as_json:
            print_json(rows)
            return DONE
        if not rows:
            console().print(plain(f"no page of {publisher_id} names another host of it"))
            return DONE
        width = max(len(row["host"]) for row in rows)
        for row in rows:
            since = f" since {row['since']}" if row.get("since") else ""
            why = next((f": {row[name]}" for name in ("reason", "found_in") if row.get(name)), "")
            console().print(plain(f"{row['host']:<{width}}  {row['state']}{since}{why}"))
        return DONE

    def _standing(self, publisher_id: str) -> Iterator[dict[str, Any]]:
        """The hosts that are used, in order, and those of the past."""
        states = {state.host: state for state in self._states() if state.publisher_id == publisher_id}
        for host in hosts_of(publisher_id) or self._crawled(publisher_id):
            state = states.get(host)
            yield {"host": host, "state": state.state if state else "live", **_since(state)}
        definition = publishers().get(publisher_id)
        yield from ({"host": host, "state": "retired"} for host in (definition.retired if definition else ()))

    def _crawled(self, publisher_id: str) -> list[str]:
        """The hosts of a publisher without a definition, as far as it was crawled."""
        if not self.index.exists():
            return []
        with closing(read_index(self.index)) as db:
            return domains_of(db, publisher_id)

    def _states(self) -> list[MirrorState]:
        path = self.folder / "frontier.db"
        if not path.exists():
            return []
        with closing(SqliteFrontier(path, reading=True)) as frontier:
            return frontier.mirrors()

    def _candidates(self, publisher_id: str) -> Iterator[dict[str, Any]]:
        for candidate in self._known(publisher_id):
            if candidate.status != "accepted":
                yield {"host": candidate.host, "state": candidate.status, "found_in": candidate.found_in}

    def _known(self, publisher_id: str) -> list[Candidate]:
        if not self.index.exists():
            return []
        with closing(read_index(self.index)) as db:
            return candidates(db, publisher_id)

    def _accept(self, publisher_id: str, host: str) -> int:
        if bare_host(host) in {bare_host(own) for own in hosts_of(publisher_id)}:
            raise BadArgument(f"{host} is a host of {publisher_id} already")
        wanted = newest(self.folder, publisher_id, ARTICLES)
        own = host_of(wanted[0].url)
        assert self.crawler_process is not None
        comparison = Comparison(publisher_id, (host,), wanted, with_record=True)
        found = run_comparison(self.crawler_process, self.given, comparison).compared
        for each in found:
            for line in told(each):
                console().print(plain(line))
        if not _is_mirror(found):
            console().print(plain(f"{host} is not accepted: {_why_not(own, found)}", "bold"))
            return FAULTS
        self._decide("mirror-accepted", publisher_id, host, of=own, compared=[_short(each) for each in found])
        console().print(plain(f"{host} is accepted, from the next crawl on; {summed(host, found)}", "bold"))
        return DONE

    def _refuse(self, publisher_id: str, host: str) -> int:
        definition = publishers().get(publisher_id)
        if definition and definition.covers(host):
            raise BadArgument(f"{host} is in the definition crawler/publishers/{publisher_id}.py; take it out there")
        self._decide("mirror-refused", publisher_id, host)
        console().print(plain(f"{host} is refused: nothing is fetched from it for {publisher_id}"))
        return DONE

    def _decide(self, kind: str, publisher_id: str, host: str, **facts: object) -> None:
        try:
            decide(collection_of(self.given), kind, publisher_id, host, datetime.now(UTC), facts)
        finally:
            close_collection(self.given)


def _host(given: str) -> str:
    """A host as it was given, or of a URL that was. Raises BadArgument."""
    host = host_of(given if "://" in given else f"https://{given}/")
    if not host or "." not in host:
        raise BadArgument(f"{given} is no host; give one like www.example.org")
    return host


def _is_mirror(found: list[Compared]) -> bool:
    """Whether a host serves the same articles: at least one, and none of them another."""
    kinds = [each.finding for each in found]
    return bool(SAME.intersection(kinds)) and "another" not in kinds and sum(k in SAME for k in kinds) * 2 > len(kinds)


def _why_not(own: str, found: list[Compared]) -> str:
    if all(each.finding == "unreachable" for each in found):
        return "no article could be had from it; try again later"
    return f"it does not serve the articles of {own}"


def _since(state: MirrorState | None) -> dict[str, Any]:
    if state is None:
        return {}
    reason = {} if state.reason is None or state.state == "live" else {"reason": state.reason}
    return {"since": f"{state.since:%Y-%m-%dT%H:%M:%SZ}", **reason}


def _short(found: Compared) -> dict[str, object]:
    return {
        "article_id": found.article_id,
        "url": found.url,
        "finding": found.finding,
        "fields": [difference.field for difference in found.differences],
        "record_id": found.record_id,
    }
