"""Units and staff from a table: every faulty row is told, and nothing is written unless all is good or one says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from django.contrib.auth.hashers import make_password

from bihuan.kernel.table import Column, Fault, ImportResult, Row, Rows, Sheet, sheet, twice, unknown
from bihuan.kernel.words import Words
from bihuan.people.actions.write import create_units, hire_all
from bihuan.people.models import Post, Staff, Unit
from bihuan.people.rules import Hire, NewUnit, parents_first

CODE = re.compile(r"[A-Za-z0-9_-]+")
CODE_WRONG = Words(zh="编码只用字母、数字和横线", en="a code has only letters, digits and hyphens")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}")
PHONE_WRONG = Words(zh="不是电话号码", en="this is no telephone number")

KINDS: Mapping[str, tuple[str, ...]] = {
    "company": ("公司",),
    "department": ("部门",),
    "service_centre": ("客户服务中心", "服务中心", "service centre"),
    "bureau": ("供电局", "供电公司", "供电分公司"),
    "station": ("供电所",),
    "crew": ("班组",),
}
WINGS: Mapping[str, tuple[str, ...]] = {
    "execution": ("执行", "服务执行"),
    "support": ("支撑", "服务支撑"),
    "supervision": ("监督", "服务监督"),
}
LANGUAGES: Mapping[str, tuple[str, ...]] = {"zh-hans": ("zh", "中文"), "en": ("英文", "english")}

UNIT_COLUMNS = (
    Column("code", ("编码", "单位编码"), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("name_zh", ("名称", "单位名称", "name"), needed=True, longest=80),
    Column("name_en", ("英文名称",), longest=120),
    Column("kind", ("类型", "单位类型"), needed=True, choices=KINDS),
    Column("wing", ("职能",), needed=True, choices=WINGS),
    Column("parent", ("上级", "上级编码"), longest=40),
)
STAFF_COLUMNS = (
    Column("number", ("工号",), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("name", ("姓名",), needed=True, longest=60),
    Column("unit", ("单位", "单位编码"), needed=True, longest=40),
    Column("post", ("岗位",), needed=True, longest=60),
    Column("phone", ("电话", "手机"), longest=24, pattern=PHONE, wrong=PHONE_WRONG),
    Column("language", ("语言",), choices=LANGUAGES),
    Column("starts", ("任职日期", "起始日期"), longest=32),
    Column("password", ("密码", "初始密码"), longest=128),
)
PATH_LENGTH = 400
"""The longest path that a unit may have: codes from the top."""


def import_units(*, rows: Rows, take_good: bool = False, dry_run: bool = False) -> ImportResult:
    """A parent may come later in the file; a unit whose row is faulty takes those below it along."""
    known = {unit.code: unit for unit in Unit.objects.order_by("code")}
    found = sheet(rows, UNIT_COLUMNS)
    named = {row["code"]: number for number, row in found.rows}
    seen: set[str] = set()
    found.keep(lambda number, row: _faults_of_unit(number, row, known, seen))
    units = {row["code"]: _unit(row) for _, row in found.rows}
    placed, left = parents_first(units.values(), {code: unit.path for code, unit in known.items()})
    paths = {unit.code: path for unit, path in placed}
    wrong = {unit.code for unit in left}
    found.keep(lambda number, row: _faults_of_place(number, row, paths, wrong, named))
    written = 0
    if _may_write(found, take_good=take_good, dry_run=dry_run):
        good = {row["code"] for _, row in found.rows}
        written = len(create_units(units=[unit for unit, _ in placed if unit.code in good]))
    return found.result(written=written)


def import_staff(
    *, rows: Rows, at: datetime, zone: tzinfo, take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """A person with several posts has a row for each. An appointment begins at `starts` (a day or a moment of `zone`),
    or at `at`. Who has no password can't sign in until one is set."""
    units = {unit.code: unit for unit in Unit.objects.filter(active=True).order_by("code")}
    posts = _post_names()
    known = set(Staff.objects.values_list("number", flat=True))
    found = sheet(rows, STAFF_COLUMNS)
    seen: dict[str, list[Row]] = {}
    found.keep(lambda number, row: _faults_of_person(number, row, units, posts, known, seen, zone))
    written = 0
    if _may_write(found, take_good=take_good, dry_run=dry_run):
        hires = [_hire(row, units, posts, at, zone) for row in _passwords_first(found)]
        hire_all(hires=hires, recorded_at=at)
        written = len(hires)
    return found.result(written=written)


