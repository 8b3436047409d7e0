"""Who is using the embedded cluster: each command holds a shared lock, and the last one out stops the cluster."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bihuan.bridges.postgres.client import Urls, ensure_running, is_running, stop_locked
from bihuan.bridges.postgres.home import Home, locked, make_folders


@contextmanager
def running(home: Home, *, settings: Mapping[str, str] | None = None) -> Iterator[Urls]:
    """A running cluster for as long as the block lasts, and longer when somebody else uses it or `keep` was called."""
    make_folders(home)
    with (home.path / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        if not is_running(home):
            let_go(home)  # what was kept before the machine was switched off
        try:
            yield ensure_running(home, extra=settings)
        finally:
            with locked(home):
                if not _kept(home) and _alone(users.fileno()):
                    stop_locked(home)


def keep(home: Home) -> None:
    """Let the cluster run on after the last command, until `let_go`."""
    (home.path / "keep").touch()


def let_go(home: Home) -> None:
    """Undo `keep`."""
    (home.path / "keep").unlink(missing_ok=True)


def _kept(home: Home) -> bool:
    return (home.path / "keep").exists()


def _alone(users: int) -> bool:
    """Whether nobody else holds the shared lock. Who comes now waits until the cluster has stopped."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
