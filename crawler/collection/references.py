"""Which article somebody means: by its id or a former one, or by any address, also on a mirror where it never was."""

from __future__ import annotations

import re

from crawler.changes.identity import KEY_LENGTH, address_key, own_id
from crawler.discovery.sources import publisher_with_id
from crawler.index.addresses import addresses_of
from crawler.index.aliases import former_revision
from crawler.index.database import Connection
from crawler.index.lookup import article_id
from crawler.normalisation.urls import registered_domain
from crawler.publishers.base import publisher_of, publishers

_REVISION = re.compile(r"(?P<article>[^@:]+/[^@]+)@(?P<number>[1-9]\d{0,8})")
_ADDRESS_KEY = re.compile(rf"(?P<publisher>[^/:]+)/(?P<key>[0-9a-f]{{{KEY_LENGTH}}})")


def referred_article(db: Connection, reference: str) -> str | None:
    """The id of an article in the index; None where there is none. The number of a revision does not matter."""
    named = _REVISION.fullmatch(reference)
    return _article(db, named["article"] if named else reference)


def referred_revision(db: Connection, reference: str) -> int | None:
    """The number that a revision has today, of a reference that names one; None: it names none."""
    named = _REVISION.fullmatch(reference)
    if named is None:
        return None
    return former_revision(db, named["article"], int(named["number"])) or int(named["number"])


def _article(db: Connection, reference: str) -> str | None:
    found = article_id(db, reference) or _by_address_key(db, reference)
    if found is not None:
        return found
    url = reference if "://" in reference else f"https://{reference}"
    publisher = publisher_of(url)
    own = own_id(url, publisher) if publisher else None
    return article_id(db, f"{publisher.id}/{own}") if publisher and own else None


def _by_address_key(db: Connection, reference: str) -> str | None:
    """The article that had this key before a definition found ids in the addresses, and an index was made with it."""
    named = _ADDRESS_KEY.fullmatch(reference)
    if named is None:
        return None
    publisher_id = named["publisher"]
    defined = [each.id for each in publishers().values() if publisher_id in map(registered_domain, each.hosts())]
    for article, url in addresses_of(db, [publisher_id, *defined]):
        if address_key(url, publisher_with_id(publisher_id, url)) == named["key"]:
            return article
    return None
