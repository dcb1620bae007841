"""Which network addresses a crawler of the public web may fetch from."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# IPv4 addresses in the last four bytes: NAT64 (RFC 6052), IPv4-compatible (RFC 4291 §2.5.5.1, withdrawn), SIIT
# (RFC 2765); mapped ones and 6to4 (RFC 3056) have attributes of their own.
_EMBEDDING = tuple(ip_network(network) for network in ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96"))
_LOCAL = tuple(ip_network(network) for network in ("64:ff9b:1::/48", "fec0::/10"))
"""NAT64 of one's own (RFC 8215), and site-local (RFC 3879): not global, which Python 3.11 does not know."""


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
    try:
        return not is_public(name)
    except ValueError:
        return False


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
