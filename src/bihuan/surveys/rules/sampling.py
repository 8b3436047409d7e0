"""Draws that nobody can foresee and everybody with the key can repeat: a keyed hash instead of chance."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

_WHOLE = 1 << 64


def lot(key: bytes, *parts: object) -> int:
    """A number from 0 up to 2^64, fixed by the key and what it is drawn for (HMAC-SHA-256, first eight bytes)."""
    told = "\x1f".join(str(part) for part in parts).encode()
    return int.from_bytes(hmac.new(key, told, hashlib.sha256).digest()[:8], "big")


def sampled(key: bytes, number: str, cycle: int, share: int) -> bool:
    """Whether a round of a case is among the `share` of a hundred whose customers are called back."""
    return lot(key, "callback", number, cycle) * 100 < share * _WHOLE


def week_sample(
    key: bytes, calls: Iterable[tuple[str, int]], *, share: int, least: int
) -> frozenset[tuple[str, int]]:
    """Which of an agent's calls of a week, each (case number, seq), a second listener hears: `share` of a hundred,
    rounded up, but `least` at any rate, or all when there are fewer."""
    drawn = sorted(set(calls), key=lambda call: (lot(key, "listen", *call), call))
    wanted = max(least, -(-len(drawn) * share // 100))
    return frozenset(drawn[:wanted])
