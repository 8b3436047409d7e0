"""The ledger of calls owed: for any period and unit, owed = made + open + exempt, and each figure opens to its cases."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from bihuan.cases.models import Case, Cycle
from bihuan.flow.actions.calls import leave_out
from bihuan.indicators.queries import figures
from bihuan.indicators.rules import Period
from bihuan.packs import queries as packs
from bihuan.people.actions import house_machine
from bihuan.people.rules import Scope
from bihuan.surveys.queries.ledger import GROUPS, behind, exempted, ledger
from bihuan.surveys.rules.ledger import Part, part
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db
COMPANY = Scope(company=True, paths=())
START = moment("2007-06-04 08:00")


def finished(cast: Cast, loop: str, **facts: str) -> Case:
    case = cast.opens(loop, facts=facts)
    return cast.restores(case) if loop == "repair" else cast.answers(case)


def goes_on(cast: Cast, case: Case, chance: Random) -> None:
    """What becomes of a finished case, by chance."""
    match chance.randrange(6):
        case 0:
            return
        case 1:
            cast.takes(case, "attempt", cast.caller, at=cast.later(hours=1), facts={"reason": "busy"})
        case 2:
            for _ in range(3):
                cast.takes(case, "attempt", cast.caller, at=cast.later(hours=2), facts={"reason": "busy"})
            cast.takes(case, "unreached", cast.caller, at=cast.now, facts={"reason": "no_answer"})
        case 3:
            facts = {"reason": "not_solved", "solved": False}
            cast.takes(case, "send_back", cast.caller, at=cast.later(hours=1), facts=facts)
            if chance.random() < 0.5:
                goes_on(cast, cast.restores(case) if case.loop == "repair" else cast.answers(case), chance)
        case _:
            cast.confirms(case)


def random_history(seed: int) -> Cast:
    cast = gather()
    chance = Random(seed)
    house = house_machine(at=START - timedelta(days=1))
    assert house is not None
    for _ in range(16):
        cast.now = START + timedelta(minutes=chance.randrange(5 * 24 * 60))
        loop = chance.choice(["repair", "repair", "complaint", "situation", "suggestion"])
        wish = chance.choice(["owed", "owed", "owed", "declined"])
        case = finished(cast, loop, callback=wish)
        if wish == "declined":
            cast.takes(case, "exempt_call", cast.caller, at=cast.later(hours=1), facts={"reason": "declined"})
        elif loop == "suggestion" and chance.random() < 0.5:
            leave_out(by=house, at=cast.later(hours=1))
        elif Case.objects.get(pk=case.pk).ended_at is None:
            goes_on(cast, case, chance)
    return cast


@pytest.mark.parametrize("seed", [1, 2])
def test_the_sum_holds_for_any_period_and_unit_and_every_figure_opens_to_its_cases(seed: int) -> None:
    cast = random_history(seed)
    chance = Random(seed)
    seen_parts: set[Part] = set()
    scopes = [COMPANY, Scope(company=False, paths=(cast.yang.path,)), Scope(False, (cast.nan.path,))]

    for _ in range(12):
        first = START + timedelta(minutes=chance.randrange(6 * 24 * 60))
        end = first + timedelta(minutes=chance.randrange(4 * 24 * 60))
        for scope in scopes:
            told = ledger(scope, first=first, end=end)
            balance = told.whole
            rows = list(behind(scope, first=first, end=end, group="owed"))

            assert balance.owed == balance.made + balance.open + balance.exempt == len(rows)
            for one in Part:
                listed = list(behind(scope, first=first, end=end, group=str(one)))
                assert balance.of(one) == len(listed)
            for group, parts in GROUPS.items():
                assert behind(scope, first=first, end=end, group=group).count() == sum(
                    balance.of(one) for one in parts
                )
            assert balance.owed == sum(one.owed for one in told.by_loop.values())
            assert balance.owed == sum(one.owed for one in told.by_unit.values())
            assert balance.exempt == sum(one.count for one in told.exemptions)
            for row in rows:
                seen_parts.add(Part(row.part))
                assert row.part == part(
                    ending=row.ending,
                    called=row.called_at is not None,
                    verified=row.verified_at is not None,
                    ended=row.ended_at is not None,
                )
    assert len(seen_parts) >= 4


def test_two_periods_side_by_side_make_the_whole() -> None:
    random_history(3)
    middle, end = START + timedelta(days=2), START + timedelta(days=9)

    both = [ledger(COMPANY, first=START, end=middle), ledger(COMPANY, first=middle, end=end)]

    assert sum(one.whole.owed for one in both) == ledger(COMPANY, first=START, end=end).whole.owed
    assert ledger(COMPANY, first=START, end=end).whole.owed == Cycle.objects.exclude(done_at=None).count()


def test_an_exemption_says_why_and_who_granted_it() -> None:
    cast = gather()
    house = house_machine(at=START)
    assert house is not None
    case = finished(cast, "repair", callback="declined")
    cast.takes(case, "exempt_call", cast.caller, at=cast.later(hours=1), facts={"reason": "declined"})
    for _ in range(6):
        finished(cast, "suggestion")
    left = leave_out(by=house, at=cast.later(hours=1))

    told = ledger(COMPANY, first=START, end=cast.now)

    assert left > 0
    found = {(one.reason, one.actor_id, one.count) for one in told.exemptions}
    assert found == {("declined", cast.caller.actor_id, 1), ("not_sampled", house.pk, left)}
    rows = list(behind(COMPANY, first=START, end=cast.now, group="exempt", loop="repair"))
    assert exempted(rows)[case.pk, 1].actor == cast.caller.actor


def test_the_indicators_of_the_report_count_the_same_rounds() -> None:
    random_history(4)
    zone = packs.calendar().zone
    period = Period(date(2007, 6, 4), date(2007, 6, 10), zone)
    codes = ["callback.owed", "callback.made", "callback.open", "callback.exempt"]

    told = {
        one.indicator.code: one
        for one in figures(periods=[period], at=period.end, codes=codes)[0]
        if one.unit is None
    }
    balance = ledger(COMPANY, first=period.start, end=period.end).whole

    assert told["callback.owed"].numerator == balance.owed > 0
    assert told["callback.made"].numerator == balance.made > 0
    assert told["callback.open"].numerator == balance.open
    assert told["callback.exempt"].numerator == balance.exempt > 0
