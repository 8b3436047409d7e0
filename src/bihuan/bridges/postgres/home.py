"""BIHUAN_HOME: where the embedded database, its binaries, secrets and locks live, and who owns them."""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

SYSTEM_USER = "bihuan"
ROOT_HOME = Path("/var/lib/bihuan")
# A socket's whole path must fit into 108 bytes; PostgreSQL adds its file's name to the folder.
LONGEST_SOCKET_FOLDER = 85


class Runner(TypedDict, total=False):
    """The arguments of `subprocess.run` that say who runs a program."""

    user: int
    group: int
    extra_groups: list[int]


class HomeUnusable(BihuanError):
    """The home folder can't be made, written or entered."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders below one BIHUAN_HOME."""

    path: Path

    @property
    def binaries(self) -> Path:
        """One folder for each version of PostgreSQL that was ever used here."""
        return self.path / "postgresql"

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.path / "data"

    @property
    def sockets(self) -> Path | None:
        """None where the path is too long for a socket; then the cluster listens on 127.0.0.1."""
        folder = self.path / "run"
        return folder if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER else None

    @property
    def logs(self) -> Path:
        """PostgreSQL's own words, for when it doesn't start."""
        return self.path / "log"

    def secret(self, name: str) -> str:
        """A password or key, made on first use, readable by nobody else."""
        file = self.path / "secrets" / name
        try:
            return file.read_text(encoding="ascii")
        except FileNotFoundError:
            value = secrets.token_urlsafe(32)
            keep_secret(file, value)
            return value


def keep_secret(file: Path, value: str) -> None:
    """Written beside and moved, so that nobody ever reads half of it."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(value)
    half.replace(file)


def choose_home(environment: Mapping[str, str]) -> Home:
    """BIHUAN_HOME, else /var/lib/bihuan for root, else the user's data folder."""
    if given := environment.get("BIHUAN_HOME"):
        return Home(Path(given).expanduser().absolute())
    if os.geteuid() == 0:
        return Home(ROOT_HOME)
    folder = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Home(Path(folder).expanduser() / "bihuan")


def make_folders(home: Home) -> None:
    """Idempotent. As root, what PostgreSQL writes belongs to a system user of ours; parents stay as they are."""
    try:
        home.path.mkdir(parents=True, exist_ok=True, mode=0o755)
        (home.path / "secrets").mkdir(exist_ok=True, mode=0o700)
        for folder, mode in ((home.logs, 0o700), (home.sockets, 0o755)):
            if folder is not None:
                folder.mkdir(exist_ok=True, mode=mode)
                give_to_runner(folder)
        with (home.path / "lock").open("a"):
            pass
    except OSError as fault:
        raise HomeUnusable(
            Words(
                zh=f"无法写入文件夹 {home.path}（{fault.strerror}）。请把 BIHUAN_HOME 设为您可写的文件夹。",
                en=f"The folder {home.path} can't be written ({fault.strerror}). "
                "Set BIHUAN_HOME to a folder that you may write.",
            )
        ) from fault
    _check_entry(home)


def _check_entry(home: Home) -> None:
    runner = as_runner()
    if not runner or not os.access(home.path, os.X_OK):
        return
    # Only the system user itself can tell whether every parent lets it through.
    if subprocess.run(["test", "-x", home.path], **runner, check=False).returncode:  # noqa: S603, S607
        raise HomeUnusable(
            Words(
                zh=f"系统用户 {SYSTEM_USER} 无法进入 {home.path}：上级文件夹不允许。请把 BIHUAN_HOME 设在 /var/lib 之下。",
                en=f"The system user {SYSTEM_USER} can't enter {home.path}: a parent folder is closed to it. "
                "Set BIHUAN_HOME to a folder below /var/lib, or leave it unset.",
            )
        )


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Only one process at a time starts, prepares or stops the cluster."""
    with (home.path / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def as_runner() -> Runner:
    """Arguments of `subprocess.run` that make a program run as the one who owns the cluster."""
    if os.geteuid() != 0:
        return {}
    owner = _system_user()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def give_to_runner(path: Path) -> None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        owner = _system_user()
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _make_system_user()
        return pwd.getpwnam(SYSTEM_USER)


def _make_system_user() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", str(ROOT_HOME), "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    tool = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    made = tool and subprocess.run([tool, *command[1:]], capture_output=True, check=False)  # noqa: S603
    if not made or made.returncode not in (0, 9):  # 9: another command made it meanwhile
        raise HomeUnusable(
            Words(
                zh=f"PostgreSQL 不能以 root 运行，而系统用户 {SYSTEM_USER} 无法创建。请以普通用户运行 bihuan。",
                en=f"PostgreSQL can't run as root, and the system user {SYSTEM_USER} couldn't be made. "
                "Run bihuan as an ordinary user.",
            )
        )
