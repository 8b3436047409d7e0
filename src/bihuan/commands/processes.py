"""Child processes of `up`: started in sessions of their own, stopped in order, never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

_SET_PARENT_DEATH_SIGNAL = 1
GRACE = 20.0


def start(words: Sequence[str], surroundings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A Python module as a child. Ctrl-C reaches the parent alone, which then stops its children in order."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *words],
        env=dict(surroundings),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _end_with_parent() -> None:
    """Where the parent is killed, the kernel ends the child (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def stop(child: subprocess.Popen[bytes]) -> None:
    """Ask, wait, and only then end the whole group."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
