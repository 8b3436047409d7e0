"""Units and staff from a table: every faulty row is told, and nothing is written unless all is good or one says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.kernel.words import Words
from bihuan.people.actions.write import appoint, create_unit, hire
from bihuan.people.models import Post, Staff, Unit

Row = Mapping[str, str]
"""A row by column name; blanks are stripped, a missing cell is empty."""

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,20}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: its number in the file, the column, and a sentence."""

    row: int
    field: str
    words: Words


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows were good, how many were written, and every fault."""

    good: int
    written: int
    faults: tuple[Fault, ...]


def import_units(
    *, rows: Sequence[tuple[int, Row]], take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """Columns: code, name_zh, kind, wing; may have name_en, parent. A parent may come later in the file."""
    known = set(Unit.objects.values_list("code", flat=True))
    faults: list[Fault] = []
    good: dict[str, tuple[int, Row]] = {}
    for number, row in rows:
        found = _faults_of_unit(number, row, known, good)
        faults += found
        if not found:
            good[row["code"]] = (number, row)
    ordered = _parents_first(good, known, faults)
    written = 0
    if not dry_run and (take_good or not faults):
        with transaction.atomic():
            made = {unit.code: unit for unit in Unit.objects.order_by("code")}
            for row in ordered:
                made[row["code"]] = create_unit(
                    code=row["code"],
                    name_zh=row["name_zh"],
                    name_en=row.get("name_en", ""),
                    kind=row["kind"],
                    wing=row["wing"],
                    parent=made.get(row.get("parent", "")),
                )
                written += 1
    return ImportResult(
        len(ordered), written, tuple(sorted(faults, key=lambda fault: (fault.row, fault.field)))
    )


def import_staff(
    *,
    rows: Sequence[tuple[int, Row]],
    at: datetime,
    take_good: bool = False,
    dry_run: bool = False,
) -> ImportResult:
    """Columns: number, name, unit, post; may have phone, password, language. The appointment begins at `at`."""
    units = {unit.code: unit for unit in Unit.objects.order_by("code")}
    posts = set(Post.objects.values_list("code", flat=True))
    known = set(Staff.objects.values_list("number", flat=True))
    faults: list[Fault] = []
    good: dict[str, Row] = {}
    for number, row in rows:
        found = _faults_of_person(number, row, units, posts, known, good)
        faults += found
        if not found:
            good[row["number"]] = row
    written = 0
    if not dry_run and (take_good or not faults):
        with transaction.atomic():
            for row in good.values():
                person = hire(
                    number=row["number"],
                    name=row["name"],
                    phone=row.get("phone", ""),
                    password=row.get("password") or None,
                    language=row.get("language") or "zh-hans",
                )
                appoint(
                    actor=person.actor,
                    unit=units[row["unit"]],
                    post=row["post"],
                    starts_at=at,
                    recorded_at=at,
                )
                written += 1
    return ImportResult(len(good), written, tuple(faults))


def missing(number: int, row: Row, *columns: str) -> list[Fault]:
    """A fault for each column that must be filled and isn't."""
    return [
        Fault(number, column, Words(zh=f"“{column}”未填写", en=f"“{column}” is empty or missing"))
        for column in columns
        if not row.get(column)
    ]


def unknown(number: int, field: str, value: str, allowed: Sequence[str] = ()) -> Fault:
    """A fault for a value that isn't known."""
    known = f"; {', '.join(allowed)}" if allowed else ""
    return Fault(
        number,
        field,
        Words(
            zh=f"没有“{value}”{'，可用：' + '、'.join(allowed) if allowed else ''}",
            en=f"“{value}” isn't known{known}",
        ),
    )


def twice(number: int, field: str, value: str) -> Fault:
    """A fault for a key that is there already."""
    return Fault(number, field, Words(zh=f"“{value}”重复", en=f"“{value}” is there already"))


def _faults_of_unit(number: int, row: Row, known: set[str], good: Mapping[str, object]) -> list[Fault]:
    found = missing(number, row, "code", "name_zh", "kind", "wing")
    if row.get("code") in known or row.get("code") in good:
        found.append(twice(number, "code", row["code"]))
    if row.get("code") and not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", row["code"]):
        found.append(
            Fault(
                number,
                "code",
                Words(zh="编码只用字母、数字和横线", en="a code has letters, digits and hyphens"),
            )
        )
    if row.get("kind") and row["kind"] not in Unit.KINDS:
        found.append(unknown(number, "kind", row["kind"], Unit.KINDS))
    if row.get("wing") and row["wing"] not in Unit.WINGS:
        found.append(unknown(number, "wing", row["wing"], Unit.WINGS))
    return found


def _parents_first(good: Mapping[str, tuple[int, Row]], known: set[str], faults: list[Fault]) -> list[Row]:
    """Rows with every parent before its children; rows that hang on nothing, or on each other, become faults."""
    placed, ordered, left = set(known), list[Row](), dict(good)
    while True:
        ready = [code for code, (_, row) in left.items() if not row.get("parent") or row["parent"] in placed]
        if not ready:
            break
        for code in ready:
            ordered.append(left.pop(code)[1])
            placed.add(code)
    for number, row in left.values():
        parent = row["parent"]
        if parent in left:
            words = Words(
                zh=f"上级“{parent}”有误或互为上下级", en=f"parent “{parent}” is faulty or below this unit"
            )
            faults.append(Fault(number, "parent", words))
        else:
            faults.append(unknown(number, "parent", parent))
    return ordered


def _faults_of_person(
    number: int,
    row: Row,
    units: Mapping[str, Unit],
    posts: set[str],
    known: set[str],
    good: Mapping[str, Row],
) -> list[Fault]:
    found = missing(number, row, "number", "name", "unit", "post")
    if row.get("number") in known or row.get("number") in good:
        found.append(twice(number, "number", row["number"]))
    if row.get("unit") and row["unit"] not in units:
        found.append(unknown(number, "unit", row["unit"]))
    if row.get("post") and row["post"] not in posts:
        found.append(unknown(number, "post", row["post"], sorted(posts)))
    if row.get("phone") and not PHONE.fullmatch(row["phone"]):
        found.append(Fault(number, "phone", Words(zh="电话号码有误", en="this is no telephone number")))
    if row.get("language") and row["language"] not in ("zh-hans", "en"):
        found.append(unknown(number, "language", row["language"], ("zh-hans", "en")))
    return found
