"""What somebody may try with an address or a form: refused, never a fault of ours, and never more than his post allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from bihuan.cases import queries as cases
from bihuan.cases.models import Cycle
from bihuan.flow import actions as flow
from bihuan.packs.models import Target
from bihuan.people import queries as people
from bihuan.people.models import Staff
from bihuan.people.rules import Held, Scope
from bihuan.reports.models import Approval, Recipient, ReportText, Snapshot
from tests.cast import Cast, appoint, gather, moment, somebody
from tests.outages.told import fault

pytestmark = pytest.mark.django_db

WEEK = "/reports/weekly/2007-W23/"
DAYS = (
    "/indicators/",
    "/league/",
    "/perception/",
    "/process/",
    "/process/cases/",
    "/outages/",
    "/outages/figures/",
)


@pytest.fixture
def cast() -> Cast:
    return gather()


def of(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def anybody(cast: Cast) -> Client:
    """Somebody who holds every post of the company at once."""
    person = somebody("ALL", "全能", "inspector", cast.centre)
    for post in ("agent", "callback", "editor", "executive", "admin"):
        appoint(person.actor, cast.centre, post)
    return of(person)


def test_a_nul_is_refused_before_anything_reads_it(cast: Cast) -> None:
    client = anybody(cast)
    addresses = (
        "/breaches/?unit=%00",
        "/cases/?state=%00",
        "/intake/?account=%00",
        "/callbacks/?number=a%00b",
        "/callbacks/findings/?number=%00",
        "/callbacks/ledger/cases/?loop=%00",
        "/outages/known/?account=%00",
        "/promises/sgcc-2005/repair-arrival/kept/?loops=%00",
        "/cases/%00/",
        "/voltage/%00/",
    )

    assert {client.get(address).status_code for address in addresses} == {400}


def test_a_nul_in_a_form_is_refused_and_nothing_is_written(cast: Cast) -> None:
    assert (
        anybody(cast)
        .post(f"{WEEK}write/", {"chapter": "repair", "role": "comment", "text": "a\x00b"})
        .status_code
        == 400
    )
    assert not ReportText.objects.exists()


def test_days_at_the_ends_of_the_calendar_are_no_fault_of_ours(cast: Cast) -> None:
    client = anybody(cast)
    ends = ("from=9999-12-31&to=9999-12-31", "from=0001-01-01&to=0001-01-02")

    assert {client.get(f"{page}?{days}").status_code for page in DAYS for days in ends} == {200, 404}


def test_weeks_at_the_ends_of_the_calendar_are_not_found(cast: Cast) -> None:
    client = anybody(cast)
    pages = ("/reports/weekly/{}/", "/indicators/?week={}", "/callbacks/scores/?week={}")

    assert {
        client.get(page.format(week)).status_code for page in pages for week in ("0001-W01", "9999-W52")
    } == {404}


def test_no_number_of_a_page_is_a_fault(cast: Cast) -> None:
    client = anybody(cast)
    asked = ["/indicators/repair.count/cases/", "/process/cases/"]
    numbers = ["99999999", "9" * 30, "9" * 5000, "²", "-1", "x"]

    assert {client.get(f"{page}?page={number}").status_code for page in asked for number in numbers} == {200}
    assert client.get(f"{WEEK}repair.count/?page={'9' * 30}").status_code == 200


def test_what_is_approved_is_the_version_that_was_read(cast: Cast) -> None:
    cast.opens("repair")
    editor, boss = of(cast.editor), of(somebody("G1", "高远", "executive", cast.company))
    editor.post(f"{WEEK}freeze/")
    assert 'name="version" value="1"' in boss.get(WEEK).content.decode()
    editor.post(f"{WEEK}write/", {"chapter": "repair", "role": "words", "text": "All is well."})
    editor.post(f"{WEEK}freeze/")

    answer = boss.post(f"{WEEK}approve/", {"version": "1"}, follow=True)

    assert "read it first" in answer.content.decode()
    assert not Approval.objects.exists()
    boss.post(f"{WEEK}approve/", {"version": "2"})
    assert [one.snapshot.version for one in Approval.objects.select_related("snapshot")] == [2]


def test_a_unit_s_report_is_approved_not_the_company_s(cast: Cast) -> None:
    cast.opens("repair")
    editor, boss = of(cast.editor), of(somebody("G1", "高远", "executive", cast.company))
    editor.post(f"{WEEK}freeze/")
    editor.post(f"{WEEK}freeze/", {"unit": "YJP"})
    page = boss.get(f"{WEEK}?unit=YJP").content.decode()
    form = page[page.index("/approve/") :]
    assert 'name="unit" value="YJP"' in form[: form.index("</form>")]

    boss.post(f"{WEEK}approve/", {"version": "1", "unit": "YJP"})

    assert [one.snapshot.unit for one in Approval.objects.select_related("snapshot__unit")] == [cast.yang]


def test_an_editor_of_one_bureau_freezes_and_writes_nothing_of_another_nor_of_the_company(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts are data: a utility may let a bureau edit its own report."""
    known = people.memberships

    def below(actor_id: UUID, at: datetime) -> list[Held]:
        return [replace(one, scope="subtree") for one in known(actor_id, at)]

    monkeypatch.setattr(people, "memberships", below)
    client = of(somebody("B9", "白己", "editor", cast.yang))
    words: dict[str, Any] = {"chapter": "repair", "role": "words", "text": "x"}

    assert client.post(f"{WEEK}freeze/", {"unit": "NA"}).status_code == 404
    assert client.post(f"{WEEK}freeze/", {"unit": "nowhere"}).status_code == 404
    assert client.post(f"{WEEK}write/?unit=NA", words).status_code == 404
    assert client.get("/reports/readers/").status_code == 403
    assert (
        client.post(
            "/reports/readers/", {"name": "x", "address": "x@example.org", "kind": "weekly"}
        ).status_code
        == 403
    )
    assert (Snapshot.objects.count(), ReportText.objects.count(), Recipient.objects.count()) == (0, 0, 0)
    assert client.post(f"{WEEK}freeze/").status_code == 302
    assert [kept.unit for kept in Snapshot.objects.select_related("unit")] == [cast.yang]


