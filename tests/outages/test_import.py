"""Outages, users and voltage by file: good rows, each kind of faulty row, nothing written behind one's back."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bihuan.bridges.tables.client import read
from bihuan.kernel.table import ImportResult, Row
from bihuan.outages import actions, queries
from bihuan.outages.models import Outage, SupplyDay, UserCount, VoltagePoint, VoltageReading
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = pytest.mark.django_db

NOW = moment("2007-07-02 09:00")
ALL = Scope(company=True, paths=())
OUTAGES = """\
编号,单位,类型,区域,线路,台区,停电范围,停电用户数,停电户数,公告时间,公告渠道,计划停电时间,计划送电时间,实际停电时间,实际送电时间,变更类型,变更原因
T1,YJP,计划停电,城区,L1,T1、T2,石坪村,10,900,2007-06-05 09:00,报纸,2007-06-15 08:00,2007-06-15 18:00,2007-06-15 08:00,2007-06-15 17:00,,
T2,YJP,故障停电,城区,L1,,石桥铺,4,300,2007/6/20 10:05,95598,,,2007/6/20 10:00,2007/6/20 12:30:00,,
T3,NA,临时停电,农村,,,海棠溪,,,2007-06-20T10:00:00+08:00,电视,2007-06-22 08:00,2007-06-22 12:00,,,撤消,天气
"""
VOLTAGE = """\
监测点,监测点名称,单位,区域,类别,额定电压,月份,监测时间,超上限时间,超下限时间
D1,石坪台区首端,YJP,城区,D类,220,2007-05,44640,200,246
D1,,,,,,2007-06,43200,0,432
A1,石坪变10kV母线,YJP,城区,A,10000,2007年6月,43200,0,0
"""


def rows(text: str) -> list[tuple[int, Row]]:
    return list(enumerate(csv.DictReader(io.StringIO(text)), start=2))


def brings(text: str, what: Any = actions.import_outages, **more: bool) -> tuple[Cast, ImportResult]:
    cast = gather()
    return cast, what(rows=rows(text), by=cast.editor.actor, at=NOW, zone=CHONGQING, **more)


def told(result: ImportResult) -> list[tuple[int, str]]:
    return [(fault.row, fault.field) for fault in result.faults]


def test_a_file_of_outages_stands_as_if_it_had_been_told() -> None:
    _, result = brings(OUTAGES)

    assert (result.written, result.faults) == (3, ())
    plan, fault, gone = Outage.objects.order_by("number")
    assert (plan.state, plan.transformers, plan.user_seconds) == ("over", ["T1", "T2"], 10 * 9 * 3600)
    assert (fault.started_at, fault.user_seconds) == (moment("2007-06-20 10:00"), 4 * 9000)
    assert (gone.state, gone.cause, gone.last_seq) == ("withdrawn", "weather", 2)
    assert queries.differing() == []


def test_a_second_time_the_same_numbers_are_there_already() -> None:
    cast, _ = brings(OUTAGES)

    again = actions.import_outages(rows=rows(OUTAGES), by=cast.editor.actor, at=NOW, zone=CHONGQING)

    assert told(again) == [(2, "number"), (3, "number"), (4, "number")]
    assert Outage.objects.count() == 3


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (",YJP,计划停电", ",XX,计划停电", (2, "unit")),
        ("计划停电,城区", "停电,城区", (2, "kind")),
        ("2007-06-15 17:00", "2007-06-15 07:00", (2, "ended_at")),
        ("2007-06-15 17:00", "15日下午", (2, "ended_at")),
        ("2007-06-15 17:00", "2007-13-15 17:00", (2, "ended_at")),
        (",10,900,", ",zehn,900,", (2, "users")),
        (",10,900,", ",10,,", (2, "customers")),
        ("报纸,2007-06-15 08:00", "报纸,", (2, "planned_start_at")),
        ("09:00,报纸", "09:00,", (2, "channel")),
        ("2007/6/20 10:00,", ",", (3, "started_at")),
        ("T2,YJP", "T1,YJP", (3, "number")),
        ("撤消,天气", "撤消,", (4, "cause")),
    ],
)
def test_a_faulty_row_is_told_and_nothing_is_written(was: str, now: str, fault: tuple[int, str]) -> None:
    assert was in OUTAGES

    _, result = brings(OUTAGES.replace(was, now, 1))

    assert fault in told(result)
    assert {row for row, _ in told(result)} == {fault[0]}
    assert (result.good, result.written, Outage.objects.count()) == (2, 0, 0)


def test_the_good_rows_are_taken_if_asked_and_a_dry_run_takes_none() -> None:
    faulty = OUTAGES.replace(",YJP,计划停电", ",XX,计划停电")
    cast, tried = brings(faulty, take_good=True, dry_run=True)
    assert (tried.good, tried.written, Outage.objects.count()) == (2, 0, 0)

    done = actions.import_outages(
        rows=rows(faulty), by=cast.editor.actor, at=NOW, zone=CHONGQING, take_good=True
    )

    assert (done.written, Outage.objects.count()) == (2, 2)


def test_a_spreadsheet_is_read_as_a_csv_is(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in csv.reader(io.StringIO(OUTAGES)):
        sheet.append(line)
    book.save(tmp_path / "outages.xlsx")
    cast = gather()

    done = actions.import_outages(
        rows=read(tmp_path / "outages.xlsx"), by=cast.editor.actor, at=NOW, zone=CHONGQING
    )

    assert (done.written, done.faults) == (3, ())


def test_users_come_by_file_and_the_days_are_counted() -> None:
    cast, _ = brings(OUTAGES)
    text = "单位,区域,起始日期,用户数,户数\nYJP,城区,2007-06-01,100,9000\nNA,农村,2007/6/1,50,4000\n"

    done = actions.import_users(rows=rows(text), by=cast.editor.actor, at=NOW, zone=CHONGQING)

    assert done.written == 2
    assert SupplyDay.objects.count() == 2 * 31  # 1 June to 1 July; 2 July isn't over
    day = SupplyDay.objects.get(unit=cast.yang, day=date(2007, 6, 15))
    assert (day.lost, day.users_off, day.customers_off) == (10 * 9 * 3600, 10, 900)
    assert day.supplied == 100 * 86_400 - 10 * 9 * 3600


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("YJP,城区,2007-02-30,100,9000", "from_date"),
        ("YJP,城区,2007-06-01,-1,9000", "users"),
        ("YJP,海上,2007-06-01,1,9000", "area"),
        ("XX,城区,2007-06-01,1,9000", "unit"),
    ],
)
def test_a_faulty_count_of_users_is_told(line: str, fault: str) -> None:
    _, result = brings(f"单位,区域,起始日期,用户数,户数\n{line}\n", actions.import_users)

    assert told(result) == [(2, fault)]
    assert UserCount.objects.count() == 0


def test_voltage_makes_its_points_and_keeps_each_month() -> None:
    _, result = brings(VOLTAGE, actions.import_voltage)

    assert (result.written, result.faults) == (3, ())
    point = VoltagePoint.objects.get(code="D1")
    assert (str(point.lower), str(point.upper), point.klass) == ("198.0", "235.4", "D")
    june = VoltageReading.objects.get(point=point, first_date=date(2007, 6, 1))
    assert (june.last_date, june.within, june.area) == (date(2007, 6, 30), 42_768, "urban")
    whole, yang = queries.voltage(ALL, first=date(2007, 6, 1), last=date(2007, 6, 30))
    assert (str(whole.combined), whole.points, yang.unit.code if yang.unit else "") == ("99.50", 2, "YJP")


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("2007-06,43200", "2007-06,43201", (3, "monitored")),
        ("0,432", "43200,432", (3, "over")),
        ("2007-06,43200,0,432", "2007-05,43200,0,432", (3, "month")),
        ("2007-06,43200,0,432", "2007-07,43200,0,432", (3, "last_date")),
        ("2007-06,43200,0,432", "2007-00,43200,0,432", (3, "month")),
        ("A1,石坪变10kV母线,YJP", "A1,石坪变10kV母线,", (4, "unit")),
        ("A1,石坪变10kV母线,YJP,城区,A", "A1,石坪变10kV母线,YJP,城区,", (4, "class")),
    ],
)
def test_a_faulty_reading_is_told(was: str, now: str, fault: tuple[int, str]) -> None:
    assert was in VOLTAGE

    _, result = brings(VOLTAGE.replace(was, now), actions.import_voltage)

    assert told(result) == [fault]
    assert VoltageReading.objects.count() == 0
