"""A Spark cluster of one's own on this machine, master and workers as separate processes, or a session on one that is there."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

HERE = "127.0.0.1"
WORKERS = 2
MEMORY = "2g"
"""Of each worker, and of the driver."""
PATIENCE = 60
"""Seconds in which master and workers must have come up."""
_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class SparkMissing(BihuanError):
    """Spark or Java isn't installed."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="未安装 Spark 或 Java 17；请运行 make setup-spark。",
                en="Spark or Java 17 isn't installed; run: make setup-spark",
            )
        )


class ClusterFailed(BihuanError):
    """Master or workers didn't come up, or went away."""


def installed() -> bool:
    """Whether Spark can be used here."""
    return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


@contextmanager
def session(master: str = "") -> Iterator[Any]:
    """A Spark session on the cluster named, or on one that is started for it and ends with the block.

    Nothing stays behind: a killed parent takes master and workers with it.
    """
    if not installed():
        raise SparkMissing
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-spark-")))
        folder.joinpath("log4j2.properties").write_text(_QUIET, encoding="utf-8")
        stack.enter_context(_surroundings(folder))
        address = master or stack.enter_context(_cluster(folder))
        yield stack.enter_context(_session(address, folder))


@contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """Variables that Spark's own scripts read, in this process too: the driver is started from it."""
    mine = {"SPARK_HOME": str(_home()), "SPARK_LOCAL_IP": HERE, "SPARK_CONF_DIR": str(folder)}
    before = {name: os.environ.get(name) for name in mine}
    os.environ |= mine
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    port = _free_port()
    address = f"spark://{HERE}:{port}"
    running: list[subprocess.Popen[bytes]] = []
    try:
        place = ["--host", HERE, "--webui-port", "0"]
        running.append(_start("master.Master", folder / "master.log", *place, "--port", str(port)))
        _wait_for(port, running[0], folder / "master.log")
        for number in range(WORKERS):
            work = folder / f"worker{number}"
            work.mkdir()
            size = ["--cores", "1", "--memory", MEMORY, "--work-dir", str(work)]
            log = folder / f"worker{number}.log"
            running.append(_start("worker.Worker", log, *place, *size, address))
        yield address
    finally:
        for process in reversed(running):
            _end(process)


@contextmanager
def _session(address: str, folder: Path) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # The files are many and small, and known by name: looking at each on the cluster takes minutes.
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000000",
        "spark.sql.files.openCostInBytes": "65536",
        "spark.driver.host": HERE,
        "spark.driver.bindAddress": HERE,
        "spark.driver.memory": MEMORY,
        "spark.executor.memory": MEMORY,
        "spark.executor.cores": "1",
        "spark.cores.max": str(WORKERS),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * WORKERS),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE}s",
    }
    builder = SparkSession.builder.master(address).appName("bihuan")
    for name, value in settings.items():
        builder = builder.config(name, value)
    running = builder.getOrCreate()
    try:
        yield running
    finally:
        gateway = running.sparkContext._gateway
        running.stop()
        _end_driver(gateway)


def _end_driver(gateway: Any) -> None:
    """The driver's JVM would stay until this process ends, with the variables of this session."""
    from pyspark import SparkContext

    process = gateway.proc
    gateway.shutdown()
    process.stdin.close()
    _end(process)
    SparkContext._gateway = None
    SparkContext._jvm = None


def _start(kind: str, log: Path, *words: str) -> subprocess.Popen[bytes]:
    program = str(_home() / "bin" / "spark-class")
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - our own words
            [program, f"org.apache.spark.deploy.{kind}", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((HERE, port), timeout=1):
            return
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")[-400:].strip()
    raise ClusterFailed(
        Words(zh=f"Spark 主节点没有启动：{said}", en=f"Spark's master didn't come up: {said}")
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
    return port


def _home() -> Path:
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise SparkMissing
    return Path(found.origin).parent
