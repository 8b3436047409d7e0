"""Whatever the kind: from the call to the customer's word, or to the end that the kind declares."""

from __future__ import annotations

import pytest

from bihuan.cases.models import Cycle
from bihuan.flow import queries
from bihuan.flow.queries import Checked
from bihuan.flow.rules import OutOfOrder
from bihuan.flow.rules.refusals import NotHere, TooOften
from bihuan.loops.catalogue import LOOPS
from tests.cast import gather

pytestmark = pytest.mark.django_db
ANSWERED = [loop.code for loop in LOOPS if loop.step("answer")]


@pytest.mark.parametrize("loop", ANSWERED)
def test_a_matter_is_answered_and_the_customer_asked(loop: str) -> None:
    cast = gather()
    case = cast.opens(loop)

    cast.answers(case)
    closed = cast.confirms(case)

    assert closed.state == "closed"
    assert [difference.where for difference in queries.verify(Checked())] == []


def test_praise_is_passed_on_and_nobody_is_called() -> None:
    cast = gather()
    case = cast.opens("praise")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=5))
    cast.takes(case, "pass_on", cast.handler, at=cast.later(hours=1))

    closed = cast.takes(case, "acknowledge", cast.caller, at=cast.later(hours=1))

    assert closed.state == "closed"
    assert Cycle.objects.get().done_at is None, "no callback is owed"


def test_a_consult_answered_at_once_ends_there_and_is_counted() -> None:
    cast = gather()
    case = cast.opens("consult")

    closed = cast.takes(case, "reply", cast.agent, at=cast.later(minutes=2), facts={"reason": "knowledge"})

    assert (closed.state, Cycle.objects.get().ending) == ("closed", "replied")


def test_a_complaint_is_reviewed_before_the_customer_is_asked() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=5))
    cast.takes(case, "answer", cast.handler, at=cast.later(hours=2))
    with pytest.raises(OutOfOrder):
        cast.confirms(case)

    back = cast.takes(case, "rework", cast.leader, at=cast.later(minutes=5), notes={"remark": "没有说明原因"})
    cast.takes(case, "answer", cast.handler, at=cast.later(hours=1))
    cast.takes(case, "review", cast.leader, at=cast.later(minutes=5))

    assert back.state == "received"
    assert cast.confirms(case).state == "closed"
    assert Cycle.objects.get().reworks == 1


def test_who_asked_not_to_be_called_is_not_called() -> None:
    cast = gather()
    case = cast.opens("situation", facts={"callback": "declined"})
    cast.answers(case)

    closed = cast.takes(
        case, "exempt_call", cast.caller, at=cast.later(hours=1), facts={"reason": "declined"}
    )

    assert (closed.state, Cycle.objects.get().ending) == ("closed", "exempt")


def test_who_did_not_ask_for_it_is_called() -> None:
    cast = gather()
    case = cast.opens("situation")
    cast.answers(case)

    with pytest.raises(NotHere):
        cast.takes(case, "exempt_call", cast.caller, at=cast.later(hours=1), facts={"reason": "declined"})


def test_the_reason_of_an_exempt_end_is_the_one_that_the_case_has() -> None:
    cast = gather()
    case = cast.opens("situation", facts={"callback": "declined"})
    cast.answers(case)

    with pytest.raises(NotHere):
        cast.takes(case, "exempt_call", cast.caller, at=cast.later(hours=1), facts={"reason": "anonymous"})


def test_a_matter_is_urged_twice_at_most() -> None:
    cast = gather()
    case = cast.opens("situation")
    cast.takes(case, "urge", cast.agent, at=cast.later(minutes=5))
    cast.takes(case, "urge", cast.agent, at=cast.later(minutes=5))

    with pytest.raises(TooOften, match="2 times"):
        cast.takes(case, "urge", cast.agent, at=cast.later(minutes=5))


def test_a_unit_appeals_and_the_panel_decides_class_and_responsibility() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.answers(case)

    cast.takes(case, "appeal", cast.leader, at=cast.later(hours=1), facts={"reason": "wrong_class"})
    decided = cast.takes(
        case,
        "decide",
        cast.inspector,
        at=cast.later(hours=1),
        facts={"responsibility": "third_party", "kind": "outage"},
    )

    assert decided.kind == "outage"
    assert Cycle.objects.get().responsibility == "third_party"
    with pytest.raises(TooOften):
        cast.takes(case, "appeal", cast.leader, at=cast.later(hours=1), facts={"reason": "not_true"})


def test_what_lies_beyond_the_law_is_ended_by_supervision_with_its_reason() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "YJP"})

    ended = cast.takes(
        case, "terminate", cast.inspector, at=cast.later(hours=1), facts={"reason": "beyond_law"}
    )

    assert (ended.state, Cycle.objects.get().ending) == ("terminated", "terminated")
