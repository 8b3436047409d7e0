"""Runs everything as one process tree: database, web server, worker; Ctrl-C and SIGTERM stop them in order."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bihuan.bridges.postgres.home import Home, choose_home
from bihuan.commands import processes
from bihuan.commands.say import progress
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

HOST = "127.0.0.1"
WEB_WORKERS = 2
WEB_THREADS = 4
START_PATIENCE = 60.0


class PortTaken(BihuanError):
    """Another program listens on the port."""


class AlreadyUp(BihuanError):
    """Another `up` serves this home."""


class WebServerEnded(BihuanError):
    """The web server ended by itself."""


def add(parser: argparse.ArgumentParser) -> None:
    """`up [--no-worker]`."""
    parser.add_argument("--no-worker", action="store_true", help="serve pages only; background jobs wait")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    serve(worker=not args.no_worker)
    return 0


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


def serve(*, worker: bool = True, announce: Callable[[str], None] | None = None) -> None:
    """Call with a prepared database (BIHUAN_DATABASE_URL set). `announce` gets the address when pages are served."""
    home = choose_home(os.environ)
    with _only_one(home):
        refuse_taken_port()
        children: list[subprocess.Popen[bytes]] = []
        try:
            web = _start_web()
            children.append(web)
            address = f"http://{HOST}:{chosen_port()}/"
            _wait_until_answering(web, address)
            if worker:
                children.append(_start_worker())
            (announce or _announce)(address)
            _watch(web, children)
        except (KeyboardInterrupt, SystemExit):
            progress(Words(zh="正在停止……", en="Stopping …"))
        finally:
            # A second Ctrl-C must not leave half of it; each child has its own limit of time.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            # The web first: what it accepted may still queue a job.
            for child in children:
                processes.stop(child)
    progress(Words(zh="已停止。", en="Stopped."))


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
def _only_one(home: Home) -> Iterator[None]:
    with (home.path / "up").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise AlreadyUp(
                Words(
                    zh=f"Bihuan 已在 {home.path} 上运行。用 bihuan down 停止它。",
                    en=f"Bihuan already runs on {home.path}. `bihuan down` stops it.",
                )
            ) from fault
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _start_web() -> subprocess.Popen[bytes]:
    surroundings = {**_surroundings(), "BIHUAN_POOL": str(WEB_THREADS)}
    words = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(chosen_port())]
    words += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    words += ["--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning"]
    return processes.start([*words, "bihuan.wsgi:application"], surroundings)


def _start_worker() -> subprocess.Popen[bytes]:
    return processes.start(["bihuan.worker"], _surroundings())


def _surroundings() -> dict[str, str]:
    """Web and worker never see the owner's connection string."""
    return {name: value for name, value in os.environ.items() if name != "BIHUAN_OWNER_DATABASE_URL"}


def _wait_until_answering(web: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        _refuse_ended(web)
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310
                return
        except urllib.error.HTTPError:
            return  # an answer, whatever it says
        except OSError:
            time.sleep(0.1)
    raise WebServerEnded(Words(zh="网页服务没有应答。", en="The web server doesn't answer."))


def _watch(web: subprocess.Popen[bytes], children: list[subprocess.Popen[bytes]]) -> None:
    """A worker that ended is started again; without a web server there is nothing to serve."""
    while True:
        _refuse_ended(web)
        for place, child in enumerate(children):
            if child is not web and child.poll() is not None:
                progress(
                    Words(
                        zh=f"后台进程已结束（{child.returncode}），重新启动。",
                        en=f"The worker ended ({child.returncode}); starting it again.",
                    )
                )
                time.sleep(2)
                children[place] = _start_worker()
        time.sleep(0.5)


def _refuse_ended(web: subprocess.Popen[bytes]) -> None:
    if web.poll() is not None:
        raise WebServerEnded(
            Words(
                zh=f"网页服务已结束（{web.returncode}），原因见上。",
                en=f"The web server ended ({web.returncode}); the reason stands above.",
            )
        )


def _announce(address: str) -> None:
    progress(
        Words(
            zh=f"Bihuan 已在 {address} 运行。按 Ctrl-C 停止。",
            en=f"Bihuan serves at {address}. Ctrl-C stops it.",
        )
    )
