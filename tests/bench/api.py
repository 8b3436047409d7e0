"""Whole loops through the API, served as `up` serves it: loops a second, and CPU seconds a loop."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.db import connection

from bihuan.commands.up import web_command
from bihuan.kernel.ids import uuid7
from bihuan.people import actions as people
from bihuan.people.models import Staff
from tests.bench.figure import Figure

SECONDS = 6.0
Asked: TypeAlias = tuple[tuple[str, str, dict[str, Any]], ...]
FIVE: Asked = (
    ("dispatch", "A1", {"unit": "YJP"}),
    ("arrive", "Q1", {}),
    ("restore", "Q1", {"cause": "fuse"}),
    ("confirm", "H1", {"solved": True, "satisfaction": "satisfied"}),
)
EIGHT: Asked = (
    ("dispatch", "A1", {"unit": "YJP"}),
    ("receive", "D1", {"crew": "YJP-Q1"}),
    ("contact", "Q1", {}),
    *FIVE[1:],
    ("", "H1", {}),
)
PEERS = "peers' best: django-helpdesk 9.9, 0.18 (stack.md)"


def measure() -> list[Figure]:
    """Loops of five and of eight requests, with one client and with eight."""
    now = datetime.now(UTC)
    tokens = {
        person.number: people.issue_token(actor=person.actor, label="bench", created_at=now)
        for person in Staff.objects.select_related("actor").order_by("number")
    }
    port = _free_port()
    server = _serve(port)
    figures = []
    try:
        _wait(port)
        for name, steps in (("five", FIVE), ("eight", EIGHT)):
            for clients in (1, 8):
                rate, cpu = _run(port, tokens, steps, clients, server.pid)
                what = f"api: loop of {name}, {clients} client{'s' if clients > 1 else ''}"
                figures += [
                    Figure(what, rate, "loops/s", 60 if name == "eight" and clients == 8 else None, PEERS),
                    Figure(
                        f"{what}, CPU",
                        cpu,
                        "s a loop",
                        0.03 if name == "eight" else None,
                        "web and PostgreSQL",
                    ),
                ]
    finally:
        server.terminate()
        server.wait(20)
    return figures


def _run(
    port: int,
    tokens: dict[str, str],
    steps: tuple[tuple[str, str, dict[str, Any]], ...],
    clients: int,
    web: int,
) -> tuple[float, float]:
    client = Client(port, tokens)
    client.loop(steps)
    done = [0] * clients
    until = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        own = Client(port, tokens)
        while time.perf_counter() < until:
            own.loop(steps)
            done[place] += 1

    before, began = _cpu(web), time.perf_counter()
    threads = [threading.Thread(target=work, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    return sum(done) / spent, (_cpu(web) - before) / max(1, sum(done))


class Client:
    """One connection that takes a repair from the call to the customer's word."""

    def __init__(self, port: int, tokens: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._tokens = tokens

    def loop(self, steps: Asked) -> None:
        """Every request must be answered with 200 or 201."""
        opened = self._ask(
            "POST",
            "/api/cases",
            "A1",
            {
                "loop": "repair",
                "client_id": str(uuid7()),
                "account": "500100001",
                "facts": {"kind": "lv", "area": "urban"},
            },
        )
        number = opened["number"]
        for step, who, facts in steps:
            if step:
                given = {"step": step, "client_id": str(uuid7()), "facts": facts}
                self._ask("POST", f"/api/cases/{number}/steps", who, given)
            else:
                self._ask("GET", f"/api/cases/{number}", who, None)

    def _ask(self, method: str, path: str, who: str, given: Any) -> Any:
        body = json.dumps(given) if given is not None else None
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:400]!r}")
        return json.loads(said)


def _serve(port: int) -> subprocess.Popen[bytes]:
    """As `up` does."""
    surroundings = {**os.environ, "BIHUAN_KEEP_CONNECTIONS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", *web_command(port)], env=surroundings, start_new_session=True
    )


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server doesn't answer")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _cpu(web: int) -> float:
    """CPU seconds of the web processes and of the backends of this database so far."""
    name = str(connection.settings_dict["NAME"]).encode()
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = folder.joinpath("cmdline").read_bytes()
            fields = folder.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == web or (command.startswith(b"postgres:") and name in command):
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")
