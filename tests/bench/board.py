"""The unit board with many open cases; filled in when the desk's query is there."""

from __future__ import annotations

from tests.bench.figure import Figure


def measure() -> list[Figure]:
    """Nothing yet."""
    return []
