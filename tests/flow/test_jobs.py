"""The door's jobs: three lines each, and safe to run twice."""

import pytest

from bihuan.cases.models import Seal
from bihuan.flow import jobs
from bihuan.promises.models import Verdict
from tests.cast import gather

pytestmark = pytest.mark.django_db


def test_the_judge_writes_a_breach_once() -> None:
    cast = gather()
    cast.opens("repair")

    jobs.judge(timestamp=0)
    jobs.judge(timestamp=0)

    assert [row.verdict for row in Verdict.objects.all()] == ["broken"]


def test_a_day_is_sealed_once() -> None:
    cast = gather()
    cast.opens("repair")

    jobs.seal(timestamp=0)
    jobs.seal(timestamp=0)

    assert Seal.objects.get().entries == 1
