"""The world before anything happens, written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import actions as packs
from bihuan.people import actions as people
from bihuan.people.models import Actor
from bihuan.people.rules import Hire
from bihuan.scenarios import queries
from bihuan.scenarios.rules import Home, Scenario, homes, persons, units
from bihuan.supply import actions as supply
from bihuan.supply.models import Account, Customer, Phone, Premises

FURTHER_NUMBER = 5
"""One customer in so many has a second number."""


class NotEmpty(BihuanError):
    """The demo is for an empty database."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="数据库中已有其他数据，演示只能装入空库。请把 BIHUAN_HOME 设为另一个文件夹后再试。",
                en="This database holds other data; the demo goes only into an empty one."
                " Set BIHUAN_HOME to another folder and try again.",
            )
        )


@transaction.atomic
def build_world(*, scenario: Scenario, starts_at: datetime, recorded_at: datetime) -> None:
    """Units, people and premises. Everybody has the scenario's password; one hash serves all. Raises `NotEmpty`."""
    if not queries.is_empty():
        raise NotEmpty
    made = people.create_units(units=units(scenario))
    secret = make_password(scenario.world["scenario"]["password"])
    hired = people.hire_all(
        hires=[
            Hire(
                number=person.number,
                name=person.name,
                unit_id=made[person.unit].pk,
                post=person.post,
                starts_at=starts_at,
                password_hash=secret,
            )
            for person in persons(scenario)
        ],
        recorded_at=recorded_at,
    )
    people.house_machine(at=starts_at)
    _aim(scenario, hired[scenario.targets["set_by"]].actor, starts_at.date(), recorded_at)
    keys = {code: unit.pk for code, unit in made.items()}
    rows = [_rows(home, keys) for home in homes(scenario)]
    supply.add_all(
        customers=[row[0] for row in rows],
        premises=[row[1] for row in rows],
        accounts=[row[2] for row in rows],
        phones=[
            Phone(customer=row[0], number=f"0236{row[0].phone[-7:]}", kind="home", position=2)
            for row in rows[::FURTHER_NUMBER]
        ],
    )


def _aim(scenario: Scenario, by: Actor, today: date, recorded_at: datetime) -> None:
    """Who answers for which figure, and targets from the first of the year on."""
    for unit, indicators in scenario.targets["owners"].items():
        for indicator in indicators:
            packs.set_owner(indicator=indicator, unit=unit, by=by, recorded_at=recorded_at)
    for target in scenario.targets["target"]:
        packs.set_target(
            indicator=target["indicator"],
            unit=target.get("unit"),
            from_date=today.replace(month=1, day=1),
            value=target["value"],
            span=target.get("span", "each"),
            source=scenario.targets["source"],
            by=by,
            recorded_at=recorded_at,
        )


def _rows(home: Home, units_by_code: Mapping[str, UUID]) -> tuple[Customer, Premises, Account]:
    customer = Customer(
        number=home.customer, name=home.name, phone=home.phone, customer_class=home.customer_class
    )
    premises = Premises(
        code=home.code,
        address=home.address,
        area=home.area,
        longitude=home.longitude,
        latitude=home.latitude,
        unit_id=units_by_code[home.unit],
    )
    account = Account(number=home.account, customer=customer, premises=premises, meter=home.meter)
    return customer, premises, account
