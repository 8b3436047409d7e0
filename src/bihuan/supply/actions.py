"""Writes to customers, premises and accounts."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal, InvalidOperation

from django.db import transaction

from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES
from bihuan.kernel.words import Words
from bihuan.people.actions.tables import PHONE, Fault, ImportResult, Row, missing, twice, unknown
from bihuan.people.models import Unit
from bihuan.supply.models import Account, Customer, Premises


def add_customer(*, number: str, name: str, phone: str = "", customer_class: str = "resident") -> Customer:
    """Add a customer."""
    return Customer.objects.create(number=number, name=name, phone=phone, customer_class=customer_class)


def add_premises(
    *,
    code: str,
    address: str,
    area: str,
    unit: Unit,
    longitude: Decimal | None = None,
    latitude: Decimal | None = None,
) -> Premises:
    """Add a place that is supplied."""
    return Premises.objects.create(
        code=code, address=address, area=area, unit=unit, longitude=longitude, latitude=latitude
    )


def add_account(*, number: str, customer: Customer, premises: Premises, meter: str = "") -> Account:
    """Join a customer and a place."""
    return Account.objects.create(number=number, customer=customer, premises=premises, meter=meter)


def import_premises(
    *, rows: Sequence[tuple[int, Row]], take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """One row an account. Columns: account, code, address, area, unit, customer, name; may have phone, class, meter,
    longitude, latitude. Rows that share a customer number or a premises code share the customer or the place.
    """
    units = {unit.code: unit for unit in Unit.objects.order_by("code")}
    known = set(Account.objects.values_list("number", flat=True))
    faults: list[Fault] = []
    good: dict[str, Row] = {}
    for number, row in rows:
        found = _faults(number, row, units.keys(), known | good.keys())
        faults += found
        if not found:
            good[row["account"]] = row
    written = 0
    if not dry_run and (take_good or not faults):
        written = _write(list(good.values()), units)
    return ImportResult(len(good), written, tuple(faults))


def _faults(number: int, row: Row, units: Container[str], known: set[str]) -> list[Fault]:
    found = missing(number, row, "account", "code", "address", "area", "unit", "customer", "name")
    if row.get("account") in known:
        found.append(twice(number, "account", row["account"]))
    if row.get("area") and row["area"] not in AREAS:
        found.append(unknown(number, "area", row["area"], tuple(AREAS)))
    if row.get("class") and row["class"] not in CUSTOMER_CLASSES:
        found.append(unknown(number, "class", row["class"], tuple(CUSTOMER_CLASSES)))
    if row.get("unit") and row["unit"] not in units:
        found.append(unknown(number, "unit", row["unit"]))
    if row.get("phone") and not PHONE.fullmatch(row["phone"]):
        found.append(Fault(number, "phone", Words(zh="电话号码有误", en="this is no telephone number")))
    for name, most in (("longitude", 180), ("latitude", 90)):
        if row.get(name) and _degrees(row[name], most) is None:
            found.append(Fault(number, name, Words(zh="经纬度有误", en="these are no degrees")))
    return found


def _degrees(text: str, most: int) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) <= most else None


@transaction.atomic
def _write(rows: Sequence[Row], units: dict[str, Unit]) -> int:
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
            longitude=_degrees(row.get("longitude") or "", 180),
            latitude=_degrees(row.get("latitude") or "", 90),
        )
        for row in rows
    }
    Customer.objects.bulk_create(customers.values(), ignore_conflicts=True, batch_size=1_000)
    Premises.objects.bulk_create(places.values(), ignore_conflicts=True, batch_size=1_000)
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
        batch_size=1_000,
    )
    return len(rows)
