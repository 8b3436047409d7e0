"""Writes to customers, premises and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES
from bihuan.kernel.table import Column, Fault, ImportResult, Row, Rows, sheet, twice, unknown
from bihuan.kernel.words import Words
from bihuan.people.actions.tables import CODE, CODE_WRONG, PHONE, PHONE_WRONG
from bihuan.people.models import Unit
from bihuan.supply.models import Account, Customer, Phone, Premises

BATCH = 1_000
PHONES = re.compile(rf"{PHONE.pattern}(\s*[;；、]\s*{PHONE.pattern})*")
"""Further numbers of a customer, in the order in which they are tried."""

COLUMNS = (
    Column("account", ("户号", "用户编号"), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("code", ("用电地点编码", "地点编码"), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("address", ("地址", "用电地址"), needed=True, longest=200),
    Column("area", ("区域",), needed=True, choices={code: (words.zh,) for code, words in AREAS.items()}),
    Column("unit", ("单位", "供电单位", "单位编码"), needed=True, longest=40),
    Column("customer", ("客户编号",), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("name", ("客户名称", "姓名"), needed=True, longest=80),
    Column("phone", ("电话", "联系电话"), longest=24, pattern=PHONE, wrong=PHONE_WRONG),
    Column("other_phones", ("其他电话", "备用电话"), longest=120, pattern=PHONES, wrong=PHONE_WRONG),
    Column(
        "class",
        ("客户类别", "用电类别"),
        choices={code: (words.zh, words.en) for code, words in CUSTOMER_CLASSES.items()},
    ),
    Column("meter", ("表号", "电表号"), longest=40),
    Column("line", ("线路", "线路编号"), longest=40),
    Column("transformer", ("台区", "变压器"), longest=40),
    Column("longitude", ("经度",), longest=24),
    Column("latitude", ("纬度",), longest=24),
)
CUSTOMER_CELLS = ("name", "phone", "class")
PREMISES_CELLS = ("address", "area", "unit", "longitude", "latitude")


PHONE_KINDS = ("mobile", "home", "work", "family")


class PhoneRefused(BihuanError):
    """The number is none, or the customer has it already."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="号码格式不对，或该客户已有此号码。",
                en="That is no telephone number, or the customer has it already.",
            ),
            field="phone",
        )


def add_customer(*, number: str, name: str, phone: str = "", customer_class: str = "resident") -> Customer:
    """Add a customer."""
    return Customer.objects.create(number=number, name=name, phone=phone, customer_class=customer_class)


def add_phone(*, customer: Customer, number: str, kind: str = "mobile") -> Phone:
    """Add a further number, to be tried after those that are there. Raises `PhoneRefused`."""
    if not PHONE.fullmatch(number) or kind not in PHONE_KINDS:
        raise PhoneRefused
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        phones = list(Phone.objects.filter(customer=customer).order_by("position"))
        if number == customer.phone or any(number == phone.number for phone in phones):
            raise PhoneRefused
        position = phones[-1].position + 1 if phones else 2
        return Phone.objects.create(customer=customer, number=number, kind=kind, position=position)


def add_premises(
    *,
    code: str,
    address: str,
    area: str,
    unit: Unit,
    longitude: Decimal | None = None,
    latitude: Decimal | None = None,
    line: str = "",
    transformer: str = "",
) -> Premises:
    """Add a place that is supplied."""
    return Premises.objects.create(
        code=code,
        address=address,
        area=area,
        unit=unit,
        longitude=longitude,
        latitude=latitude,
        line=line,
        transformer=transformer,
    )


def add_account(*, number: str, customer: Customer, premises: Premises, meter: str = "") -> Account:
    """Join a customer and a place."""
    return Account.objects.create(number=number, customer=customer, premises=premises, meter=meter)


@transaction.atomic
def add_all(
    *,
    customers: Iterable[Customer] = (),
    premises: Iterable[Premises] = (),
    accounts: Iterable[Account] = (),
    phones: Iterable[Phone] = (),
) -> None:
    """Add many at once. They are given unsaved: their keys are made with them, so that accounts can name them."""
    Customer.objects.bulk_create(customers, batch_size=BATCH)
    Premises.objects.bulk_create(premises, batch_size=BATCH)
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    Phone.objects.bulk_create(phones, batch_size=BATCH)


def import_premises(*, rows: Rows, take_good: bool = False, dry_run: bool = False) -> ImportResult:
    """One row an account. Rows that share a customer's number or a place's code share the customer or the place,
    and must say the same of it; so must a row about a customer or a place that is there already.
    """
    found = sheet(rows, COLUMNS)
    units = {unit.code: unit for unit in Unit.objects.filter(active=True).order_by("code")}
    accounts = set(
        Account.objects.filter(number__in={row["account"] for _, row in found.rows}).values_list(
            "number", flat=True
        )
    )
    said = _said(row for _, row in found.rows)
    seen: set[str] = set()
    found.keep(lambda number, row: _faults(number, row, units, accounts, seen, said))
    written = 0
    if found.rows and not dry_run and (take_good or not found.faults):
        written = _write([row for _, row in found.rows], units)
    return found.result(written=written)


