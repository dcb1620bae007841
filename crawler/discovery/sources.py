"""Whose site a URL belongs to, where nobody wrote a definition; and which hosts were learnt to be mirrors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.normalisation.urls import at_host, bare_host, host_of, registered_domain
from crawler.publishers.base import Publisher, publisher_of, publishers


@dataclass(frozen=True, slots=True)
class Mirror:
    """A host that was accepted as another address of a publisher's."""

    publisher_id: str
    host: str
    of: str
    """The host whose pages it serves."""


_accepted: dict[str, Mirror] = {}


def use_mirrors(accepted: Iterable[Mirror]) -> None:
    """From now on these count, and no others."""
    _accepted.clear()
    _accepted.update((bare_host(mirror.host), mirror) for mirror in accepted)


def meant(url: str) -> str:
    """What an address on an accepted mirror stands for: the same one on the publisher's own host; else the URL."""
    mirror = _accepted.get(bare_host(host_of(url)))
    return at_host(url, mirror.of) if mirror else url


def hosts_of(publisher_id: str) -> tuple[str, ...]:
    """A publisher's hosts in order of preference: those of its definition, then the accepted ones."""
    definition = publishers().get(publisher_id)
    accepted = [mirror for mirror in _accepted.values() if mirror.publisher_id == publisher_id]
    own = definition.domains if definition else [mirror.of for mirror in accepted]
    return tuple(dict.fromkeys([*own, *(mirror.host for mirror in accepted)]))


def publisher_at(url: str, *, use_definitions: bool = True) -> Publisher:
    """The definition whose hosts include the URL's; else a stand-in, named after the registered domain."""
    stands_for = meant(url)
    known = publisher_of(stands_for) if use_definitions else None
    return known or _undefined(host_of(stands_for))


def publisher_with_id(publisher_id: str, url: str) -> Publisher:
    """The definition of that id; else the stand-in for the URL's host. What a crawl noted, found again."""
    return publishers().get(publisher_id) or _undefined(host_of(url))


def publisher_with_mirrors(publisher_id: str, url: str) -> Publisher:
    """The same, with the accepted mirrors among its domains: whose pages a crawl may follow."""
    publisher = publisher_with_id(publisher_id, meant(url))
    more = [host for host in hosts_of(publisher_id) if host not in publisher.domains]
    return replace(publisher, domains=(*publisher.domains, *more)) if more else publisher


@lru_cache(maxsize=4096)
def _undefined(host: str) -> Publisher:
    domain = registered_domain(host)
    return Publisher(id=domain, name=domain, domains=(host,))
