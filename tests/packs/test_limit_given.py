"""A clock remembers amount and unit; the rest of its limit is looked up in its pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from django.test import override_settings

from bihuan.kernel.hours import BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.packs import queries

PACK = """
[pack]
code = "town"
edition = "1"
title = { zh = "本市", en = "Our town" }
source = "here"
valid_from = 2007-01-01

[[hours]]
code = "hall"
windows = [{ days = ["working"], from = 09:00:00, to = 17:00:00 }]

[[promise]]
code = "matter-answer"
title = { zh = "答复", en = "Answer" }
kind = "step_limit"
loops = ["complaint"]
starts = "accepted"
keeps = "answered"
public = true
certainty = "design"
limits = [
  { area = "urban", amount = 2, unit = "working_days", cutoff = 15:00:00 },
  { area = "rural", amount = 20, unit = "business_hours", hours = "hall" },
]
"""
HALL = BusinessHours((Window(("working",), time(9), time(17)),))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(tmp_path: Path) -> Iterator[None]:
    """A utility whose only pack has a cut-off and business hours."""
    folder = tmp_path / "town"
    folder.mkdir()
    folder.joinpath("pack.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "calendars").mkdir()
    here = Path(__file__).parents[2] / "packs" / "calendars" / "cn.toml"
    tmp_path.joinpath("calendars", "cn.toml").write_text(here.read_text(encoding="utf-8"), encoding="utf-8")
    with override_settings(BIHUAN_PACKS_DIR=tmp_path, BIHUAN_PACKS=["town"]):
        queries.forget()
        yield
    queries.forget()


def given(area: str, amount: int, unit: str, promise: str = "matter-answer") -> Limit | None:
    return queries.limit_given(
        pack="town", promise=promise, area=area, customer_class="lv", amount=amount, unit=unit
    )


def test_cut_off_and_hours_come_from_the_pack() -> None:
    assert given("urban", 2, "working_days") == Limit(2, LimitUnit.working_days, cutoff=time(15))
    assert given("rural", 20, "business_hours") == Limit(20, LimitUnit.business_hours, hours=HALL)


def test_what_no_text_has_any_more_is_a_plain_limit() -> None:
    assert given("urban", 3, "working_days") == Limit(3, LimitUnit.working_days)
    assert given("urban", 2, "working_days", "first-contact") == Limit(2, LimitUnit.working_days)
    assert given("rural", 30, "business_hours") is None


def test_a_clock_of_somebody_elses_promise_has_no_limit() -> None:
    assert given("", 0, "") is None
