"""What we export is read by PM4Py, and it finds the ways that our own process view tells."""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from bihuan.cases.models import Case, Entry
from bihuan.commands import export
from bihuan.indicators.queries.process import process
from bihuan.indicators.rules import week
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import SAME, START
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people.models import Staff
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = [
    pytest.mark.django_db,
    # It tells of a faster reader that it could use.
    pytest.mark.filterwarnings("ignore:Install the optional requirement `r4pm`:UserWarning"),
    pytest.mark.filterwarnings("ignore:the matrix subclass is not:PendingDeprecationWarning"),
]
WEEK = week("2007-W23", CHONGQING)
AT = moment("2007-06-20 00:00")


@pytest.fixture(scope="module")
def pm4py() -> Iterator[Any]:
    """Somebody else's program; what it warns of in itself and its own libraries isn't ours to mend."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import pm4py as theirs

        yield theirs


@pytest.fixture
def cast() -> Cast:
    """Two repairs straight through, one returned by the wrong unit, one sent back with its arrival put right, one urged before an
    arrival that was written down late, one merged; a tip-off; a complaint."""
    made = gather()
    for _ in range(2):
        case = made.opens("repair", at=moment("2007-06-05 09:00"))
        made.restores(case)
        made.confirms(case)
    wrong = made.opens("repair", at=moment("2007-06-05 13:00"))
    made.takes(wrong, "dispatch", made.agent, at=made.later(minutes=2), facts={"unit": "NA"})
    made.takes(wrong, "return", made.neighbour, at=made.later(minutes=2), facts={"reason": "wrong_unit"})
    made.restores(wrong)
    twice = made.opens("repair", at=moment("2007-06-06 09:00"))
    made.restores(twice)
    unsolved = {"reason": "not_solved", "solved": False}
    made.takes(twice, "send_back", made.caller, at=made.later(hours=1), facts=unsolved)
    made.restores(twice)
    made.confirms(twice)
    right = {"seq": 4, "reason": "evidence", "new_at": moment("2007-06-06 09:15").isoformat()}
    made.takes(twice, "correct", made.inspector, at=made.later(days=1), facts=right)
    late = made.opens("repair", at=moment("2007-06-07 09:00"))
    made.takes(late, "dispatch", made.agent, at=moment("2007-06-07 09:02"), facts={"unit": "YJP"})
    made.takes(late, "receive", made.dispatcher, at=moment("2007-06-07 09:05"), facts={"crew": "YJP-Q1"})
    made.takes(late, "urge", made.agent, at=moment("2007-06-07 09:40"))
    made.now = moment("2007-06-07 10:00")
    made.takes(late, "arrive", made.crew, at=moment("2007-06-07 09:30"))
    same = made.opens("repair", at=moment("2007-06-07 10:00"))
    made.takes(same, "merge", made.agent, at=made.later(minutes=2), facts={"into": late.number})
    made.opens("tipoff", at=moment("2007-06-07 11:00"), facts={"about": "YJP"})
    made.answers(made.opens("complaint", at=moment("2007-06-08 09:00")))
    return made


def exported(folder: Path, form: str) -> str:
    """The path of the week as `bihuan export events` writes it."""
    out = folder / f"week.{form}"
    parser = argparse.ArgumentParser()
    export.add(parser)
    asked = ["events", "--from", "2007-06-04", "--to", "2007-06-10", "--format", form, "--out", str(out)]
    assert export.run(parser.parse_args(asked)) == 0
    return str(out)


def steps_of(log: Any) -> dict[str, list[str]]:
    """Case by case, the activities in their order."""
    return {
        case: [row["concept:name"] for _, row in rows.iterrows()]
        for case, rows in log.groupby("case:concept:name")
    }


def kept() -> dict[str, list[Entry]]:
    """The entries of the cases that may be told, in the order of writing."""
    found = Case.objects.filter(confidential=False).order_by("opened_at", "id")
    return {
        case.number: [entry for entry in case.entries.order_by("seq") if entry.step != "correct"]
        for case in found
    }


def test_pm4py_reads_every_case_and_step_from_xes(cast: Cast, pm4py: Any, tmp_path: Path) -> None:
    log = pm4py.read_xes(exported(tmp_path, "xes"))

    ours = kept()
    late = next(number for number, entries in ours.items() if any(entry.step == "urge" for entry in entries))
    told = steps_of(log)
    assert set(told) == set(ours)
    assert told.pop(late) == ["accept", "dispatch", "receive", "arrive", "urge"]
    assert told == {number: [entry.step for entry in ours[number]] for number in told}
    assert set(log["lifecycle:transition"]) == {"complete"}
    assert set(log["case:bihuan:loop"]) == {"repair", "complaint"}
    assert "org:resource" not in log.columns


def test_times_units_and_sides_arrive_as_they_were_kept(cast: Cast, pm4py: Any, tmp_path: Path) -> None:
    log = pm4py.read_xes(exported(tmp_path, "xes"))

    ours = {(number, entry.seq): entry for number, entries in kept().items() for entry in entries}
    assert len(log) == len(ours)
    corrected = []
    for _, row in log.iterrows():
        entry = ours[row["case:concept:name"], row["bihuan:seq"]]
        assert (row["concept:name"], row["org:role"]) == (entry.step, entry.side)
        assert row["org:group"] == (entry.unit.code if entry.unit else None)
        assert row["bihuan:recorded_at"].to_pydatetime() == entry.recorded_at
        happened = row["time:timestamp"].to_pydatetime()
        if row["bihuan:corrected"]:
            corrected.append(happened)
        else:
            assert happened == entry.at
    assert corrected == [datetime(2007, 6, 6, 1, 15, tzinfo=UTC)]


def test_the_graph_that_pm4py_finds_is_the_one_that_we_show(cast: Cast, pm4py: Any, tmp_path: Path) -> None:
    log = pm4py.read_xes(exported(tmp_path, "xes"))

    for code in ("repair", "complaint"):
        told = process(loop=loop_of(code), period=WEEK, at=AT)
        theirs = log[log["case:bihuan:loop"] == code]
        graph, starts, _ = pm4py.discover_dfg(theirs)
        assert {(one.step, one.after): one.times for one in told.arrows} == dict(graph)
        assert starts == {"accept": told.cases}
        assert {one.way: one.cases for one in told.variants} == dict(pm4py.get_variants(theirs))
        speed, _, _ = pm4py.discover_performance_dfg(theirs)
        assert {(one.step, one.after): one.median for one in told.arrows} == {
            arrow: round(found["median"]) for arrow, found in speed.items()
        }


def test_what_was_done_fits_the_declared_loop(cast: Cast, pm4py: Any, tmp_path: Path) -> None:
    log = pm4py.read_xes(exported(tmp_path, "xes"))
    ended = list(Case.objects.filter(loop="repair", state="closed").values_list("number", flat=True))
    done = log[log["case:concept:name"].isin(ended)]
    skipped = done[done["concept:name"] != "dispatch"]

    net = declared(loop_of("repair"))
    fits = pm4py.fitness_alignments(done, *net)
    lacks = pm4py.fitness_alignments(skipped, *net)

    assert len(ended) == 3
    assert (fits["average_trace_fitness"], fits["percentage_of_fitting_traces"]) == (1, 100)
    assert lacks["percentage_of_fitting_traces"] == 0


def declared(loop: Loop) -> tuple[Any, Any, Any]:
    """The declaration as a workflow net: a place for each open state and one for the end, a transition for each step out of each."""
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

    net = PetriNet(loop.code)
    places = {name: PetriNet.Place(name) for name in (START, *loop.open_states, "end")}
    net.places.update(places.values())
    for step in loop.steps:
        for left in set(step.leaves) & set(places):
            reached = left if step.reaches == SAME else "end" if step.ends else step.reaches
            taken = PetriNet.Transition(f"{step.code} from {left}", step.code)
            net.transitions.add(taken)
            add_arc_from_to(places[left], taken, net)
            add_arc_from_to(taken, places[reached], net)
    return net, Marking({places[START]: 1}), Marking({places["end"]: 1})


def test_pm4py_reads_objects_and_relations_from_ocel(cast: Cast, pm4py: Any, tmp_path: Path) -> None:
    log = pm4py.read_ocel2_json(exported(tmp_path, "ocel"))

    ours = kept()
    entries = {f"{number}#{entry.seq}": entry for number, entries in ours.items() for entry in entries}
    loops = dict(Case.objects.values_list("number", "loop"))
    units = {"unit:KF", "unit:YJP", "unit:YJP-Q1", "unit:NA"}
    assert dict(zip(log.events["ocel:eid"], log.events["ocel:activity"], strict=True)) == {
        key: entry.step for key, entry in entries.items()
    }
    assert dict(zip(log.objects["ocel:oid"], log.objects["ocel:type"], strict=True)) == (
        {number: loops[number] for number in ours} | dict.fromkeys(units, "unit")
    )
    relations = log.relations[["ocel:eid", "ocel:oid", "ocel:qualifier"]].itertuples(index=False, name=None)
    assert set(relations) == {(key, key.split("#")[0], "case") for key in entries} | {
        (key, f"unit:{entry.unit.code}", "by") for key, entry in entries.items() if entry.unit
    }
    merged = Case.objects.select_related("parent").get(parent__isnull=False)
    assert merged.parent is not None
    assert set(log.o2o.itertuples(index=False, name=None)) == {
        ("unit:YJP-Q1", "unit:YJP", "within"),
        (merged.number, merged.parent.number, "merged_into"),
    }


def test_the_ocel_is_as_the_published_schema_asks(cast: Cast, tmp_path: Path) -> None:
    told = json.loads(Path(exported(tmp_path, "ocel")).read_text("utf-8"))

    faults = [
        str(fault) for fault in jsonschema_rs.Draft7Validator(OCEL, validate_formats=True).iter_errors(told)
    ]

    assert faults == []
    types = {
        kind["name"]: {one["name"]: one["type"] for one in kind["attributes"]} for kind in told["eventTypes"]
    }
    assert all(
        {one["name"] for one in event["attributes"]} == set(types[event["type"]]) for event in told["events"]
    )
    assert set(types["accept"].values()) <= {"string", "time", "integer", "float", "boolean"}


def _listed(required: str, **properties: object) -> dict[str, object]:
    item = {"type": "object", "properties": properties, "required": required.split()}
    return {"type": "array", "items": item}


_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_TYPES = _listed("name attributes", name=_TEXT, attributes=_listed("name type", name=_TEXT, type=_TEXT))
_LINKS = _listed("objectId qualifier", objectId=_TEXT, qualifier=_TEXT)
OCEL = {
    "type": "object",
    "properties": {
        "eventTypes": _TYPES,
        "objectTypes": _TYPES,
        "events": _listed(
            "id type time",
            id=_TEXT,
            type=_TEXT,
            time=_TIME,
            attributes=_listed("name value", name=_TEXT, value=_TEXT),
            relationships=_LINKS,
        ),
        "objects": _listed(
            "id type",
            id=_TEXT,
            type=_TEXT,
            attributes=_listed("name value time", name=_TEXT, value=_TEXT, time=_TIME),
            relationships=_LINKS,
        ),
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
}
"""What the JSON schema of OCEL 2.0 asks (section 8.2 of its specification)."""


def test_nothing_is_told_of_persons_or_in_confidence(cast: Cast, tmp_path: Path) -> None:
    told = "".join(Path(exported(tmp_path, form)).read_text("utf-8") for form in ("xes", "ocel"))

    secret = Case.objects.get(confidential=True)
    persons = [name for one in Staff.objects.all() for name in (one.name, f'"{one.number}"')]
    persons += ["周末", "13800000001", "石坪村", "500100001"]
    assert not [word for word in (secret.number, "tipoff", *persons) if word in told]
