"""Runs everything as one process tree: database, web server, worker; Ctrl-C and SIGTERM stop them in order."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from bihuan.bridges.postgres.home import choose_home
from bihuan.commands import processes
from bihuan.commands.say import progress
from bihuan.commands.serving import HOST, chosen_port, only_one, refuse_taken_port
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

WEB_WORKERS = 2
WEB_THREADS = 4
START_PATIENCE = 60.0


class WebServerEnded(BihuanError):
    """The web server ended by itself."""


def add(parser: argparse.ArgumentParser) -> None:
    """`up [--no-worker]`."""
    parser.add_argument("--no-worker", action="store_true", help="serve pages only; background jobs wait")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    serve(worker=not args.no_worker)
    return 0


def serve(*, worker: bool = True, announce: Callable[[str], None] | None = None) -> None:
    """Call with a prepared database (BIHUAN_DATABASE_URL set). `announce` gets the address when pages are served."""
    home = choose_home(os.environ)
    with only_one(home):
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


def _start_web() -> subprocess.Popen[bytes]:
    surroundings = {**_surroundings(), "BIHUAN_KEEP_CONNECTIONS": "1"}
    return processes.start(web_command(chosen_port()), surroundings)


def web_command(port: int) -> list[str]:
    """The web server and its words: as many connections to the database as workers times threads."""
    words = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    words += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    # A thread that rests takes its connection with it.
    words += ["--blocking-threads-idle-timeout", "600"]
    words += ["--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning"]
    return [*words, "bihuan.wsgi:application"]


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
