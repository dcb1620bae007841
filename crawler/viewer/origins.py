"""By which names the archive may be asked, and which of them is kept for replay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))

REPLAY = "/replay/"
"""Below it is what replay needs; the archived scripts that it runs have that origin."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a browser may call this machine: names as in an address, without port."""

    own: str
    """Of the viewer."""
    replay: str | None = None
    """Of replay: another origin, so that an archived script cannot read the viewer. None: there is no replay."""
    any_other: bool = False
    """Whether other names are answered too, as where more than this machine can ask."""

    @classmethod
    def at(cls, host: str, *, replays: bool) -> Names:
        """For the address that is listened at."""
        name = f"[{host}]" if ":" in host else host
        if name not in LOOPBACK:
            return cls(name, any_other=not is_loopback(host))
        return cls(name, ("127.0.0.1" if name == "localhost" else "localhost") if replays else None)

    @property
    def are_two(self) -> bool:
        """Whether the address has another name, which replay could have."""
        return self.own in LOOPBACK

    def are(self, name: str) -> bool:
        """Whether it may be asked by this one."""
        return self.any_other or name == self.own or name in LOOPBACK


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def only_at(names: Names, app: Asgi) -> Asgi:
    """Answers requests to these names only, and to each what it is for.

    A page elsewhere whose name is made to lead to this machine (DNS rebinding) could read the archive otherwise.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        name, port = _host(scope)
        is_replay = scope["path"].startswith(REPLAY)
        if not names.are(name):
            await _say(send, 421, f"this archive is not at {name}; open it at the address that scrapy serve printed")
        elif names.replay == name and not is_replay:
            await _redirect(send, f"http://{names.own}{port}{_target(scope)}")
        elif is_replay and names.replay != name:
            await _say(send, 404, f"replay is not at {name}; /replay says where it is")
        else:
            await app(scope, receive, send)

    return answer


def _host(scope: Scope) -> tuple[str, str]:
    """The name that is asked, and its port with the colon."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1").lower()
    name, colon, port = host.rpartition(":")
    return (name, colon + port) if port.isdecimal() else (host, "")


def _target(scope: Scope) -> str:
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


async def _say(send: Send, status: int, why: str) -> None:
    await _send(send, status, [(b"content-type", b"text/plain; charset=utf-8")], f"{why}\n".encode())


async def _redirect(send: Send, to: str) -> None:
    await _send(send, 307, [(b"location", to.encode("latin-1"))], b"")


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
