"""The archive's folder: Parquet files by week and bureau, and the log of pages that says which of them count.

    log/000012.json                                  one page: what was written at once, and what the page before was
    cycle/week=2007-W23/bureau=YJP/000012.parquet    rows that page 12 names; a file that no page names doesn't exist

A page is written last, beside and moved, so that a writing that is killed leaves nothing that counts. Files are never changed.
Rows of a case that changed are written again by a later page, which also says so in `change`: of a case, the rows before the
newest such page don't count. Tables without cases are replaced by whole weeks.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

FORMAT = 1
FIRST = "0" * 64
"""What the first page has before it."""
HALF = ".half"


class ArchiveDamaged(BihuanError):
    """The archive isn't what its log says."""


class ArchiveBusy(BihuanError):
    """Somebody is writing it this moment."""


@dataclass(frozen=True, slots=True)
class File:
    """Some rows of one table, week and bureau. `path` is below the archive's folder."""

    table: str
    week: str
    bureau: str
    path: str
    rows: int
    size: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What was written at once: rows as they stood at the seal `seal`, with what had been recorded by `known`.

    `weeks` are written for the first time by it; `replaced` are weeks of a table of which earlier files no longer count.
    """

    number: int
    before: str
    seal: int
    known: datetime
    weeks: tuple[str, ...]
    files: tuple[File, ...]
    replaced: tuple[tuple[str, str], ...] = ()
    digests: tuple[tuple[str, str, str], ...] = ()
    """Table, week and SHA-256 of the rows of tables that are replaced by weeks."""
    touched: tuple[str, ...] = ()
    """Files of earlier pages in which some rows no longer count, because this page has their cases again."""

    def text(self) -> str:
        """As it stands in its file."""
        return json.dumps(
            {"format": FORMAT, **asdict(self), "known": self.known.isoformat()}, ensure_ascii=False, indent=1
        )


@dataclass(frozen=True, slots=True)
class State:
    """What the archive holds after some page."""

    pages: tuple[Page, ...]
    files: tuple[tuple[int, File], ...]
    """Each file that counts, with its page."""
    weeks: tuple[str, ...]

    @property
    def seal(self) -> int:
        """The last seal that is in it."""
        return self.pages[-1].seal if self.pages else 0

    @property
    def known(self) -> datetime | None:
        """By when what it holds had been recorded."""
        return self.pages[-1].known if self.pages else None

    @property
    def last(self) -> str:
        """The last week that is in it."""
        return max(self.weeks, default="")

    @property
    def digests(self) -> dict[tuple[str, str], str]:
        """SHA-256 of the rows of tables that are replaced by weeks."""
        return {(table, week): digest for page in self.pages for table, week, digest in page.digests}

    @property
    def touched(self) -> frozenset[str]:
        """Files in which some rows no longer count."""
        return frozenset(path for page in self.pages for path in page.touched)

    def of(self, table: str) -> list[tuple[int, File]]:
        """The table's files that count, each with its page."""
        return [(number, file) for number, file in self.files if file.table == table]


class Archive:
    """A folder; nothing is read before something is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def state(self, known: datetime | None = None) -> State:
        """What is in it now, or was when the last page that knew no more than `known` was written."""
        pages: list[Page] = []
        before, log = FIRST, sorted((self.folder / "log").glob("*.json"))
        for expected, path in enumerate(log, start=1):
            text = path.read_bytes()
            page = _page(text, path)
            if page.number != expected or page.before != before:
                raise damaged(path.name, "链接断开", "isn't the page that follows")
            before = hashlib.sha256(text).hexdigest()
            if known is None or page.known <= known:
                pages.append(page)
        return _state(tuple(pages))

    def before(self, number: int) -> str:
        """What the page `number` must name as the one before it."""
        if number == 1:
            return FIRST
        return hashlib.sha256(self._page_path(number - 1).read_bytes()).hexdigest()

    def commit(self, page: Page) -> None:
        """Let a page's files count. They are on the disk before the page is."""
        for file in page.files:
            _sync(self.folder / file.path)
            _sync((self.folder / file.path).parent)
        path = self._page_path(page.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(path.name + HALF)
        with half.open("w", encoding="utf-8") as out:
            out.write(page.text())
            out.flush()
            os.fsync(out.fileno())
        half.replace(path)
        _sync(path.parent)

    def sweep(self) -> int:
        """Take away what a killed writing left: files that no page names. Call while holding `writing`."""
        named = {file.path for page in self.state().pages for file in page.files}
        gone = 0
        for path in sorted(self.folder.glob("*/week=*/bureau=*/*")):
            if str(path.relative_to(self.folder)) not in named:
                path.unlink()
                gone += 1
        return gone

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Alone, with a folder for what is only needed meanwhile. Raises `ArchiveBusy`."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ArchiveBusy(
                    Words(
                        zh="归档正在写入，请稍后再试。", en="The archive is being written; try again later."
                    )
                ) from None
            scratch = self.folder / "scratch"
            scratch.mkdir(exist_ok=True)
            _empty(scratch)
            try:
                yield scratch
            finally:
                _empty(scratch)

    def _page_path(self, number: int) -> Path:
        return self.folder / "log" / f"{number:06}.json"


def damaged(name: str, zh: str, en: str) -> ArchiveDamaged:
    """What to say of a file that isn't right."""
    return ArchiveDamaged(Words(zh=f"归档受损：{name}{zh}。", en=f"The archive is damaged: {name} {en}."))


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _state(pages: tuple[Page, ...]) -> State:
    files: dict[str, tuple[int, File]] = {}
    weeks: set[str] = set()
    for page in pages:
        gone = set(page.replaced)
        files = {path: kept for path, kept in files.items() if (kept[1].table, kept[1].week) not in gone}
        files |= {file.path: (page.number, file) for file in page.files}
        weeks.update(page.weeks)
    return State(pages=pages, files=tuple(files.values()), weeks=tuple(sorted(weeks)))


def _page(text: bytes, path: Path) -> Page:
    try:
        told = json.loads(text)
        if told.pop("format") != FORMAT:
            raise damaged(path.name, "格式未知", "has a format that isn't known here")
        return Page(
            number=told["number"],
            before=told["before"],
            seal=told["seal"],
            known=datetime.fromisoformat(told["known"]),
            weeks=tuple(told["weeks"]),
            files=tuple(File(**{**file, "columns": tuple(file["columns"])}) for file in told["files"]),
            replaced=tuple((table, week) for table, week in told["replaced"]),
            digests=tuple((table, week, digest) for table, week, digest in told["digests"]),
            touched=tuple(told["touched"]),
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise damaged(path.name, "无法读取", f"can't be read ({fault})") from fault


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
