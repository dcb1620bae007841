"""Which network addresses a crawler of the public web may fetch from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# IPv4 addresses in the last four bytes: NAT64 (RFC 6052), IPv4-compatible (RFC 4291 §2.5.5.1, withdrawn), SIIT
# (RFC 2765); mapped ones and 6to4 (RFC 3056) have attributes of their own.
_EMBEDDING = tuple(ip_network(network) for network in ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96"))
_LOCAL = tuple(ip_network(network) for network in ("64:ff9b:1::/48", "fec0::/10"))
"""NAT64 of one's own (RFC 8215), and site-local (RFC 3879): not global, which Python 3.11 does not know."""

_NUMBER = re.compile(r"0x[0-9a-f]*|\d+")


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, by IANA's special-purpose registries.

    False for loopback, private, link-local (cloud metadata among them), shared (CGNAT), multicast, reserved and
    unspecified addresses, and for IPv6 addresses that stand for such an IPv4 address.
    """
    ip = ip_address(address.partition("%")[0].strip("[]"))
    if isinstance(ip, IPv6Address):
        if any(ip in network for network in _LOCAL):
            return False
        is_embedding = any(ip in network for network in _EMBEDDING)
        inner = ip.ipv4_mapped or ip.sixtofour or (ip_address(int(ip) & 0xFFFFFFFF) if is_embedding else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def is_private_host(host: str) -> bool:
    """Whether a host is named by an address that is not public, or by a name that always means this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    address = literal_address(name)
    return address is not None and not is_public(address)


def literal_address(host: str) -> str | None:
    """The IP address that a host is named by, in its usual form; None: it is a name.

    Also the forms of IPv4 addresses that browsers, proxies and systems take beside four decimal numbers, such as
    2130706433, 0x7f.1 and 0177.0.0.1 (WHATWG URL, "IPv4 parser").
    """
    name = host.partition("%")[0].strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(name))
    except ValueError:
        return _odd_ipv4(name)


def _odd_ipv4(name: str) -> str | None:
    parts = name.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        *firsts, last = [_number(part) for part in parts]
    except ValueError:  # an 8 or 9 in an octal number
        return None
    rest = 8 * (4 - len(firsts))
    if any(first > 255 for first in firsts) or last >= 1 << rest:
        return None
    return str(IPv4Address(sum(first << 24 - 8 * at for at, first in enumerate(firsts)) + last))


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part.startswith("0") else 10)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Private addresses that may be fetched from all the same."""

    all: bool = False
    rules: tuple[tuple[IPv4Network | IPv6Network, int | None], ...] = ()
    """Networks, each with its port; None: any."""

    def allow(self, address: str, port: int | None) -> bool:
        """Whether an address may be fetched from at a port; None: at some port."""
        if self.all or is_public(address):
            return True
        ip = ip_address(address.partition("%")[0].strip("[]"))
        return any(ip in network and port in (None, own or port) for network, own in self.rules)


def exceptions(setting: object) -> Exceptions:
    """What a setting says: True for all, False for none, or addresses and networks with or without a port.

    "127.0.0.1:8080, 10.1.0.0/16, [::1]:80". Raises ValueError.
    """
    text = str(setting).strip().lower()
    if text in ("true", "1", "false", "0", ""):
        return Exceptions(all=text in ("true", "1"))
    return Exceptions(rules=tuple(_rule(part.strip()) for part in text.split(",")))


def _rule(text: str) -> tuple[IPv4Network | IPv6Network, int | None]:
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, port = text, ""
    return ip_network(host.strip("[]")), int(port) if port else None
