"""Parts of an answer that is whole in memory (RFC 9110 §14)."""

from __future__ import annotations

import re

from datasette.utils.asgi import Response

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def ranged(asked: str | None, body: bytes, content_type: str) -> Response:
    """The part that the field Range asks for: 206, 416 where there is none; all where none or several are asked for."""
    found = _RANGE.fullmatch(asked.strip()) if asked else None
    if found is None or found.group() == "bytes=-":
        return Response(body, headers={"Accept-Ranges": "bytes"}, content_type=content_type)
    first, last = _span(found[1], found[2], len(body))
    if first >= len(body) or first > last:
        headers = {"Content-Range": f"bytes */{len(body)}"}
        return Response(f"there are {len(body)} bytes\n", status=416, headers=headers)
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{len(body)}"}
    return Response(body[first : last + 1], status=206, headers=headers, content_type=content_type)


def _span(first: str, last: str, length: int) -> tuple[int, int]:
    if not first:
        return max(0, length - int(last)), length - 1
    return int(first), min(int(last), length - 1) if last else length - 1
