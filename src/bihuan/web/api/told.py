"""How a case, its timeline, cycles and clocks are told. Rows are read as plain values: objects cost more than the query."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse

from bihuan.cases.models import Case, Cycle, Entry, Note
from bihuan.cases.queries import parts_of, values_of
from bihuan.flow.rules.admission import may_act
from bihuan.kernel.limit import Due
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import MOMENTS
from bihuan.packs import queries as packs
from bihuan.people.rules import Held
from bihuan.promises.models import Clock
from bihuan.promises.rules import standing
from bihuan.web.api.schemas import ClockTold, CycleTold, EntryTold, Listed, Standing

Row = Mapping[str, Any]

_NAMED = {
    "unit": "unit__code",
    "crew": "crew__code",
    "premises": "premises__code",
    "customer": "customer__number",
    "account": "account__number",
    "parent": "parent__number",
    "repeat_of": "repeat_of__number",
    "actor_kind": "actor__kind",
    "actor": "actor_id",
}
"""What is told of a row that another one points to."""


def _columns(told: Iterable[str], *, but: Iterable[str] = ()) -> dict[str, str]:
    """For each field of a schema the column that it is read from."""
    return {name: _NAMED.get(name, name) for name in told if name not in set(but)}


_CASE = _columns(Listed.model_fields)
_ENTRY = _columns(EntryTold.model_fields, but=("notes", "corrected_by"))
_CYCLE = _columns(CycleTold.model_fields, but=("moments",))
_CLOCK = _columns(ClockTold.model_fields, but=("due", "standing"))
_MOMENTS = {name: f"{name}_at" for name in MOMENTS}


def answer(told: Any, *, status: int = 200) -> HttpResponse:
    """As JSON, with every microsecond: a digest is made from the exact moment. Our own values aren't validated again."""
    return HttpResponse(
        _JSON.encode(told),
        status=status,
        content_type="application/json; charset=utf-8",
    )


def standing_of(case: Case) -> dict[str, Any]:
    """Where a case stands after a step."""
    return {name: getattr(case, name) for name in Standing.model_fields}


def rows(cases: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    """Cases with all that is told of them, and what it takes to go on from there."""
    found: QuerySet[Case, dict[str, Any]] = cases.values(
        "pk", "reached_at", "unit__path", "crew__path", *_CASE.values()
    )
    return found


_ONE = ("pk", "reached_at", "unit__path", "crew__path", *dict.fromkeys(_CASE.values()))


def one(case_id: UUID) -> Row:
    """The same of one case that is there."""
    return values_of(case_id, _ONE)


def case(row: Row) -> dict[str, Any]:
    """A case in a list. Of a confidential one nobody is told over the API who brought it."""
    told = _told(row, _CASE)
    if row["confidential"]:
        told |= dict.fromkeys(("premises", "customer", "account", "repeat_of"))
    return told


def timeline(case_id: UUID, declared: Loop) -> list[dict[str, Any]]:
    """Every entry with its texts, in two queries."""
    notes: dict[int, dict[str, str | None]] = defaultdict(dict)
    for note in parts_of(case_id, Note, ("seq", "field", "text"), ("seq", "field")):
        notes[note["seq"]][note["field"]] = note["text"]
    entries = parts_of(case_id, Entry, tuple(_ENTRY.values()), ("seq",))
    for entry in entries:
        entry["facts"] = json.loads(entry["facts"])
    put_right = dict(_corrections(entries, declared))
    return [
        {
            **_told(entry, _ENTRY),
            "actor": str(entry["actor_id"]),
            "digest": bytes(entry["digest"]).hex(),
            "notes": notes[entry["seq"]],
            "corrected_by": put_right.get(entry["seq"]),
        }
        for entry in entries
    ]


def cycles(case_id: UUID) -> list[dict[str, Any]]:
    """Every round, with the moments it has reached."""
    return [
        {
            **_told(row, _CYCLE),
            "moments": {name: row[at] for name, at in _MOMENTS.items() if row[at] is not None},
        }
        for row in parts_of(case_id, Cycle, (*_CYCLE.values(), *_MOMENTS.values()), ("cycle",))
    ]


def clocks(case_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """Every promise and how it stands at that moment."""
    zone = packs.calendar().zone
    return [
        {
            **_told(row, _CLOCK),
            "due": Due(row["due_at"], row["by_day"], row["provisional"]).shown(zone),
            "standing": str(
                standing(
                    started_at=row["started_at"],
                    due_at=row["due_at"],
                    by_day=row["by_day"],
                    ended_at=row["ended_at"],
                    void_at=row["void_at"],
                    at=at,
                    kind=row["kind"],
                    suspended_at=row["suspended_at"],
                )
            ),
        }
        for row in parts_of(case_id, Clock, tuple(_CLOCK.values()), ("cycle", "due_at", "id"))
    ]


def steps(row: Row, declared: Loop, held: list[Held]) -> list[str]:
    """What the state allows and one of the posts does too. Who executed is refused when verifying all the same."""
    bureau, crew = row["unit__path"] or "", row["crew__path"] or ""
    return [
        step.code
        for step in declared.steps_from(row["state"])
        if may_act(step=step, held=held, bureau_path=bureau, crew_path=crew) is not None
    ]


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} isn't told in JSON")


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_moment)


def _told(row: Row, columns: Mapping[str, str]) -> dict[str, Any]:
    return {name: row[column] for name, column in columns.items()}


def _corrections(entries: Iterable[Row], declared: Loop) -> Iterable[tuple[int, int]]:
    """Which entry the newest correction of each names."""
    for entry in entries:
        step = declared.step(entry["step"])
        if step is not None and step.corrects:
            yield int(entry["facts"]["seq"]), entry["seq"]
