"""Keys made by the application: UUID version 7 (RFC 9562), ordered by the time they were made."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new key. Keys of one process are strictly ordered: milliseconds, then a counter that starts at random."""
    global _last
    random = os.urandom(10)
    stamp = (time.time_ns() // 1_000_000) << 42 | int.from_bytes(random[:6]) >> 7
    with _lock:
        _last = stamp = max(stamp, _last + 1)
    milliseconds, counter = stamp >> 42, stamp & ((1 << 42) - 1)
    value = milliseconds << 80 | 0x7 << 76 | (counter >> 30) << 64 | 0b10 << 62
    return UUID(int=value | (counter & ((1 << 30) - 1)) << 32 | int.from_bytes(random[6:]))
