"""What the operating system knows about a connection before its bytes are read."""

from __future__ import annotations

import fcntl
import socket
import termios
from typing import Any, cast


def is_silent(connected: socket.socket) -> bool:
    """Whether nothing waits to be read: neither bytes nor the end of the connection."""
    try:
        connected.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def has_unacknowledged(connected: socket.socket) -> bool:
    """Whether bytes that were sent have yet to reach the other side; False where the system does not tell."""
    try:
        count = fcntl.ioctl(connected, termios.TIOCOUTQ, bytes(4))
    except OSError:
        return False
    return count != bytes(4)


def socket_below(transport: Any) -> socket.socket | None:
    """The socket below a transport: its own, or the one below its TLS layer."""
    found = getattr(transport, "socket", None) or getattr(getattr(transport, "transport", None), "socket", None)
    return cast("socket.socket | None", found)
