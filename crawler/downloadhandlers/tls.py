"""What a TLS handshake must show, and what it showed."""

from __future__ import annotations

from collections.abc import Callable

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns

from crawler.items import Tls

Verifier = Callable[[SSL.Connection, X509, int, int, int], bool]
"""OpenSSL's callback for each certificate of a chain; its answer decides."""


def verifier(host: str, *, is_name: bool, refuse: Callable[[], object]) -> Verifier:
    """Accepts a chain that OpenSSL trusts and whose server certificate is one for ``host``.

    Calls ``refuse`` in the handling of the error otherwise. Whatever cannot be read is refused: Twisted 26.10 takes
    a certificate whose host names are malformed for a match.
    """
    wanted = DNS_ID(host) if is_name else IPAddress_ID(host)

    def verify(_: SSL.Connection, certificate: X509, error: int, depth: int, trusted: int) -> bool:
        if depth > 0:
            return bool(trusted)
        try:
            verify_service_identity(extract_patterns(certificate), [wanted], [])
        except Exception:
            refuse()
            return False
        return bool(trusted)

    return verify


def tls_of(connection: SSL.Connection, *, verified: bool) -> Tls | None:
    """The outcome of a handshake that is complete; None without a certificate of the peer."""
    certificate = connection.get_peer_certificate()
    if certificate is None:
        return None
    return Tls(
        version=connection.get_protocol_version_name(),
        cipher=connection.get_cipher_name() or "",
        certificate_sha256=certificate.digest("sha256").replace(b":", b"").lower().decode(),
        verified=verified,
    )
