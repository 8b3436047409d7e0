"""Reads a CSV, XLSX or Parquet file into rows by column name, with the row numbers that a spreadsheet shows. Knows no business."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pyarrow
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow.parquet import ParquetFile

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.table import OVERFLOW
from bihuan.kernel.words import Words

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order: no GB18030 text of a Chinese table is by accident well-formed UTF-8."""
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 1_000_000
LARGEST_UNPACKED = 2**31
"""Bytes of a workbook once unpacked: ten times what a million rows take."""
_BROKEN = (
    BadZipFile,
    EOFError,
    InvalidFileException,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What openpyxl raises when a file isn't what its ending says."""


class FileUnreadable(BihuanError):
    """The file can't be read as a table."""

    def __init__(self, path: Path, words: Words) -> None:
        super().__init__(
            Words(zh=f"无法读取 {path.name}：{words.zh}。", en=f"{path.name} can't be read: {words.en}."),
            field="file",
        )


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """All rows of the file, without the blank ones. The first row that isn't blank names the columns."""
    return list(rows(path))


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """One row after the other; a cell without a column stands under OVERFLOW. Raises `FileUnreadable`."""
    header: list[str] | None = None
    for number, cells in enumerate(_records(path), start=1):
        if not any(cells):
            continue
        if header is None:
            header = _header(path, cells)
            continue
        yield number, _named(header, cells)
    if header is None:
        raise FileUnreadable(path, Words(zh="文件是空的", en="it is empty"))


def _records(path: Path) -> Iterable[list[str]]:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise FileUnreadable(path, Words(zh=why, en=why)) from fault
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xlsm"):
        return _xlsx(path)
    if ending == ".parquet" or start == b"PAR1":
        return _parquet(path)
    if ending == ".xls" or start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise FileUnreadable(
            path, Words(zh="请另存为 .xlsx 或 .csv", en="save it as .xlsx (with that ending) or as .csv")
        )
    return _csv(path)


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path, path.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            yield [cell.strip() for cell in record]
    except csv.Error as fault:
        line = reader.line_num
        raise FileUnreadable(
            path,
            Words(
                zh=f"第 {line} 行附近引号不成对（{fault}）", en=f"quotes are wrong near line {line} ({fault})"
            ),
        ) from fault


def _decoded(path: Path, content: bytes) -> str:
    mark = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), None)
    for encoding in (mark,) if mark else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise FileUnreadable(
        path,
        Words(zh="既不是 UTF-8 也不是 GB18030 编码的文本", en="it is text neither in UTF-8 nor in GB18030"),
    )


def _xlsx(path: Path) -> Iterator[list[str]]:
    """The first sheet that isn't hidden; formulas by the values last computed."""
    try:
        # openpyxl warns of styles and extensions that it leaves out; values are all we want.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _refuse_bomb(path)
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
                if sheet is None:
                    raise KeyError("no visible sheet")
                # Some programs write a wrong size into the file.
                sheet.reset_dimensions()
                for record in sheet.iter_rows(values_only=True):
                    yield [_text(value) for value in record]
            finally:
                book.close()
    except _BROKEN as fault:
        raise FileUnreadable(
            path, Words(zh="不是完好的 XLSX 文件", en="it isn't a sound XLSX file")
        ) from fault


def _refuse_bomb(path: Path) -> None:
    """A workbook of a few kilobytes can unpack to more than any machine holds."""
    with ZipFile(path) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise FileUnreadable(
            path,
            Words(
                zh="解压后超过 2 GiB，请分成几个文件",
                en="unpacked it has more than 2 GiB; split it into several",
            ),
        )


def _parquet(path: Path) -> Iterator[list[str]]:
    """The names of the columns, then every row; a header that a spreadsheet would show counts as row 1."""
    try:
        with ParquetFile(path) as file:
            yield list(file.schema_arrow.names)
            for batch in file.iter_batches():
                columns = [_plain(column).to_pylist() for column in batch.columns]
                for record in zip(*columns, strict=True):
                    yield [_text(value) for value in record]
    except (pyarrow.ArrowException, OSError, ValueError) as fault:
        raise FileUnreadable(
            path, Words(zh="不是完好的 Parquet 文件", en="it isn't a sound Parquet file")
        ) from fault


def _plain(column: Any) -> Any:
    """Times to the microsecond, which is as far as Python's go."""
    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pyarrow.timestamp("us", tz=column.type.tz), safe=False)
    return column


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).strip()


def _header(path: Path, cells: Sequence[str]) -> list[str]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    again = next((name for name in names if name and names.count(name) > 1), None)
    if again is not None:
        raise FileUnreadable(path, Words(zh=f"有两列都叫“{again}”", en=f"two columns are called “{again}”"))
    return names


def _named(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    surplus = []
    for name, cell in zip_longest(header, cells, fillvalue=""):
        if name:
            row[name] = cell
        elif cell:
            surplus.append(cell)
    if surplus:
        row[OVERFLOW] = " ".join(surplus)
    return row
