"""Units from a table: rows in any order, every fault told, all or nothing unless one says so."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.kernel.table import OVERFLOW
from bihuan.people.actions import import_units
from bihuan.people.models import Unit

pytestmark = pytest.mark.django_db

COMPANY = {"code": "CQ", "name_zh": "重庆公司", "kind": "company", "wing": "support", "parent": ""}
BUREAU = {"code": "YJP", "name_zh": "杨家坪供电局", "kind": "bureau", "wing": "execution", "parent": "CQ"}
CREW = {"code": "YJP-Q1", "name_zh": "抢修一班", "kind": "crew", "wing": "execution", "parent": "YJP"}


def told(rows: list[dict[str, str]], **how: bool) -> list[tuple[int, str, str]]:
    """Row, column and English sentence of every fault; the header is row 1."""
    result = import_units(rows=list(enumerate(rows, start=2)), **how)
    return [(fault.row, fault.field, fault.words.en) for fault in result.faults]


def codes() -> list[str]:
    return list(Unit.objects.order_by("code").values_list("code", flat=True))


def test_a_parent_may_come_later_in_the_file() -> None:
    result = import_units(rows=[(2, CREW), (3, BUREAU), (4, COMPANY)])

    assert (result.good, result.written, result.faults) == (3, 3, ())
    crew = Unit.objects.get(code="YJP-Q1")
    assert crew.path == "CQ/YJP/YJP-Q1/"
    assert crew.bureau is not None
    assert crew.bureau.code == "YJP"
    assert crew.parent == crew.bureau
    assert Unit.objects.get(code="CQ").bureau is None


def test_a_parent_may_be_there_already() -> None:
    import_units(rows=[(2, COMPANY)])

    result = import_units(rows=[(2, BUREAU)])

    assert result.written == 1
    assert Unit.objects.get(code="YJP").path == "CQ/YJP/"


def test_chinese_column_names_and_values_are_understood() -> None:
    row = {"单位编码": "CQ", "单位名称": "重庆公司", "类型": "公司", "职能": "支撑", "备注": "总部"}

    result = import_units(rows=[(2, row)])

    assert (result.written, result.ignored) == (1, ("备注",))
    unit = Unit.objects.get(code="CQ")
    assert (unit.name_zh, unit.kind, unit.wing) == ("重庆公司", "company", "support")


def test_a_dry_run_tells_and_writes_nothing() -> None:
    result = import_units(rows=[(2, COMPANY), (3, BUREAU)], dry_run=True)

    assert (result.good, result.written, codes()) == (2, 0, [])


def test_one_faulty_row_keeps_all_others_out() -> None:
    assert told([COMPANY, BUREAU | {"wing": "exekution"}]) == [
        (3, "wing", "“exekution” isn't known; it may be execution, support, supervision")
    ]
    assert codes() == []


def test_take_good_writes_the_good_rows_and_still_tells_the_others() -> None:
    assert told([COMPANY, BUREAU | {"wing": ""}], take_good=True) == [(3, "wing", "“wing” is empty")]
    assert codes() == ["CQ"]


def test_a_unit_below_a_faulty_row_is_faulty_too() -> None:
    assert told([COMPANY, BUREAU | {"kind": "office"}, CREW], take_good=True) == [
        (
            3,
            "kind",
            "“office” isn't known; it may be company, department, service_centre, bureau, station, crew",
        ),
        (4, "parent", "“YJP” isn't known"),
    ]
    assert codes() == ["CQ"]


def test_units_below_each_other_are_found() -> None:
    ring = [BUREAU | {"parent": "YJP-Q1"}, CREW]

    assert told(ring) == [
        (
            2,
            "parent",
            "the row of its parent “YJP-Q1” (row 3) is faulty, or each stands below the other",
        ),
        (3, "parent", "the row of its parent “YJP” (row 2) is faulty, or each stands below the other"),
    ]


def test_a_unit_below_itself_is_found() -> None:
    assert [row for row, _, _ in told([COMPANY, BUREAU | {"parent": "YJP"}])] == [3]


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"code": ""}, "code", "“code” is empty"),
        ({"code": "Y JP"}, "code", "“Y JP”: a code has only letters, digits and hyphens"),
        ({"code": "Y" * 41}, "code", "longer than 40 characters"),
        ({"code": "CQ"}, "code", "“CQ” stands in the file twice"),
        ({"name_zh": ""}, "name_zh", "“name_zh” is empty"),
        ({"name_zh": "杨\x00坪"}, "name_zh", "has control characters"),
        ({"parent": "XX"}, "parent", "“XX” isn't known"),
        ({"parent": ""}, "parent", "only a company stands below nothing"),
        ({OVERFLOW: "7号"}, "", "more cells than the header has (“7号”); perhaps a comma without quotes"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(change: dict[str, str], column: str, sentence: str) -> None:
    assert told([COMPANY, BUREAU | change]) == [(3, column, sentence)]


def test_a_code_that_is_there_already_is_refused() -> None:
    import_units(rows=[(2, COMPANY)])

    assert told([COMPANY]) == [(2, "code", "“CQ” is there already")]


def test_a_missing_column_is_told_once() -> None:
    rows = [{"code": "A", "name_zh": "甲"}, {"code": "B", "name_zh": "乙"}]

    assert told(rows) == [
        (1, "kind", "the column “kind” is missing"),
        (1, "wing", "the column “wing” is missing"),
    ]


def test_two_columns_of_one_meaning_are_refused() -> None:
    assert told([COMPANY | {"编码": "CQ"}]) == [(1, "code", "the column “code” is there twice")]


def test_a_file_without_rows_is_told() -> None:
    empty: list[Any] = []

    assert told(empty) == [(1, "", "the file has no rows")]


def test_a_ladder_that_is_too_deep_is_told() -> None:
    ladder = [{"code": f"S{n:038}", "parent": f"S{n - 1:038}"} for n in range(1, 12)]
    rows = [COMPANY | {"code": f"S{0:038}"}, *(CREW | step for step in ladder)]

    assert told(rows)[0] == (12, "parent", "too many levels")