_Said = dict[tuple[str, str], tuple[object, ...]]


def _said(rows: Iterable[Row]) -> _Said:
    """What the database says already of the customers and places that the rows name."""
    given = list(rows)
    customers = Customer.objects.filter(number__in={row["customer"] for row in given})
    places = Premises.objects.filter(code__in={row["code"] for row in given}).select_related("unit")
    said: _Said = {("customer", one.number): (one.name, one.phone, one.customer_class) for one in customers}
    for place in places:
        said["code", place.code] = (
            place.address,
            place.area,
            place.unit.code,
            place.longitude,
            place.latitude,
        )
    return said


def _faults(
    number: int, row: Row, units: Mapping[str, Unit], accounts: set[str], seen: set[str], said: _Said
) -> list[Fault]:
    found = []
    if row["account"] in accounts or row["account"] in seen:
        found.append(twice(number, "account", row["account"], known=accounts))
    seen.add(row["account"])
    if row["unit"] not in units:
        found.append(unknown(number, "unit", row["unit"]))
    found += _faults_of_point(number, row)
    if found:
        return found
    for column, statement in (("customer", _of_customer(row)), ("code", _of_place(row))):
        if said.setdefault((column, row[column]), statement) != statement:
            words = Words(
                zh=f"“{row[column]}”在别处的资料与此行不同",
                en=f"“{row[column]}” stands elsewhere (in the file or the database) with other particulars",
            )
            found.append(Fault(number, column, words))
    return found


def _of_customer(row: Row) -> tuple[object, ...]:
    return (row["name"], row.get("phone", ""), row.get("class") or "resident")


def _of_place(row: Row) -> tuple[object, ...]:
    longitude, latitude = (_degrees(row.get(name, ""), 180) for name in ("longitude", "latitude"))
    return (row["address"], row["area"], row["unit"], longitude, latitude)


def _faults_of_point(number: int, row: Row) -> list[Fault]:
    found = []
    for name, most in (("longitude", 180), ("latitude", 90)):
        if row.get(name) and _degrees(row[name], most) is None:
            words = Words(
                zh=f"“{row[name]}”不是 ±{most} 以内的度数",
                en=f"“{row[name]}” is no number of degrees within ±{most}",
            )
            found.append(Fault(number, name, words))
    if bool(row.get("longitude")) != bool(row.get("latitude")):
        words = Words(zh="经度与纬度须同时填写", en="longitude and latitude come together")
        found.append(Fault(number, "latitude" if row.get("longitude") else "longitude", words))
    return found


def _degrees(text: str, most: int) -> Decimal | None:
    """As the database keeps it: six decimals, about a tenth of a metre."""
    try:
        value = Decimal(text)
        return value.quantize(Decimal("0.000001")) if -most <= value <= most else None
    except InvalidOperation:
        return None


@transaction.atomic
def _write(rows: list[Row], units: Mapping[str, Unit]) -> int:
    customers = {
        row["customer"]: Customer(
            number=row["customer"],
            name=row["name"],
            phone=row.get("phone", ""),
            customer_class=row.get("class") or "resident",
        )
        for row in rows
    }
    places = {
        row["code"]: Premises(
            code=row["code"],
            address=row["address"],
            area=row["area"],
            unit=units[row["unit"]],
            line=row.get("line", ""),
            transformer=row.get("transformer", ""),
            longitude=_degrees(row.get("longitude", ""), 180),
            latitude=_degrees(row.get("latitude", ""), 90),
        )
        for row in rows
    }
    Customer.objects.bulk_create(customers.values(), ignore_conflicts=True, batch_size=BATCH)
    Premises.objects.bulk_create(places.values(), ignore_conflicts=True, batch_size=BATCH)
    who = dict(Customer.objects.filter(number__in=customers).values_list("number", "pk"))
    where = dict(Premises.objects.filter(code__in=places).values_list("code", "pk"))
    Account.objects.bulk_create(
        [
            Account(
                number=row["account"],
                customer_id=who[row["customer"]],
                premises_id=where[row["code"]],
                meter=row.get("meter", ""),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    _write_phones(rows, who)
    return len(rows)


def _write_phones(rows: list[Row], who: Mapping[str, UUID]) -> None:
    """Further numbers come after those that are there; one that is there already stays where it is."""
    named = {row["customer"]: row.get("phone", "") for row in rows if row.get("other_phones")}
    known: dict[UUID, list[str]] = {who[number]: [first] for number, first in named.items()}
    last: dict[UUID, int] = dict.fromkeys(known, 1)
    for phone in Phone.objects.filter(customer__in=known).order_by("position"):
        known[phone.customer_id].append(phone.number)
        last[phone.customer_id] = phone.position
    fresh: list[Phone] = []
    for row in rows:
        key = who[row["customer"]]
        for number in re.split(r"\s*[;；、]\s*", row.get("other_phones", "")):
            if number and number not in known[key]:
                known[key].append(number)
                last[key] += 1
                fresh.append(Phone(customer_id=key, number=number, kind="mobile", position=last[key]))
    Phone.objects.bulk_create(fresh, batch_size=BATCH)
