"""Two people, a worker and a killed writer at the same case: told, not lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bihuan.cases.models import Case, Entry, Seal
from bihuan.flow import actions as flow
from bihuan.flow.queries import Checked, verify
from bihuan.flow.rules import OutOfOrder
from bihuan.flow.rules.refusals import StalePage
from bihuan.kernel.errors import BihuanError
from tests.cast import Cast, gather

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all at the same moment; gives results or refusals in the order of the works."""
    gate = threading.Barrier(len(works))
    said: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            said[place] = work()
        except BihuanError as refused:
            said[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return said


def dispatched(cast: Cast) -> Case:
    case = cast.opens("repair")
    return cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})


def test_two_people_arrive_at_once_and_one_is_told() -> None:
    cast = gather()
    case = dispatched(cast)
    cast.later(minutes=10)

    said = at_once(*[lambda: cast.takes(case, "arrive", cast.crew) for _ in range(4)])

    assert sum(isinstance(one, Case) for one in said) == 1
    assert sum(isinstance(one, OutOfOrder) for one in said) == 3
    assert Entry.objects.filter(case=case, step="arrive").count() == 1


def test_the_same_form_sent_twice_at_once_is_done_once() -> None:
    cast = gather()
    case = dispatched(cast)
    cast.later(minutes=10)

    said = at_once(*[lambda: cast.takes(case, "arrive", cast.crew, client_id="one") for _ in range(4)])

    assert all(isinstance(one, Case) for one in said)
    assert Entry.objects.filter(case=case, step="arrive").count() == 1


def test_the_same_call_sent_twice_at_once_is_one_case() -> None:
    cast = gather()

    said = at_once(*[lambda: cast.opens("repair", client_id="one") for _ in range(4)])

    assert len({case.pk for case in said if isinstance(case, Case)}) == 1
    assert Case.objects.count() == 1


def test_two_pages_of_the_same_state_one_is_stale() -> None:
    cast = gather()
    case = dispatched(cast)
    cast.later(minutes=1)

    said = at_once(
        lambda: cast.takes(case, "receive", cast.dispatcher, expected_seq=2),
        lambda: cast.takes(case, "return", cast.handler, expected_seq=2, facts={"reason": "unclear"}),
    )

    assert sorted(type(one).__name__ for one in said) == ["Case", "StalePage"]
    assert isinstance(next(one for one in said if not isinstance(one, Case)), StalePage)


def test_sealing_among_writers_misses_nothing() -> None:
    cast = gather()
    start = cast.now

    def opens() -> None:
        for _ in range(5):
            cast.opens("repair", at=start)

    at_once(opens, opens, *[lambda: flow.seal(at=start + timedelta(minutes=1)) for _ in range(3)])
    flow.seal(at=start + timedelta(minutes=2))

    assert sum(Seal.objects.values_list("entries", flat=True)) == Entry.objects.count() == 10
    assert list(verify(Checked())) == []


def test_a_writer_that_dies_half_way_leaves_nothing() -> None:
    cast = gather()
    case = dispatched(cast)

    def half_way() -> None:
        with transaction.atomic():
            cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), client_id="x")
            raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        half_way()

    assert Case.objects.get(pk=case.pk).last_seq == 2
    again = cast.takes(case, "receive", cast.dispatcher, client_id="x")
    assert again.last_seq == 3
    assert list(verify(Checked())) == []