def _may_write(found: Sheet, *, take_good: bool, dry_run: bool) -> bool:
    return bool(found.rows) and not dry_run and (take_good or not found.faults)


def _unit(row: Row) -> NewUnit:
    return NewUnit(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row.get("name_en", ""),
        kind=row["kind"],
        wing=row["wing"],
        parent=row.get("parent", ""),
    )


def _faults_of_unit(number: int, row: Row, known: Mapping[str, Unit], seen: set[str]) -> list[Fault]:
    found = []
    if row["code"] in known or row["code"] in seen:
        found.append(twice(number, "code", row["code"], known=known))
    seen.add(row["code"])
    if not row.get("parent") and row["kind"] != "company":
        words = Words(zh="只有公司可以没有上级", en="only a company stands below nothing")
        found.append(Fault(number, "parent", words))
    return found


def _faults_of_place(
    number: int, row: Row, paths: Mapping[str, str], wrong: set[str], named: Mapping[str, int]
) -> list[Fault]:
    code, parent = row["code"], row.get("parent", "")
    if code in wrong and parent in named:
        words = Words(
            zh=f"上级“{parent}”（第{named[parent]}行）有误，或互为上下级",
            en=f"the row of its parent “{parent}” (row {named[parent]}) is faulty, or each stands below the other",
        )
        return [Fault(number, "parent", words)]
    if code in wrong:
        return [unknown(number, "parent", parent)]
    if len(paths[code]) > PATH_LENGTH:
        return [Fault(number, "parent", Words(zh="层级太深", en="too many levels"))]
    return []


def _post_names() -> dict[str, str]:
    """Codes of the posts by code and by either name."""
    found: dict[str, str] = {}
    for post in Post.objects.order_by("code"):
        found |= {post.name_zh: post.code, post.name_en.casefold(): post.code, post.code: post.code}
    return found


def _faults_of_person(
    number: int,
    row: Row,
    units: Mapping[str, Unit],
    posts: Mapping[str, str],
    known: set[str],
    seen: dict[str, list[Row]],
    zone: tzinfo,
) -> list[Fault]:
    found = []
    if row["number"] in known:
        found.append(twice(number, "number", row["number"], known=known))
    if row["unit"] not in units:
        found.append(unknown(number, "unit", row["unit"]))
    if row["post"].casefold() not in posts and row["post"] not in posts:
        found.append(unknown(number, "post", row["post"], sorted(set(posts.values()))))
    if row.get("starts") and _moment(row["starts"], zone) is None:
        words = Words(
            zh=f"“{row['starts']}”不是日期，请写作 2007-06-04",
            en=f"“{row['starts']}” is no day; write 2007-06-04",
        )
        found.append(Fault(number, "starts", words))
    earlier = seen.setdefault(row["number"], [])
    found += _against_earlier(number, row, earlier)
    earlier.append(row)
    return found


def _against_earlier(number: int, row: Row, earlier: list[Row]) -> list[Fault]:
    """Another row of the same person must be about another post."""
    if any((one["unit"], one["post"]) == (row["unit"], row["post"]) for one in earlier):
        return [twice(number, "number", row["number"])]
    if any(one["name"] != row["name"] for one in earlier):
        words = Words(zh="同一工号有两个姓名", en="the same number stands with another name")
        return [Fault(number, "name", words)]
    return []


def _passwords_first(found: Sheet) -> list[Row]:
    """So that the row of a person that has a password is the one that the person is made from."""
    return [
        row for _, row in sorted(found.rows, key=lambda one: (one[1]["number"], not one[1].get("password")))
    ]


def _hire(row: Row, units: Mapping[str, Unit], posts: Mapping[str, str], at: datetime, zone: tzinfo) -> Hire:
    starts = _moment(row["starts"], zone) if row.get("starts") else None
    return Hire(
        number=row["number"],
        name=row["name"],
        phone=row.get("phone", ""),
        language=row.get("language") or "zh-hans",
        password_hash=make_password(row.get("password") or None),
        unit_id=units[row["unit"]].pk,
        post=posts.get(row["post"]) or posts[row["post"].casefold()],
        starts_at=starts or at,
    )


def _moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
