"""The demo's town has outages and voltage of a size that the promises ask for, the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from bihuan.outages import queries
from bihuan.outages.models import Outage, OutageEntry, SupplyDay
from bihuan.outages.rules import Now, after, faults
from bihuan.people.rules import Scope
from bihuan.scenarios.actions.build import build_world
from bihuan.scenarios.actions.outages import live_outages, net, play_outages
from bihuan.scenarios.queries import scenario
from bihuan.supply.models import Premises
from tests.cast import CHONGQING, moment

CODE = "chongqing-2007"
ALL = Scope(company=True, paths=())
BY = UUID(int=1)


def drawn(first: date, last: date) -> list[tuple[str, tuple[str, ...]]]:
    lines = net(CODE)
    by = {bureau: BY for bureau, _ in lines.lines}
    found = lines.drawn(first=first, last=last, zone=CHONGQING, by=by)
    return [(one.number, tuple(told.step for told in one.told)) for one in found]


def test_a_week_is_the_same_whenever_it_is_drawn() -> None:
    alone = drawn(date(2007, 6, 11), date(2007, 6, 17))

    among = drawn(date(2007, 6, 4), date(2007, 6, 24))

    assert [one for one in among if one in alone] == alone
    assert len({number for number, _ in among}) == len(among)


def test_every_story_of_a_quarter_can_be_told() -> None:
    lines = net(CODE)
    by = {bureau: BY for bureau, _ in lines.lines}
    steps: Counter[str] = Counter()
    for one in lines.drawn(first=date(2007, 4, 2), last=date(2007, 7, 1), zone=CHONGQING, by=by):
        now, before = Now(), None
        for told in one.told:
            now = after(now, told.step, told.at, told.values)
            assert faults(before, told.step, told.at, now, told.recorded_at) == [], (one.number, told)
            steps[told.step] += 1
            before = now
        assert now.state in ("over", "withdrawn")

    assert set(steps) == {"announce", "start", "part", "restore", "change", "withdraw"}


@pytest.mark.slow
@pytest.mark.django_db
def test_thirteen_weeks_come_out_as_a_city_and_a_country_would() -> None:
    until = moment("2007-07-02 00:00")
    build_world(scenario=scenario(CODE), starts_at=moment("2007-03-01 00:00"), recorded_at=until)

    told = play_outages(code=CODE, first=date(2007, 4, 2), last=date(2007, 7, 1), until=until)

    assert Outage.objects.count() == told > 300
    whole = queries.reliability(ALL, first=date(2007, 4, 2), last=date(2007, 7, 1)).rows[0]
    city, country = whole.areas["urban"].rs1.percent(2), whole.areas["rural"].rs1.percent(2)
    assert city is not None
    assert country is not None
    assert Decimal("99.87") <= city <= Decimal("99.93")
    assert Decimal("99.50") <= country <= Decimal("99.70")
    voltage = queries.voltage(ALL, first=date(2007, 4, 1), last=date(2007, 6, 30), area="rural")[0]
    rate = voltage.classes["D"].within.percent(1)
    assert rate is not None
    assert Decimal("96.5") <= rate <= Decimal("98.0")
    homes = queries.voltage(ALL, first=date(2007, 4, 1), last=date(2007, 6, 30), area="urban")[0]
    assert Decimal(96) <= (homes.classes["D"].within.percent(1) or Decimal(0)) <= Decimal(99)
    assert {kind for (kind,) in Outage.objects.values_list("kind").distinct()} == {
        "planned",
        "temporary",
        "fault",
        "shortage",
        "user_side",
    }
    assert Outage.objects.filter(state="announced", planned_start_at__gt=until).exists()
    assert queries.frequent_lines(ALL, until=until)
    assert queries.differing() == []
    assert not Premises.objects.filter(transformer="").exists()
    assert SupplyDay.objects.filter(day=date(2007, 7, 1)).count() == len(net(CODE).lines)


@pytest.mark.slow
@pytest.mark.django_db
def test_living_on_tells_what_playing_longer_would_have_told() -> None:
    first, last = date(2007, 6, 4), date(2007, 6, 10)
    half, end = moment("2007-06-07 12:00"), moment("2007-06-11 00:00")
    build_world(scenario=scenario(CODE), starts_at=moment("2007-05-01 00:00"), recorded_at=half)
    play_outages(code=CODE, first=first, last=last, until=half)
    early = OutageEntry.objects.count()

    told = live_outages(code=CODE, since=half, until=end)
    again = live_outages(code=CODE, since=half, until=end)

    assert told > 20
    assert again == 0
    assert OutageEntry.objects.count() == early + told
    assert queries.differing() == []
