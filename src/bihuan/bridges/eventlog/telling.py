"""Our timeline as other programs read it: XES (IEEE 1849-2016) and OCEL 2.0 (JSON), for process-mining tools."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from bihuan.indicators.queries.process import Happened

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value=""/><string key="bihuan:loop" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/><date key="bihuan:recorded_at" value="1970-01-01T00:00:00.000Z"/>
<string key="org:role" value=""/><int key="bihuan:seq" value="0"/><int key="bihuan:cycle" value="1"/>
<boolean key="bihuan:corrected" value="false"/>
</global>
<classifier name="Step" keys="concept:name"/>
<string key="concept:name" value="Bihuan"/>
<string key="lifecycle:model" value="standard"/>
"""


def xes(events: Iterable[Happened]) -> Iterator[str]:
    """The log piece by piece: a trace for each case, an event for each step; `events` come case by case, in the order of happening.

    `concept:name` is the step's code, `org:group` the unit that took it, `org:role` the side on which it stands; no `org:resource`,
    for that would be a person. Every event is `complete`: a step is a moment.
    """
    yield _HEAD
    case = ""
    for one in events:
        if one.case != case:
            yield f"{'</trace>' if case else ''}\n<trace>\n{''.join(_of_case(one))}\n"
            case = one.case
        yield _event(one)
    if case:
        yield "</trace>\n"
    yield "</log>\n"


def _of_case(one: Happened) -> Iterator[str]:
    yield _string("concept:name", one.case)
    yield _string("bihuan:loop", one.loop)
    for name, value in _attributes(one):
        yield _string(f"bihuan:{name}", value)
    if one.merged_into:
        yield _string("bihuan:merged_into", one.merged_into)


def _attributes(one: Happened) -> list[tuple[str, str]]:
    told = (("area", one.area), ("customer_class", one.customer_class), ("kind", one.kind))
    return [(name, value) for name, value in told if value]


def _event(one: Happened) -> str:
    unit = _string("org:group", one.unit) if one.unit else ""
    return (
        f"<event>{_string('concept:name', one.step)}{_string('lifecycle:transition', 'complete')}"
        f'<date key="time:timestamp" value="{_moment(one.at)}"/>'
        f'<date key="bihuan:recorded_at" value="{_moment(one.recorded_at)}"/>'
        f"{unit}{_string('org:role', one.side)}"
        f'<int key="bihuan:seq" value="{one.seq}"/><int key="bihuan:cycle" value="{one.cycle}"/>'
        f'<boolean key="bihuan:corrected" value="{str(one.corrected).lower()}"/></event>\n'
    )


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


_OF_EVENTS = [
    {"name": "side", "type": "string"},
    {"name": "cycle", "type": "integer"},
    {"name": "seq", "type": "integer"},
    {"name": "recorded_at", "type": "time"},
    {"name": "corrected", "type": "boolean"},
]
_ALWAYS = "1970-01-01T00:00:00.000Z"
_OF_CASES = [{"name": name, "type": "string"} for name in ("area", "customer_class", "kind")]


def ocel(events: Iterable[Happened]) -> Iterator[str]:
    """The log as one JSON document, piece by piece: only its objects are held in memory.

    Objects are cases (their type is the loop) and units; an event relates to its case (`case`) and to the unit that took the step (`by`);
    a unit to its bureau (`within`), a merged case to the main one (`merged_into`) where that is in the log. Values are texts, as the
    published schema asks; their types stand with the declarations. What holds of a case from the beginning has the time 1970-01-01.
    """
    cases: dict[str, Happened] = {}
    units: dict[str, str] = {}
    steps = set()
    yield '{"events":['
    for number, one in enumerate(events):
        cases.setdefault(one.case, one)
        steps.add(one.step)
        if one.unit:
            units[one.unit] = one.bureau
        yield f"{',' if number else ''}\n{_json(_ocel_event(one))}"
    units |= {bureau: bureau for bureau in units.values() if bureau and bureau not in units}
    yield '],\n"objects":['
    for number, told in enumerate([*_cases(cases), *_units(units)]):
        yield f"{',' if number else ''}\n{_json(told)}"
    kinds = [{"name": loop, "attributes": _OF_CASES} for loop in sorted({one.loop for one in cases.values()})]
    if units:
        kinds.append({"name": "unit", "attributes": []})
    yield f'],\n"objectTypes":{_json(kinds)},\n'
    yield f'"eventTypes":{_json([{"name": step, "attributes": _OF_EVENTS} for step in sorted(steps)])}}}\n'


def _ocel_event(one: Happened) -> dict[str, object]:
    related = [{"objectId": one.case, "qualifier": "case"}]
    if one.unit:
        related.append({"objectId": f"unit:{one.unit}", "qualifier": "by"})
    values = (one.side, str(one.cycle), str(one.seq), _moment(one.recorded_at), str(one.corrected).lower())
    return {
        "id": f"{one.case}#{one.seq}",
        "type": one.step,
        "time": _moment(one.at),
        "attributes": [
            {"name": kind["name"], "value": value} for kind, value in zip(_OF_EVENTS, values, strict=True)
        ],
        "relationships": related,
    }


def _cases(cases: dict[str, Happened]) -> Iterator[dict[str, object]]:
    for key, one in cases.items():
        main = [{"objectId": one.merged_into, "qualifier": "merged_into"}] if one.merged_into in cases else []
        yield {
            "id": key,
            "type": one.loop,
            "attributes": [
                {"name": name, "time": _ALWAYS, "value": value} for name, value in _attributes(one)
            ],
            "relationships": main,
        }


def _units(units: dict[str, str]) -> Iterator[dict[str, object]]:
    for code, bureau in units.items():
        within = [{"objectId": f"unit:{bureau}", "qualifier": "within"}] if bureau not in ("", code) else []
        yield {"id": f"unit:{code}", "type": "unit", "attributes": [], "relationships": within}


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime) -> str:
    """UTC; to the millisecond, finer only where that would tie what was apart."""
    fine = "microseconds" if at.microsecond % 1_000 else "milliseconds"
    return at.astimezone(UTC).isoformat(timespec=fine).replace("+00:00", "Z")
