"""Somebody else's history comes in as its map says, marked as imported, and nothing of a faulty file is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.bridges.eventlog import adapter
from bihuan.bridges.eventlog.adapter import Imported, NoCompany, import_events
from bihuan.bridges.eventlog.map import EventMap, MapFault, read_map
from bihuan.bridges.eventlog.moment import NoMoment, parsed
from bihuan.cases.models import Case, Cycle, Entry, Note
from bihuan.flow.queries import Checked, verify
from bihuan.people.models import Membership, Unit
from bihuan.promises.models import Clock, Verdict
from tests.cast import Cast, gather

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

REQUESTS = """
shape = "case"
number = { column = "id", prefix = "X" }
loop = "situation"
[time]
zone = "Europe/Berlin"
formats = ["%d.%m.%Y %H:%M"]
[steps]
accept = "opened"
answer = "closed"
[facts.accept]
kind = "topic"
source_due = "due"
description = "words"
[unit]
column = "office"
create = true
company = { code = "TOWN", zh = "市政府", en = "Town hall" }
values = { "Water Works" = "WW" }
names = { WW = { zh = "水务局", en = "Water works" } }
"""
ROW = {
    "id": "1",
    "opened": "01.07.2024 10:00",
    "closed": "03.07.2024 10:00",
    "due": "03.07.2024 09:59",
    "topic": "leak",
    "office": "Water Works",
    "words": "a puddle",
}

LOG = """
shape = "step"
number = "case"
loop = { column = "type", values = { R = "repair", C = "complaint" }, only_listed = true }
packs = ["sgcc-2005"]
[time]
zone = "Asia/Shanghai"
[steps]
column = "activity"
at = "time"
values = { open = "accept", send = "dispatch", there = "arrive", light = "restore", ask = "confirm", no = "attempt" }
[actors]
any = "who"
[facts.accept]
area = { column = "value", values = { city = "urban" } }
[facts.dispatch]
unit = "office"
[facts.confirm]
satisfaction = { column = "value", values = { "5" = "very_satisfied" } }
solved = { column = "solved" }
[unit]
column = "office"
"""
HAPPENED = [
    ("open", "2007-07-02 10:00", "city", "anna"),
    ("send", "2007-07-02 10:02", "", "anna"),
    ("there", "2007-07-02 10:45", "", "bert"),
    ("light", "2007-07-02 11:00", "", "bert"),
    ("ask", "2007-07-02 15:00", "5", "carl"),
]


def a_map(folder: Path, text: str) -> EventMap:
    file = folder / "map.toml"
    file.write_text(text, encoding="utf-8")
    return read_map(file, zone="Asia/Shanghai")


def requests(folder: Path, *rows: dict[str, str], text: str = REQUESTS, **more: Any) -> Imported:
    numbered = list(enumerate(rows, start=2))
    return import_events(rows=numbered, means=a_map(folder, text), at=NOW, **more)


def log(folder: Path, steps: list[tuple[str, str, str, str]], text: str = LOG, **more: Any) -> Imported:
    rows = [
        {
            "case": "77",
            "type": "R",
            "activity": what,
            "time": at,
            "value": value,
            "who": who,
            "office": "YJP",
            "solved": "yes",
        }
        for what, at, value, who in steps
    ]
    return requests(folder, *rows, text=text, **more)


def said(done: Imported) -> list[str]:
    return [f"{fault.row} {fault.field}: {fault.words.en}" for fault in done.faults]


@pytest.mark.django_db
def test_one_row_is_one_case_with_its_due_time_and_unit(tmp_path: Path) -> None:
    done = requests(tmp_path, ROW)

    assert (done.good, done.cases, done.entries, done.units) == (1, 1, 2, ("TOWN", "WW"))
    case = Case.objects.get()
    assert (case.number, case.loop, case.state, case.kind, case.imported) == (
        "X1",
        "situation",
        "answered",
        "leak",
        True,
    )
    assert case.opened_at == datetime(2024, 7, 1, 8, tzinfo=UTC)
    assert case.unit is not None
    assert (case.unit.path, case.unit.kind, case.unit.name_zh) == ("TOWN/WW/", "bureau", "水务局")
    assert Note.objects.get().text == "a puddle"
    clock = Clock.objects.get()
    assert (clock.promise, clock.due_at, clock.unit) == (
        "source-due",
        datetime(2024, 7, 3, 7, 59, tzinfo=UTC),
        case.unit,
    )
    assert (Verdict.objects.get().verdict, Verdict.objects.get().late_seconds) == ("broken", 60)


@pytest.mark.django_db
def test_what_is_imported_is_recorded_now_and_verifies(tmp_path: Path) -> None:
    requests(tmp_path, ROW)

    assert set(Entry.objects.values_list("recorded_at", flat=True)) == {NOW}
    assert list(verify(Checked())) == []


@pytest.mark.django_db
def test_a_second_run_adds_only_what_is_new(tmp_path: Path) -> None:
    requests(tmp_path, ROW)

    done = requests(tmp_path, ROW, ROW | {"id": "2"})

    assert (done.known, done.good, done.cases, done.units) == (1, 1, 1, ())
    assert list(Case.objects.order_by("number").values_list("number", flat=True)) == ["X1", "X2"]
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_what_somebody_else_writes_meanwhile_is_not_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests(tmp_path, ROW)
    monkeypatch.setattr(adapter, "_without_known", lambda found: 0)

    with pytest.raises(adapter.ImportedMeanwhile):
        requests(tmp_path, ROW)

    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_number_of_our_own_is_not_taken_for_an_import(tmp_path: Path) -> None:
    own = gather().opens()

    done = requests(tmp_path, ROW | {"id": own.number}, text=REQUESTS.replace(', prefix = "X"', ""))

    assert said(done) == [f"2 : “{own.number}” is the number of a case of our own; give the map a prefix"]
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": ""}, "2 id: “” can't be a case number"),
        ({"opened": ""}, "2 opened: the time of acceptance is missing"),
        ({"opened": "soon"}, "2 opened: “soon” is no time"),
        ({"opened": "31.03.2024 02:30"}, "2 opened: “31.03.2024 02:30” is no time"),
        ({"closed": "30.06.2024 10:00"}, "2 at: The time is before the case was accepted"),
        ({"closed": "03.07.2034 10:00"}, "2 at: The time lies in the future"),
        ({"due": "later"}, "2 due: “later” is no time"),
        ({"topic": "x" * 65}, "2 topic: longer than 64 characters"),
        ({"office": "Fire Brigade"}, "2 office: “Fire Brigade” can't be a unit's code"),
    ],
)
def test_a_faulty_row_is_told_and_nothing_is_written(
    tmp_path: Path, change: dict[str, str], fault: str
) -> None:
    done = requests(tmp_path, ROW | change, ROW | {"id": "2"})

    assert len(done.faults) == 1
    assert said(done)[0].startswith(fault)
    assert (done.good, done.faulty, done.cases) == (1, 1, 0)
    assert (Case.objects.count(), Unit.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_take_good_leaves_the_faulty_case_out(tmp_path: Path) -> None:
    done = requests(tmp_path, ROW | {"opened": "soon"}, ROW | {"id": "2"}, take_good=True)

    assert (done.good, done.faulty, done.cases) == (1, 1, 1)
    assert Case.objects.get().number == "X2"


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = requests(tmp_path, ROW, dry_run=True)

    assert (done.good, done.entries, done.cases, done.units) == (1, 2, 0, ("TOWN", "WW"))
    assert (Case.objects.count(), Unit.objects.count(), Membership.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_a_column_that_the_map_names_must_be_there(tmp_path: Path) -> None:
    row = {name: text for name, text in ROW.items() if name != "due"}

    assert said(requests(tmp_path, row)) == ["1 due: the column “due” is missing"]


@pytest.mark.django_db
def test_the_same_number_twice_is_a_fault_of_one_row_a_case(tmp_path: Path) -> None:
    assert said(requests(tmp_path, ROW, ROW)) == ["3 id: “1” stands in the file twice"]


@pytest.mark.django_db
def test_a_unit_that_may_not_be_made_must_be_there(tmp_path: Path) -> None:
    done = requests(
        tmp_path, ROW, text=REQUESTS.replace("create = true", "create = false").replace("company = {", "# {")
    )

    assert said(done) == ["2 office: “WW” isn't known"]


@pytest.mark.django_db
def test_without_a_company_there_is_nowhere_to_import_to(tmp_path: Path) -> None:
    with pytest.raises(NoCompany):
        requests(tmp_path, ROW, text=REQUESTS.split("[unit]")[0])

    assert Case.objects.count() == 0


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def test_one_row_is_one_step(tmp_path: Path, cast: Cast) -> None:
    done = log(tmp_path, HAPPENED)

    assert (done.good, done.cases, done.entries, said(done)) == (1, 1, 5, [])
    cycle = Cycle.objects.get()
    assert (cycle.unit, cycle.area, cycle.satisfaction, cycle.solved) == (
        cast.yang,
        "urban",
        "very_satisfied",
        True,
    )
    assert cycle.arrived_at == datetime(2007, 7, 2, 2, 45, tzinfo=UTC)
    assert Case.objects.get().state == "closed"
    assert list(verify(Checked())) == []


def test_the_packs_that_the_map_names_apply_and_no_others(tmp_path: Path, cast: Cast) -> None:
    log(tmp_path, HAPPENED)

    arrival = Clock.objects.get(promise="repair-arrival")
    assert (arrival.pack, arrival.amount, arrival.amount_unit) == ("sgcc-2005", 45, "minutes")
    assert arrival.verdicts.get().verdict == "kept"


def test_without_packs_there_are_no_clocks(tmp_path: Path, cast: Cast) -> None:
    log(tmp_path, HAPPENED, text=LOG.replace('packs = ["sgcc-2005"]', ""))

    assert Clock.objects.count() == 0


def test_rows_may_stand_in_any_order_and_steps_may_be_missing(tmp_path: Path, cast: Cast) -> None:
    log(tmp_path, [HAPPENED[3], HAPPENED[0]])

    assert list(Entry.objects.order_by("seq").values_list("step", flat=True)) == ["accept", "restore"]
    assert Case.objects.get().state == "restored"


def test_who_executed_cannot_have_verified(tmp_path: Path, cast: Cast) -> None:
    done = log(tmp_path, [*HAPPENED[:4], ("ask", "2007-07-02 15:00", "5", "bert")])

    assert [fault.row for fault in done.faults] == [6]
    assert "can't verify" in done.faults[0].words.en
    assert Case.objects.count() == 0


def test_a_verification_by_nobody_is_refused(tmp_path: Path, cast: Cast) -> None:
    done = log(tmp_path, [*HAPPENED[:4], ("ask", "2007-07-02 15:00", "5", "")])

    assert [(fault.row, fault.field) for fault in done.faults] == [(6, "who")]
    assert done.faults[0].words.en.endswith(
        "doesn't say who did it, so nobody can tell whether it was independent"
    )
    assert Case.objects.count() == 0


def test_an_unknown_activity_is_told_with_what_there_is(tmp_path: Path, cast: Cast) -> None:
    done = log(tmp_path, [HAPPENED[0], ("fly", "2007-07-02 15:00", "", "anna")])

    assert said(done)[0].startswith("3 activity: “fly” isn't known; it may be accept, dispatch, receive")
    assert "correct" not in said(done)[0]


def test_a_case_that_never_was_accepted_is_a_fault(tmp_path: Path, cast: Cast) -> None:
    done = log(tmp_path, HAPPENED[1:])

    assert [(fault.row, fault.field) for fault in done.faults] == [(2, "step")]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('shape = "case"', 'shape = "pile"', "map.toml: shape: “pile” isn't known; it may be case, step."),
        ('loop = "situation"', "", "map.toml: loop: a table is expected."),
        ("[steps]", "[stages]", "map.toml: stages: “stages” isn't known; it may be actors, facts,"),
        ('answer = "closed"', 'reply = "closed"', "map.toml: steps.reply: “reply” isn't known; it may be"),
        (
            'answer = "closed"',
            'confirm = "closed"',
            "map.toml: steps.confirm: a verification needs its actor",
        ),
        (
            'accept = "opened"',
            "",
            "map.toml: steps.accept: the column with the time of acceptance is needed.",
        ),
        ('kind = "topic"', 'cause = "topic"', "map.toml: facts.accept.cause: “cause” isn't known; it may be"),
        ('kind = "topic"', "kind = 3", "map.toml: facts.accept.kind: a table is expected."),
        ("Europe/Berlin", "Europe/Ys", "map.toml: time.zone: there is no zone “Europe/Ys”"),
        ("[steps]", "[steps", "map.toml: it isn't TOML in UTF-8"),
    ],
)
def test_a_mistake_in_the_map_is_told_with_its_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(MapFault) as told:
        a_map(tmp_path, REQUESTS.replace(old, new))

    assert told.value.words.en.startswith(fault)


def test_a_map_that_is_not_there_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(MapFault) as told:
        read_map(tmp_path / "none.toml", zone="UTC")

    assert told.value.words.en == "none.toml: No such file or directory."


@pytest.mark.parametrize(
    ("text", "formats", "end_of_day", "expected"),
    [
        ("2024-07-01 10:00:00", (), False, datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("2024-07-01T10:00:00Z", (), False, datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("01.07.2024", ("%d.%m.%Y",), True, datetime(2024, 7, 1, 21, 59, 59, tzinfo=UTC)),
        ("1719828000", ("epoch",), False, datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("1719828000500", ("epoch_ms",), False, datetime(2024, 7, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2024-10-27 02:30:00", (), False, datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_the_map_says(
    text: str, formats: tuple[str, ...], end_of_day: bool, expected: datetime
) -> None:
    assert parsed(text, formats=formats, zone=BERLIN, end_of_day=end_of_day) == expected


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01", "2024-03-31 02:30:00", "0001-01-01", "nan"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NoMoment):
        parsed(text, formats=("epoch",), zone=BERLIN)
