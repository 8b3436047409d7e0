"""Stops what runs on this home: `up` with its web server and worker, and the database."""

from __future__ import annotations

import argparse
import os
import signal
import time

from bihuan.bridges.postgres import client, lease
from bihuan.bridges.postgres.home import choose_home
from bihuan.commands.say import progress
from bihuan.commands.serving import serving
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

PATIENCE = 60.0


class StillRunning(BihuanError):
    """`up` didn't stop in time."""


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "Safe to run when nothing is running."


def run(args: argparse.Namespace) -> int:
    """`up` first, which stops its children in order; then the database."""
    home = choose_home(os.environ)
    if not home.path.exists():
        progress(Words(zh="没有在运行。", en="Nothing was running."))
        return 0
    lease.let_go(home)
    pid = serving(home)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while serving(home) is not None:
            if time.monotonic() > deadline:
                raise StillRunning(
                    Words(
                        zh=f"进程 {pid} 尚未停止，请稍后再试。",
                        en=f"Process {pid} hasn't stopped yet; try again later.",
                    )
                )
            time.sleep(0.1)
    stopped = client.stop(home)
    said = (
        Words(zh="已停止。", en="Stopped.")
        if pid or stopped
        else Words(zh="没有在运行。", en="Nothing was running.")
    )
    progress(said)
    return 0
