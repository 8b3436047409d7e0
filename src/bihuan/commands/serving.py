"""The one process that serves a home, and the port that it serves on."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from bihuan.bridges.postgres.home import Home
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

HOST = "127.0.0.1"


class PortTaken(BihuanError):
    """Another program listens on the port, or it is no port."""


class AlreadyUp(BihuanError):
    """Another process serves this home."""


def chosen_port() -> int:
    """BIHUAN_PORT, else 8000."""
    given = os.environ.get("BIHUAN_PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise PortTaken(
            Words(zh=f"BIHUAN_PORT={given} 不是端口号。", en=f"BIHUAN_PORT={given} is no port number.")
        )
    return int(given)


def refuse_taken_port() -> None:
    """Before anything is prepared, so that a taken port costs no time."""
    port = chosen_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as fault:
            raise PortTaken(
                Words(
                    zh=f"端口 {port} 不可用（{fault.strerror}）。请设置 BIHUAN_PORT 为其他端口，或停止占用它的程序。",
                    en=f"Port {port} can't be used ({fault.strerror}). "
                    "Set BIHUAN_PORT to another, or stop the program that has it.",
                )
            ) from fault


def serving(home: Home) -> int | None:
    """The process that serves this home."""
    try:
        with (home.path / "up").open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int((home.path / "up").read_text() or 0) or None
    return None


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold this while serving."""
    with (home.path / "up").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise _already_up(home) from fault
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def refuse_if_served(home: Home) -> None:
    """Before anything is prepared."""
    if serving(home) is not None:
        raise _already_up(home)


def _already_up(home: Home) -> AlreadyUp:
    return AlreadyUp(
        Words(
            zh=f"Bihuan 已在 {home.path} 上运行。用 bihuan down 停止它。",
            en=f"Bihuan already runs on {home.path}. `bihuan down` stops it.",
        )
    )
