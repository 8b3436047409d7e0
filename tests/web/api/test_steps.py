"""What comes over the API leaves the same trace as what is done at the desk, once, however often it is sent."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from bihuan.cases.models import Case, Cycle, Entry, Note
from bihuan.flow import actions as flow
from bihuan.people import actions as people
from bihuan.people.models import Staff
from bihuan.promises.models import Clock, Verdict
from tests.cast import FOUNDED, Cast, moment
from tests.web.api.conftest import Api, Caller

CALL = {
    "loop": "repair",
    "client_id": "c-1",
    "account": "500100001",
    "facts": {"kind": "lv", "area": "urban", "source": "api"},
    "notes": {"description": "整栋楼停电"},
}
WAY: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("dispatch", "agent", "09:02", {"unit": "YJP"}),
    ("receive", "dispatcher", "09:05", {"crew": "YJP-Q1"}),
    ("arrive", "crew", "09:50", {}),
    ("restore", "crew", "10:10", {"cause": "fuse"}),
    ("confirm", "caller", "11:00", {"solved": True, "satisfaction": "satisfied", "rang_on_arrival": True}),
)
OWN = {"id", "case_id", "clock_id", "number", "salt", "hash", "digest"}


def test_what_comes_over_the_api_leaves_the_same_trace(cast: Cast, api_of: Caller) -> None:
    with time_machine.travel(moment("2007-06-05 09:00"), tick=False) as clock:
        number = api_of(cast.agent).post("cases", CALL).json()["number"]
        for step, who, time, facts in WAY:
            clock.move_to(moment(f"2007-06-05 {time}"))
            answer = api_of(getattr(cast, who)).post(
                f"cases/{number}/steps", {"step": step, "facts": facts, "client_id": f"{step}-1"}
            )
            assert answer.status_code == 200
    at_the_desk = _at_the_desk(cast)

    over_the_api = Case.objects.get(number=number)

    assert _trace(over_the_api) == _trace(at_the_desk)
    assert [row["step"] for row in _trace(over_the_api)["Entry"]] == ["accept", *(step[0] for step in WAY)]
    assert [row["verdict"] for row in _trace(over_the_api)["Verdict"]] == ["broken", "kept"]


def test_the_same_id_with_the_same_content_is_answered_not_done_again(cast: Cast, api_of: Caller) -> None:
    agent = api_of(cast.agent)

    first, second = agent.post("cases", CALL), agent.post("cases", CALL)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Case.objects.count() == 1
    number = first.json()["number"]
    assert first["Location"] == f"/api/cases/{number}"
    step = {"step": "dispatch", "client_id": "d-1", "facts": {"unit": "YJP"}}
    once, twice = agent.post(f"cases/{number}/steps", step), agent.post(f"cases/{number}/steps", step)
    assert (once.status_code, once.json()) == (twice.status_code, twice.json())
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    "other", [{"facts": {"kind": "hv", "area": "urban"}}, {"at": "2007-06-05T09:00:00+08:00"}]
)
def test_the_same_id_with_other_content_is_refused(cast: Cast, api_of: Caller, other: dict[str, Any]) -> None:
    agent = api_of(cast.agent)
    agent.post("cases", CALL)

    answer = agent.post("cases", CALL | other)

    assert (answer.status_code, answer.json()["code"]) == (409, "client_id_reused")
    assert Case.objects.count() == 1


def test_two_clients_may_use_the_same_id(cast: Cast, api_of: Caller) -> None:
    other = people.hire(number="A2", name="安康")
    people.appoint(actor=other.actor, unit=cast.centre, post="agent", starts_at=FOUNDED, recorded_at=FOUNDED)

    for person in (cast.agent, other):
        assert api_of(person).post("cases", CALL).status_code == 201

    assert Case.objects.count() == 2


def test_a_machine_with_a_post_may_do_what_the_post_allows(cast: Cast) -> None:
    machine = people.machine_actor(label="gis")
    people.appoint(actor=machine, unit=cast.company, post="agent", starts_at=FOUNDED, recorded_at=FOUNDED)
    api = Api(people.issue_token(actor=machine, label="gis", created_at=FOUNDED))

    number = api.post("cases", CALL).json()["number"]

    assert Entry.objects.get().actor == machine
    assert api.get(f"cases/{number}").json()["timeline"][0]["actor_kind"] == "machine"


def _at_the_desk(cast: Cast) -> Case:
    """The same way, taken as the desk takes it."""
    case = flow.begin(
        loop="repair",
        by=cast.agent.actor,
        at=moment("2007-06-05 09:00"),
        recorded_at=moment("2007-06-05 09:00"),
        facts=CALL["facts"],  # type: ignore[arg-type]
        notes=CALL["notes"],  # type: ignore[arg-type]
        premises=cast.account.premises,
        customer=cast.account.customer,
        account=cast.account,
        client_id="desk-1",
    )
    for step, who, time, facts in WAY:
        person: Staff = getattr(cast, who)
        at = moment(f"2007-06-05 {time}")
        case = flow.take(
            case_id=case.pk,
            step=step,
            by=person.actor,
            at=at,
            recorded_at=at,
            facts=facts,
            client_id=f"{step}-desk",
        )
    return case


def _trace(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Every row of a case but for keys, salts and what is made from them."""
    rows = {
        "Case": Case.objects.filter(pk=case.pk),
        "Entry": Entry.objects.filter(case=case).order_by("seq"),
        "Note": Note.objects.filter(case=case).order_by("seq", "field"),
        "Cycle": Cycle.objects.filter(case=case).order_by("cycle"),
        "Clock": Clock.objects.filter(case=case).order_by("promise", "cycle"),
        "Verdict": Verdict.objects.filter(clock__case=case).order_by("recorded_at", "id"),
    }
    return {
        name: [{key: value for key, value in row.items() if key not in OWN} for row in found.values()]
        for name, found in rows.items()
    }
