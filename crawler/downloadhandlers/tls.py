"""What a TLS handshake must show, and what it showed."""

from __future__ import annotations

from collections.abc import Callable

from OpenSSL import SSL
from OpenSSL.crypto import X509, X509Name
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns

from crawler.items import Tls

Verifier = Callable[[SSL.Connection, X509, int, int, int], bool]
"""OpenSSL's callback for each certificate of a chain; its answer decides."""

_shown: dict[str, X509] = {}
"""By host, certificates that were not trusted."""


def verifier(host: str, *, is_name: bool, refuse: Callable[[], object]) -> Verifier:
    """Accepts a chain that OpenSSL trusts and whose server certificate is one for ``host``.

    Calls ``refuse`` in the handling of the error otherwise. Whatever cannot be read is refused: Twisted 26.10 takes
    a certificate whose host names are malformed for a match.
    """
    wanted = DNS_ID(host) if is_name else IPAddress_ID(host)

    def verify(_: SSL.Connection, certificate: X509, error: int, depth: int, trusted: int) -> bool:
        if depth > 0:
            return bool(trusted)
        _shown[host] = certificate
        try:
            verify_service_identity(extract_patterns(certificate), [wanted], [])
        except Exception:
            refuse()
            return False
        if trusted:
            del _shown[host]
        return bool(trusted)

    return verify


def take_refused(host: str) -> dict[str, str]:
    """What the last certificate of a host says that was refused, once: its SHA-256 digest, issuer and subject."""
    certificate = _shown.pop(host, None)
    if certificate is None:
        return {}
    return {
        "certificate_sha256": _digest(certificate),
        "certificate_issuer": _name(certificate.get_issuer()),
        "certificate_subject": _name(certificate.get_subject()),
    }


def _name(name: X509Name) -> str:
    pairs = [(key.decode("ascii", "replace"), value.decode("utf-8", "replace")) for key, value in name.get_components()]
    return ", ".join(f"{key}={value}" for key, value in pairs)


def _digest(certificate: X509) -> str:
    return certificate.digest("sha256").replace(b":", b"").lower().decode()


def tls_of(connection: SSL.Connection, *, verified: bool) -> Tls | None:
    """The outcome of a handshake that is complete; None without a certificate of the peer."""
    certificate = connection.get_peer_certificate()
    if certificate is None:
        return None
    return Tls(
        version=connection.get_protocol_version_name(),
        cipher=connection.get_cipher_name() or "",
        certificate_sha256=_digest(certificate),
        verified=verified,
    )
