"""Our timeline as other programs read it: XES (IEEE 1849-2016) and OCEL 2.0 (JSON), for process-mining tools."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from xml.sax.saxutils import quoteattr

from bihuan.indicators.queries.process import Happened

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Step" keys="concept:name"/>
"""


def xes(events: Iterable[Happened]) -> Iterator[str]:
    """The log piece by piece: a trace for each case, an event for each entry; `events` come case by case."""
    yield _HEAD
    for (case, loop), steps in groupby(events, key=lambda one: (one.case, one.loop)):
        yield f'<trace>\n<string key="concept:name" value={quoteattr(case)}/>\n'
        yield f'<string key="bihuan:loop" value={quoteattr(loop)}/>\n'
        for one in steps:
            yield (
                f'<event><string key="concept:name" value={quoteattr(one.step)}/>'
                f'<date key="time:timestamp" value="{_moment(one.at)}"/>'
                f'<string key="org:group" value={quoteattr(one.unit)}/>'
                f'<string key="bihuan:side" value={quoteattr(one.side)}/>'
                f'<int key="bihuan:cycle" value="{one.cycle}"/></event>\n'
            )
        yield "</trace>\n"
    yield "</log>\n"


def ocel(events: Iterable[Happened]) -> str:
    """The log as one JSON document: objects are cases and units, each event relates to its case and the unit that acted."""
    objects: dict[str, str] = {}
    told, steps = [], set()
    for one in events:
        steps.add(one.step)
        objects[one.case] = one.loop
        related = [{"objectId": one.case, "qualifier": "case"}]
        if one.unit:
            objects[f"unit:{one.unit}"] = "unit"
            related.append({"objectId": f"unit:{one.unit}", "qualifier": "by"})
        told.append(
            {
                "id": f"{one.case}#{one.seq}",
                "type": one.step,
                "time": _moment(one.at),
                "attributes": [
                    {"name": "side", "value": one.side},
                    {"name": "cycle", "value": one.cycle},
                ],
                "relationships": related,
            }
        )
    attributes = [{"name": "side", "type": "string"}, {"name": "cycle", "type": "integer"}]
    return json.dumps(
        {
            "objectTypes": [{"name": kind, "attributes": []} for kind in sorted(set(objects.values()))],
            "eventTypes": [{"name": step, "attributes": attributes} for step in sorted(steps)],
            "objects": [
                {"id": key, "type": kind, "attributes": [], "relationships": []}
                for key, kind in objects.items()
            ],
            "events": told,
        },
        ensure_ascii=False,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
