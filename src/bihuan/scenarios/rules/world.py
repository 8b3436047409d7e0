"""The world before anything happens: units, people and premises, made from the sheet `world`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from bihuan.people.rules import NewUnit
from bihuan.scenarios.rules.town import Scenario

DIGITS = ("一", "二", "三", "四", "五", "六", "七", "八", "九")
DEGREE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a post in a unit."""

    number: str
    name: str
    post: str
    unit: str


@dataclass(frozen=True, slots=True)
class Home:
    """Premises with their customer and account."""

    code: str
    address: str
    area: str
    longitude: Decimal
    latitude: Decimal
    unit: str
    customer: str
    name: str
    phone: str
    customer_class: str
    account: str
    meter: str


def units(scenario: Scenario) -> Iterator[NewUnit]:
    """The company, its departments and centre, the bureaus with their stations and crews."""
    top = scenario.world["scenario"]
    company = top["company"]["code"]
    yield _unit(top["company"], "company", "support", "")
    yield _unit(top["centre"], "service_centre", "supervision", company)
    for department in top["departments"]:
        yield _unit(department, "department", department["wing"], company)
    inside = scenario.world["bureau"]
    for bureau in scenario.world["bureaus"]:
        code, name = bureau["code"], bureau["name_zh"]
        yield _unit(bureau, "bureau", "execution", company)
        for number in range(1, inside["stations"] + 1):
            zh, en = f"{name}供电{DIGITS[number - 1]}所", f"{bureau['name_en']}, station {number}"
            yield NewUnit(f"{code}-S{number}", zh, "station", "execution", code, en)
        for number in range(1, inside["crews"] + 1):
            zh, en = f"{name}抢修{DIGITS[number - 1]}班", f"{bureau['name_en']}, crew {number}"
            yield NewUnit(f"{code}-Q{number}", zh, "crew", "execution", code, en)


def persons(scenario: Scenario) -> Iterator[Person]:
    """Everybody who works there, the company's own first."""
    chance = Random(f"{scenario.seed}/people")  # noqa: S311  a play, no secret
    for post in scenario.world["posts"]:
        for number in range(1, post["count"] + 1):
            yield Person(f"{post['prefix']}{number:02}", _name(scenario, chance), post["post"], post["unit"])
    inside = scenario.world["bureau"]
    for bureau in scenario.world["bureaus"]:
        code = bureau["code"]
        short = code.rpartition("-")[2]
        for post in inside["posts"]:
            for number in range(1, post["count"] + 1):
                yield Person(f"{short}-{post['prefix']}{number}", _name(scenario, chance), post["post"], code)
        for number in range(1, inside["crews"] + 1):
            unit = f"{inside['crew_leads']}{number}"
            yield Person(f"{short}-{unit}", _name(scenario, chance), "crew", f"{code}-{unit}")
    for post in scenario.world["more"]:
        for number in range(1, post["count"] + 1):
            yield Person(f"{post['prefix']}{number}", _name(scenario, chance), post["post"], post["unit"])


def homes(scenario: Scenario) -> Iterator[Home]:
    """Premises, shared out over the bureaus, their stations and areas."""
    chance = Random(f"{scenario.seed}/homes")  # noqa: S311  a play, no secret
    sheet, bureaus = scenario.world["premises"], scenario.world["bureaus"]
    stations = scenario.world["bureau"]["stations"]
    shares = [bureau["share"] for bureau in bureaus]
    for number in range(1, sheet["count"] + 1):
        bureau = chance.choices(bureaus, shares)[0]
        area = _chosen(chance, bureau["areas"])
        klass = _chosen(chance, sheet["classes"])
        east, north, spread = bureau["point"]
        wide = spread * {"urban": 1, "rural": 2, "remote": 3}[area]
        resident = klass == "resident"
        street = chance.choice(sheet[area])
        yield Home(
            code=f"DD{number:06}",
            address=f"{bureau['name_zh'][:2]}{street}{chance.randint(1, 198)}号"
            + (f"{chance.randint(1, 9)}-{chance.randint(1, 6)}" if area == "urban" and resident else ""),
            area=area,
            longitude=Decimal(chance.gauss(east, wide)).quantize(DEGREE),
            latitude=Decimal(chance.gauss(north, wide)).quantize(DEGREE),
            unit=f"{bureau['code']}-S{chance.randint(1, stations)}",
            customer=f"KH{number:06}",
            name=_name(scenario, chance) if resident else f"{street[:3]}{chance.choice(sheet['firms'])}",
            phone=f"1990000{number:04}",
            customer_class=klass,
            account=f"5001{number:08}",
            meter=f"M{chance.randint(10**8, 10**9 - 1)}",
        )


def _unit(sheet: Any, kind: str, wing: str, parent: str) -> NewUnit:
    return NewUnit(sheet["code"], sheet["name_zh"], kind, wing, parent, sheet.get("name_en", ""))


def _name(scenario: Scenario, chance: Random) -> str:
    sheet = scenario.world["premises"]
    return f"{chance.choice(sheet['surnames'])}{chance.choice(sheet['given'])}"


def _chosen(chance: Random, weights: Any) -> str:
    return str(chance.choices(list(weights), list(weights.values()))[0])
