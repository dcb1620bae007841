"""Sizes for people."""

from __future__ import annotations


def human_size(size: float) -> str:
    """Bytes as people read them, in powers of 1,000."""
    if size < 1000:
        return f"{size:.0f} bytes"
    if size < 1000**2:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1000**2:.1f} MB" if size < 1000**3 else f"{size / 1000**3:.1f} GB"
