"""Keys made by the application: UUIDs of version 7, which sort by the time they were made (RFC 9562)."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62
_last = 0
_guard = threading.Lock()


def uuid7() -> UUID:
    """Later calls of one process give larger keys, also within a millisecond: its fraction fills the twelve bits of rand_a."""
    global _last
    nanoseconds = time.time_ns()
    moment = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
    with _guard:
        _last = moment = max(moment, _last + 1)
    return UUID(int=(moment >> 12) << 80 | _VERSION | (moment & 0xFFF) << 64 | _VARIANT | secrets.randbits(62))
