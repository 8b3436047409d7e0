"""The weekly report: drawn, frozen, and told what differs."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from bihuan.cases.models import Case
from bihuan.reports import actions, queries
from bihuan.reports.actions import MayNotFreeze, PeriodNotOver
from bihuan.reports.layouts import html, pdf
from bihuan.reports.layouts import json as json_layout
from bihuan.reports.models import Snapshot
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

MONDAY = moment("2007-06-11 08:00")


@pytest.fixture
def cast() -> Cast:
    cast = gather()
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    cast.confirms(cast.answers(cast.opens("complaint", at=moment("2007-06-06 09:00"))))
    return cast


def freeze(cast: Cast, **more: object) -> Snapshot:
    given = {
        "kind": "weekly",
        "name": "2007-W23",
        "at": MONDAY,
        "known": MONDAY,
        "by": cast.editor.actor,
        "recorded_at": MONDAY,
    }
    return actions.freeze(**(given | more))  # type: ignore[arg-type]


def test_json_has_the_keys_of_the_figures(cast: Cast) -> None:
    told = json.loads(
        json_layout.draw(queries.report(kind="weekly", name="2007-W23", unit=None, at=MONDAY, known=MONDAY))
    )

    assert list(told) == ["from", "to", "at", "known", "seal", "figures"]
    assert (told["from"], told["to"], told["at"]) == ("2007-06-04", "2007-06-10", "2007-06-11T08:00:00+08:00")
    assert next(row for row in told["figures"] if row["code"] == "repair.arrived_in_time") == {
        "code": "repair.arrived_in_time",
        "title": "抵达现场及时率",
        "unit": None,
        "measure": "percent",
        "decimals": 2,
        "numerator": 1,
        "denominator": 1,
        "value": "100.00",
        "target": "100.00",
    }


def test_pdf_and_page_are_drawn_in_both_languages(cast: Cast) -> None:
    report = queries.report(kind="weekly", name="2007-W23", unit=None, at=MONDAY, known=MONDAY)

    assert pdf.draw(report).startswith(b"%PDF-")
    assert pdf.draw(report, language="en").startswith(b"%PDF-")
    assert "抵达现场及时率" in html.draw(report)
    assert "Arrived in time" in html.draw(report, language="en")


def test_a_frozen_report_carries_the_seal_and_reads_as_it_was(cast: Cast) -> None:
    live = queries.report(kind="weekly", name="2007-W23", unit=None, at=MONDAY, known=MONDAY)

    kept = freeze(cast)

    assert (kept.version, kept.seal, kept.differs) == (1, 1, [])
    assert queries.frozen(kept).figures == live.figures


def test_freezing_again_without_a_difference_gives_the_same_version(cast: Cast) -> None:
    assert freeze(cast) == freeze(cast)


def test_a_correction_makes_an_erratum_that_names_what_differs(cast: Cast) -> None:
    freeze(cast)
    tuesday = moment("2007-06-12 10:00")
    repair = Case.objects.get(loop="repair")
    cast.now = tuesday
    facts = {"seq": 4, "reason": "evidence", "new_at": "2007-06-05T02:00:00.000000Z"}
    cast.takes(repair, "correct", cast.inspector, facts=facts)

    kept = freeze(cast, known=tuesday, recorded_at=tuesday)

    assert kept.version == 2
    assert {"code": "repair.arrived_in_time", "unit": None, "was": [1, 1], "is": [0, 1]} in kept.differs
    assert {row["code"] for row in kept.differs} == {
        "repair.arrived_in_time",
        "repair.arrival_minutes",
        "repair.fix_minutes",
        "promise.kept",
        "promise.order_in_time",
        "promise.kept.repair-arrival",
    }
    assert list(queries.differing_snapshots()) == []


def test_only_the_editor_freezes(cast: Cast) -> None:
    with pytest.raises(MayNotFreeze):
        freeze(cast, by=cast.agent.actor)

    assert not Snapshot.objects.exists()


def test_a_week_is_frozen_when_it_is_over(cast: Cast) -> None:
    with pytest.raises(PeriodNotOver):
        freeze(cast, at=moment("2007-06-10 12:00"))


@pytest.mark.server
@pytest.mark.parametrize(
    "attack", ["UPDATE reports_snapshot SET content = ''", "DELETE FROM reports_snapshot"]
)
def test_a_frozen_report_can_not_be_changed_by_the_application(cast: Cast, attack: str) -> None:
    freeze(cast)

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(attack)