def test_a_year_that_cannot_be_is_no_moment_of_a_step(cast: Cast) -> None:
    case = cast.opens("complaint")
    client = of(cast.agent)

    for at in ("0001-01-02T00:00", "9999-12-31T23:59"):
        told = {"client_id": at, "at": at, "expected_seq": "1", "unit": "YJP"}
        assert client.post(f"/cases/{case.number}/steps/dispatch/", told).status_code == 422
    case.refresh_from_db()
    assert case.last_seq == 1


def test_who_sets_targets_for_a_bureau_sets_none_for_another_nor_for_the_company(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = people.memberships
    monkeypatch.setattr(
        people, "memberships", lambda actor, at: [replace(one, scope="subtree") for one in known(actor, at)]
    )
    client = of(somebody("B9", "白己", "editor", cast.yang))
    aim = {"value": "90", "span": "each", "from_date": "2007-01-01", "source": "plan"}

    answers = [
        client.post("/indicators/repair.arrived_in_time/targets/", {**aim, "unit": unit})
        for unit in ("", "NA", "YJP")
    ]
    owner = client.post("/indicators/repair.arrived_in_time/targets/", {"do": "owner", "owner": "YJP"})

    assert [answer.status_code for answer in (*answers, owner)] == [403, 403, 302, 403]
    assert list(Target.objects.values_list("unit__code", flat=True)) == ["YJP"]


def test_who_opens_cases_for_a_bureau_finds_no_customer_of_another(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = people.memberships
    monkeypatch.setattr(
        people, "memberships", lambda actor, at: [replace(one, scope="subtree") for one in known(actor, at)]
    )
    near, far = (
        of(somebody(number, "安某", "agent", unit)) for number, unit in (("A7", cast.yang), ("A8", cast.nan))
    )

    def told(client: Client) -> list[bool]:
        pages = ("/intake/find/?q=13800000001", "/intake/?account=500100001", "/intake/?q=石坪村")
        return ["石坪村7号" in client.get(page, follow=True).content.decode() for page in pages]

    assert told(near) == [True, True, True]
    assert told(far) == [False, False, False]


def test_the_sums_of_money_are_those_of_its_lines(cast: Cast) -> None:
    case = cast.opens("damage")
    cast.opens("complaint")
    rounds = Cycle.objects.filter(case=case)
    rounds.update(amount_due=900, amount_paid=700, amount_recovered=200, responsibility="third_party")
    seen = Scope(company=True, paths=())
    sums = {"due": 900, "paid": 700, "recovered": 200}

    assert cases.money_sums(seen) == cases.Sums(**sums, balance=500)
    rounds.update(written_off=1)
    assert cases.money_sums(seen) == cases.Sums(**sums, balance=0)
    assert [one.case for one in cases.told_money(cases.money(seen))] == [case]
    assert cases.money_sums(Scope(company=False, paths=(cast.nan.path,))) == cases.Sums(0, 0, 0, 0)


def test_a_leader_opens_nothing_of_his_neighbour_by_guessing_its_number(cast: Cast) -> None:
    late = cast.opens("complaint")
    flow.judge(at=moment("2007-07-30 09:00"))
    repair = cast.opens("repair", at=cast.later(minutes=5))
    cast.restores(repair)
    cast.confirms(repair)
    off = fault(cast, "2007-06-11 08:00")
    next_door = of(somebody("L2", "邻居", "leader", cast.nan))
    week, days = "/reports/weekly/2007-W23", "from=2007-06-04&to=2007-06-10&unit=YJP"

    told = {
        address: next_door.get(address).status_code
        for address in (
            *(f"/cases/{case.number}/" for case in (late, repair)),
            f"/callbacks/scores/{repair.number}/{repair.last_seq}/",
            f"/outages/{off.number}/",
            f"{week}/?unit=YJP",
            f"{week}/file/xlsx/?unit=YJP",
            f"{week}/repair.count/?unit=YJP",
            f"/indicators/repair.count/cases/?{days}",
            f"/indicators/repair.count/cases.csv?{days}",
            f"/indicators/repair.count/cases.xlsx?{days}",
        )
    }
    lists = (
        *("/", "/cases/", f"/cases/?q={late.number}", "/breaches/?unit=YJP", "/money/?unit=YJP"),
        *(f"/callbacks/ledger/cases/?{days}", f"/callbacks/findings/?number={repair.number}&state="),
        *("/outages/?which=past&unit=YJP", f"/process/cases/?loop=repair&{days}", "/callbacks/questions/"),
    )
    numbers = (late.number, repair.number, off.number)
    found = [
        page for page in lists if any(f"/{one}/" in next_door.get(page).content.decode() for one in numbers)
    ]

    assert set(told.values()) <= {403, 404}
    assert found == []
    for address in (f"/cases/{late.number}/steps/review/", f"/cases/{late.number}/steps/explain/"):
        assert next_door.post(address, {"client_id": address}).status_code == 404
    assert next_door.post(f"/outages/{off.number}/correct/", {"reason": "x", "users": "1"}).status_code == 404


def test_what_costs_anything_is_found_without_reading_every_round(cast: Cast) -> None:
    for _ in range(30):
        cast.opens("complaint", at=cast.later(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_cycle")
        cursor.execute("SET LOCAL enable_seqscan = off")

    told = cases.money(Scope(company=True, paths=())).explain()

    assert "cycle_costly" in told
