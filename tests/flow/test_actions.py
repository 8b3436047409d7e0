"""An agreed action: given to a department, done by a day, checked by somebody who did not do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bihuan.cases.models import Case
from bihuan.flow import queries
from bihuan.flow.queries import Checked
from bihuan.flow.rules.refusals import NotIndependent
from bihuan.people import actions as people
from bihuan.people.models import Staff, Unit
from bihuan.promises.models import Breach, Clock
from tests.cast import Cast, appoint, gather, moment, somebody

pytestmark = pytest.mark.django_db


def marketing(cast: Cast) -> tuple[Unit, Staff]:
    """The marketing department and the officer who acts for it."""
    unit = people.create_unit(
        code="YX", name_zh="营销部", kind="department", wing="support", parent=cast.company
    )
    return unit, somebody("Y1", "尹航", "department", unit)


def agreed(cast: Cast, by: str = "2007-06-11 18:00") -> Case:
    """On Monday they agree that the halls shall open at noon."""
    case = cast.opens(
        "action",
        by=cast.editor,
        at=moment("2007-06-04 10:00"),
        facts={"kind": "complaint", "by_when": moment(by)},
        notes={"description": "各营业厅午间不间断服务"},
    )
    return cast.takes(case, "assign", cast.editor, at=cast.later(minutes=5), facts={"unit": "YX"})


def finishes(cast: Cast, case: Case, officer: Staff, **after: float) -> Case:
    cast.takes(case, "take_on", officer, at=cast.later(hours=1))
    return cast.takes(
        case, "finish", officer, at=cast.later(**after), notes={"result": "十六个营业厅已调整班次"}
    )


def test_a_department_does_it_in_time_and_the_centre_checks() -> None:
    cast = gather()
    _, officer = marketing(cast)
    case = agreed(cast)

    finishes(cast, case, officer, days=3)
    closed = cast.takes(
        case, "check", cast.editor, at=cast.later(days=1), notes={"found": "抽查三个营业厅属实"}
    )

    assert closed.state == "closed"
    assert Clock.objects.get().promise == "agreed-due"
    assert not Breach.objects.exists()
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_what_is_done_after_the_agreed_day_is_a_breach() -> None:
    cast = gather()
    _, officer = marketing(cast)

    finishes(cast, agreed(cast), officer, days=9)

    assert Breach.objects.get().promise == "agreed-due"


@pytest.mark.parametrize("colleague", [lambda unit: unit, lambda unit: _desk(unit)])
def test_nobody_of_the_department_that_did_it_checks_it(colleague: Callable[[Unit], Unit]) -> None:
    cast = gather()
    unit, officer = marketing(cast)
    case = agreed(cast)
    finishes(cast, case, officer, days=1)
    inside = somebody("Y2", "严实", "inspector", colleague(unit))

    with pytest.raises(NotIndependent):
        cast.takes(case, "check", inside, at=cast.later(days=1), notes={"found": "属实"})


def test_whoever_did_it_does_not_check_it_though_he_holds_the_post() -> None:
    cast = gather()
    _, officer = marketing(cast)
    appoint(officer.actor, cast.centre, "inspector")
    case = agreed(cast)
    finishes(cast, case, officer, days=1)

    with pytest.raises(NotIndependent):
        cast.takes(case, "check", officer, at=cast.later(days=1), notes={"found": "属实"})


def test_what_was_not_done_goes_back_and_the_agreed_day_stays() -> None:
    cast = gather()
    _, officer = marketing(cast)
    case = agreed(cast)
    finishes(cast, case, officer, days=1)

    back = cast.takes(case, "send_back", cast.editor, at=cast.later(days=1), facts={"reason": "not_done"})

    assert (back.state, back.cycle) == ("dispatched", 2)
    assert {clock.due_at for clock in Clock.objects.all()} == {moment("2007-06-11 18:00")}


def _desk(unit: Unit) -> Unit:
    return people.create_unit(code="YX-1", name_zh="客户处", kind="department", wing="support", parent=unit)
