"""Callers of one fault: one crew, and each caller is called back. What the rules send to supervision goes there by itself."""

from __future__ import annotations

import pytest

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.flow import actions as flow
from bihuan.flow import queries
from bihuan.flow.queries import Checked
from bihuan.flow.rules.refusals import CantJoin, UnknownCase
from bihuan.people import actions as people
from bihuan.promises.models import Clock
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db


def two_callers(cast: Cast) -> tuple[Case, Case]:
    """The second call about the same fault is merged into the first."""
    main = cast.opens("repair")
    cast.takes(main, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    cast.later(minutes=5)
    second = cast.opens("repair")
    cast.takes(second, "merge", cast.agent, at=cast.later(minutes=1), facts={"into": main.number})
    return main, second


def works(cast: Cast, case: Case) -> None:
    """The crew takes the main case to light again."""
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=3), facts={"crew": "YJP-Q1"})
    cast.takes(case, "arrive", cast.crew, at=cast.later(minutes=20))
    cast.takes(case, "restore", cast.crew, at=cast.later(minutes=15), facts={"cause": "fuse"})


def test_merged_callers_are_each_called_back() -> None:
    cast = gather()
    main, second = two_callers(cast)
    works(cast, main)

    followed = flow.follow(recorded_at=cast.later(minutes=1))

    assert (followed.taken, followed.refused) == (4, ())
    assert list(Case.objects.order_by("opened_at").values_list("state", flat=True)) == ["restored"] * 2
    cast.confirms(main)
    cast.confirms(second)
    assert list(Case.objects.values_list("state", flat=True)) == ["closed", "closed"]
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_a_merged_case_has_its_own_clock_from_its_own_call() -> None:
    cast = gather()
    main, second = two_callers(cast)
    works(cast, main)
    flow.follow(recorded_at=cast.later(minutes=1))

    starts = dict(Clock.objects.filter(promise="repair-arrival").values_list("case_id", "started_at"))
    ends = set(Clock.objects.filter(promise="repair-arrival").values_list("ended_at", flat=True))

    assert starts == {main.pk: moment("2007-06-05 09:00"), second.pk: moment("2007-06-05 09:07")}
    assert ends == {moment("2007-06-05 09:31")}


def test_what_is_followed_names_the_main_case_s_entry_and_is_taken_once() -> None:
    cast = gather()
    main, second = two_callers(cast)
    works(cast, main)
    flow.follow(recorded_at=cast.later(minutes=1))

    again = flow.follow(recorded_at=cast.later(minutes=1))

    told = Entry.objects.filter(case=second, step="arrive").get()
    assert again.taken == 0
    assert (told.facts["via"], told.actor) == (f"{main.number}#4", cast.crew.actor)


def test_a_case_split_off_goes_its_own_way() -> None:
    cast = gather()
    main, second = two_callers(cast)
    cast.takes(second, "split", cast.agent, at=cast.later(minutes=1), facts={"reason": "other_fault"})
    works(cast, main)

    assert flow.follow(recorded_at=cast.later(minutes=1)).taken == 0
    assert Case.objects.get(pk=second.pk).parent is None
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_a_complaint_is_never_merged_with_a_repair() -> None:
    cast = gather()
    repair = cast.opens("repair")
    complaint = cast.opens("complaint")

    with pytest.raises(CantJoin):
        cast.takes(complaint, "merge", cast.agent, at=cast.later(minutes=1), facts={"into": repair.number})


def test_chains_and_rings_are_refused() -> None:
    cast = gather()
    main, second = two_callers(cast)
    third = cast.opens("repair")

    for case, into in ((third, second.number), (main, third.number), (third, third.number)):
        with pytest.raises(CantJoin):
            cast.takes(case, "merge", cast.agent, at=cast.later(minutes=1), facts={"into": into})
    with pytest.raises(UnknownCase):
        cast.takes(third, "merge", cast.agent, at=cast.later(minutes=1), facts={"into": "CQ-BX-0"})


def test_the_same_matter_brought_three_times_goes_to_supervision_by_itself_and_once() -> None:
    cast = gather()
    house = people.house_machine(at=moment("2007-06-01 00:00"))
    assert house is not None
    numbers = [""]
    for _ in range(3):
        facts = {"repeat_of": numbers[-1]} if numbers[-1] else {}
        numbers.append(cast.opens("complaint", facts=facts).number)

    assert [flow.watch(by=house, at=cast.later(hours=hours)) for hours in (1, 1)] == [1, 0]

    supervised = Cycle.objects.get(supervisions=1)
    assert (supervised.case.number, supervised.case.times) == (numbers[-1], 3)
    assert Entry.objects.get(step="supervise").facts == {"reason": "repeated"}


@pytest.mark.parametrize("severity", ["special", "major"])
def test_a_special_or_major_complaint_goes_to_supervision_by_itself(severity: str) -> None:
    cast = gather()
    house = people.house_machine(at=moment("2007-06-01 00:00"))
    assert house is not None
    cast.opens("complaint", facts={"severity": severity})
    cast.opens("complaint", facts={"severity": "important"})

    assert flow.watch(by=house, at=cast.later(hours=1)) == 1
    assert Entry.objects.get(step="supervise").facts == {"reason": "severity"}
