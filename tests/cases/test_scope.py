"""A case handed on stays readable to the units that had it; others never see it."""

import pytest

from bihuan.cases.models import Case
from bihuan.people.rules import Scope
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db


def seen(cast: Cast, *paths: str) -> list[str]:
    return list(Case.objects.all().within(Scope(company=False, paths=paths)).values_list("number", flat=True))


def test_a_unit_sees_its_own_cases_and_the_company_sees_all() -> None:
    cast = gather()
    case = cast.opens("repair")

    assert seen(cast, cast.yang.path) == [case.number]
    assert seen(cast, cast.nan.path) == []
    assert seen(cast) == []
    assert Case.objects.all().within(Scope(company=True, paths=())).count() == 1


def test_a_case_handed_on_stays_readable_to_the_unit_that_returned_it() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    cast.takes(case, "return", cast.dispatcher, at=cast.later(minutes=2), facts={"reason": "wrong_unit"})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "NA"})

    assert seen(cast, cast.nan.path) == [case.number]
    assert seen(cast, cast.yang.path) == [case.number]
