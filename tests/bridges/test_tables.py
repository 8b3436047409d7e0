"""Spreadsheets as people send them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow
import pyarrow.parquet
import pytest
from openpyxl import Workbook

from bihuan.bridges.tables import client
from bihuan.bridges.tables.client import FileUnreadable, read
from bihuan.kernel.table import OVERFLOW

TEXT = "编码,名称\nYJP,杨家坪供电局\n"
ROWS = [(2, {"编码": "YJP", "名称": "杨家坪供电局"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_is_read_in_the_encodings_of_the_field(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "units.csv"
    file.write_bytes(TEXT.encode(encoding))

    assert read(file) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_what_separates_the_cells(tmp_path: Path, delimiter: str) -> None:
    assert read(written(tmp_path, TEXT.replace(",", delimiter))) == ROWS


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    text = '\ncode,name\n\n"A","two\nlines"\n , \nB,b\n'

    assert read(written(tmp_path, text)) == [
        (4, {"code": "A", "name": "two\nlines"}),
        (6, {"code": "B", "name": "b"}),
    ]


def test_short_rows_are_filled_and_cells_without_a_column_are_kept(tmp_path: Path) -> None:
    assert read(written(tmp_path, "code,name,\nA\nB,b,c,d\n")) == [
        (2, {"code": "A", "name": ""}),
        (3, {"code": "B", "name": "b", OVERFLOW: "c d"}),
    ]


def test_xlsx_gives_values_as_they_would_be_typed(tmp_path: Path) -> None:
    moment, day = datetime(2007, 6, 4, 8, 30), datetime(2007, 6, 4)  # noqa: DTZ001  a spreadsheet knows no zone
    header = ["phone", "share", "at", "day", "yes", "none", "text"]

    file = workbook(tmp_path, [header, [13800000000.0, 0.5, moment, day, True, None, " 杨 "]])

    values = ["13800000000", "0.5", "2007-06-04T08:30:00", "2007-06-04", "true", "", "杨"]
    assert read(file) == [(2, dict(zip(header, values, strict=True)))]


def test_parquet_gives_values_as_xlsx_does(tmp_path: Path) -> None:
    moment = datetime(2007, 6, 4, 8, 30)  # noqa: DTZ001  a file may know no zone
    table = pyarrow.table(
        {
            "id": [1, 2],
            "at": pyarrow.array([moment, None], pyarrow.timestamp("ns")),
            "utc": pyarrow.array([moment.replace(tzinfo=UTC), None], pyarrow.timestamp("us", tz="UTC")),
            "share": [0.5, float("nan")],
            "text": [" 杨 ", None],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")

    names = ["id", "at", "utc", "share", "text"]
    values = ["1", "2007-06-04T08:30:00", "2007-06-04T08:30:00+00:00", "0.5", "杨"]
    assert read(tmp_path / "log.parquet") == [
        (2, dict(zip(names, values, strict=True))),
        (3, dict(zip(names, ["2", "", "", "", ""], strict=True))),
    ]


def test_a_broken_parquet_file_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_bytes(b"PAR1 and nothing else")

    with pytest.raises(FileUnreadable) as told:
        read(tmp_path / "log.parquet")

    assert told.value.words.en == "log.parquet can't be read: it isn't a sound Parquet file."


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("shown").append(["code"])
    book["shown"].append(["A"])
    book.worksheets[0].append(["other"])
    book.worksheets[0].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")

    assert read(tmp_path / "book.xlsx") == [(2, {"code": "A"})]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", b"", "it is empty"),
        ("blank.csv", b"\n,,\n", "it is empty"),
        ("twice.csv", b"code,code\n1,2\n", "two columns are called “code”"),
        ("quotes.csv", b'code,name\nA,"open\n', "quotes are wrong near line"),
        ("noise.csv", bytes(range(128, 256)), "neither in UTF-8 nor in GB18030"),
        ("broken.xlsx", b"PK\x03\x04 and no more", "it isn't a sound XLSX file"),
        ("text.xlsx", b"code,name\n", "it isn't a sound XLSX file"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "save it as .xlsx"),
        ("zip.csv", b"PK\x03\x04", "save it as .xlsx"),
    ],
)
def test_a_broken_file_is_a_plain_sentence(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(FileUnreadable) as refusal:
        read(file)

    assert str(refusal.value).startswith(f"{name} can't be read: ")
    assert why in str(refusal.value)


def test_a_workbook_that_unpacks_to_more_than_there_is_room_for_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b" " * 5_000_000)
    monkeypatch.setattr(client, "LARGEST_UNPACKED", 4_000_000)

    with pytest.raises(FileUnreadable, match="GiB"):
        read(path)

    assert path.stat().st_size < 10_000


def test_a_file_that_is_not_there_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="No such file"):
        read(tmp_path / "nothing.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="directory"):
        read(tmp_path)


def written(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    return file


def workbook(folder: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"
