"""One step: `begin` opens a case with its first, `take` takes any other."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bihuan.cases import actions as cases
from bihuan.cases.models import Case
from bihuan.cases.rules import FIRST_DIGEST, REPEAT_WINDOW_DAYS, Timeline, Told, canonical, entry_digest
from bihuan.flow.actions.checks import check_attempts, check_data
from bihuan.flow.actions.named import brought_before, home_of, joined
from bihuan.flow.queries import Kept, Place, places, told_of
from bihuan.flow.rules.admission import Proposal, admit, check_spoken_of
from bihuan.flow.rules.refusals import ClientIdReused, OutOfOrder, StalePage
from bihuan.flow.rules.rows import (
    as_started,
    breach_rows,
    case_row,
    changed,
    clock_row,
    cycle_row,
    entry_row,
    judged_anew,
    note_row,
    verdict_row,
)
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.fact import FactKind, moment_text
from bihuan.kernel.ids import uuid7
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Actor, Unit
from bihuan.people.rules import Held
from bihuan.promises import actions as promises
from bihuan.promises.rules import Ticking, clocks
from bihuan.supply.models import Account, Customer, Premises


@transaction.atomic
def begin(
    *,
    loop: str,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, object],
    notes: Mapping[str, str] | None = None,
    unit: Unit | None = None,
    premises: Premises | None = None,
    customer: Customer | None = None,
    account: Account | None = None,
    client_id: str | None = None,
    number: str | None = None,
    held: Sequence[Held] | None = None,
) -> Case:
    """Open a case with the loop's first step. The same client id with the same content gives the same case again.

    `unit` is the bureau that serves the place (taken from the premises when not given); `held` as in `take`. Raises `Refusal`.
    """
    declared = loop_of(loop)
    case_id = uuid7()
    whom = " ".join(str(one.pk) if one else "-" for one in (premises, customer, account, unit))
    if client_id is None:
        cases.share_lock()
    else:
        known = cases.claim_client_id(
            actor_id=by.pk,
            client_id=client_id,
            case_id=case_id,
            content=_content(loop, at, facts, notes, whom),
            recorded_at=recorded_at,
        )
        if known is not None:
            if known.content != _content(loop, at, facts, notes, whom):
                raise ClientIdReused
            return Case.objects.get(pk=known.case)
    home = home_of(unit or (premises.unit if premises else None), facts)
    if facts.get("repeat_of") and held is None:
        held = people.memberships(by.pk, at)
    earlier = brought_before(declared, facts, held or ())
    case = Case(
        id=case_id,
        number=number or "",
        loop=loop,
        state="",
        unit_id=(home.bureau_id or home.pk) if home else None,
        premises=premises,
        customer=customer,
        account=account,
        repeat_of=earlier,
        times=earlier.times + 1 if earlier else 1,
        opened_at=at,
        reached_at=at,
        changed_at=recorded_at,
        digest=FIRST_DIGEST,
    )
    sealed_at = cases.open_case(case=case, before_number=before_number(declared, at))
    recorded_at = _after(sealed_at, recorded_at)
    return _write(
        case=case,
        timeline=Timeline(declared),
        executing=frozenset(),
        kept={},
        step=declared.opening.code,
        by=by,
        at=at,
        recorded_at=recorded_at,
        facts=facts,
        notes=notes or {},
        held=held,
    )


@transaction.atomic
def take(
    *,
    case_id: UUID,
    step: str,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, object] | None = None,
    notes: Mapping[str, str] | None = None,
    client_id: str | None = None,
    expected_seq: int | None = None,
    held: Sequence[Held] | None = None,
) -> Case:
    """Take a step on a case. Raises `Refusal`; then nothing is changed.

    `expected_seq` is the newest entry that the person saw. `held` are his memberships at `at`, when the door has read them.
    """
    facts, notes = facts or {}, notes or {}
    if client_id is None:
        cases.share_lock()
    else:
        content = _content(f"{case_id} {step}", at, facts, notes, "")
        known = cases.claim_client_id(
            actor_id=by.pk, client_id=client_id, case_id=case_id, content=content, recorded_at=recorded_at
        )
        if known is not None:
            if known.content != content:
                raise ClientIdReused
            return Case.objects.get(pk=case_id)
    locked = cases.lock_case(case_id)
    case, recorded_at = locked.case, _after(locked.sealed_at, recorded_at)
    if expected_seq is not None and expected_seq != case.last_seq:
        raise StalePage(case.last_seq)
    declared = loop_of(case.loop)
    if declared.step(step) is not None and step == declared.opening.code:
        raise OutOfOrder(declared, declared.opening, case.state)
    timeline, executing, kept = _read(case, declared)
    return _write(
        case=case,
        timeline=timeline,
        executing=executing,
        kept=kept,
        step=step,
        by=by,
        at=at,
        recorded_at=recorded_at,
        facts=facts,
        notes=notes,
        held=held,
        came_back=locked.came_back,
    )


REQUEST_AT_LONGEST = timedelta(minutes=10)


def _after(sealed_at: datetime | None, recorded_at: datetime) -> datetime:
    """When it is written down: after the seal for which a request had to wait, for what was sealed then is told as complete.

    What lies further back is history told late, and keeps its time.
    """
    if sealed_at is None or not timedelta(0) <= sealed_at - recorded_at < REQUEST_AT_LONGEST:
        return recorded_at
    return sealed_at + timedelta(microseconds=1)


def _read(case: Case, declared: Loop) -> tuple[Timeline, frozenset[UUID], Kept]:
    rows, kept = told_of(case.pk)
    executing = frozenset(bureau for _, side, bureau in rows if side == "execution" and bureau is not None)
    return Timeline(declared, (told for told, _, _ in rows)), executing, kept


def _write(
    *,
    case: Case,
    timeline: Timeline,
    executing: frozenset[UUID],
    kept: Kept,
    step: str,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, object],
    notes: Mapping[str, str],
    held: Sequence[Held] | None = None,
    came_back: bool = False,
) -> Case:
    """Call while holding the lock on the case, or on a case that nobody else can see yet."""
    declared = timeline.loop.step(step)
    units = _units(case, timeline, declared, facts)
    named = units.get(str(facts.get("unit", "")))
    about = units.get(str(timeline.round.columns.get("about", "")))
    held = people.memberships(by.pk, at) if held is None else held
    taken, own, stated = admit(
        timeline=timeline,
        proposal=Proposal(
            step=step,
            at=at,
            recorded_at=recorded_at,
            actor_id=by.pk,
            facts=facts,
            notes={key: text for key, text in notes.items() if text},
            bureau_path=_path(case.unit_id, units),
            crew_path=_path(case.crew_id, units),
            named_path=named.path if named else "",
            avoided_path=about.path if about else "",
        ),
        held=held,
        executing_bureaus=executing,
    )
    check_data(taken, stated, units, at)
    check_attempts(taken, timeline)
    others = joined(case, timeline, taken, stated, held)
    before = as_started(_clocks(timeline), kept)
    if taken.speaks_of:
        check_spoken_of(before, stated, at)
    entry = Told(
        seq=timeline.last_seq + 1,
        cycle=timeline.round.number,
        step=taken.code,
        at=at,
        recorded_at=recorded_at,
        actor_id=by.pk,
        unit_id=own.unit_id,
        facts=stated,
    )
    timeline.add(entry)
    texts = _texts(case, entry, notes)
    digest = entry_digest(
        previous=bytes(case.digest),
        number=case.number,
        side=str(taken.side),
        entry=entry,
        notes={note["field"]: note["hash"] for note in texts},
    )
    cases.append(
        entry=entry_row(case_id=case.pk, told=entry, side=str(taken.side), digest=digest), notes=texts
    )
    keys = {code: unit.unit_id for code, unit in units.items()}
    home = case.unit_id
    columns = case_row(timeline=timeline, units=keys, default_unit=home, digest=digest, cases=others)
    for name, value in columns.items():
        setattr(case, name, value)
    rounds = timeline.rounds if taken.corrects else timeline.rounds[entry.cycle - 1 :]
    common: dict[str, Any] = {"case_id": case.pk, "loop": case.loop, "units": keys}
    cases.show(
        case_id=case.pk,
        columns=columns,
        cycles=[cycle_row(now=now, default_unit=home, imported=case.imported, **common) for now in rounds],
    )
    _write_clocks(before, kept, timeline, entry, taken, case, {"default_unit": home, **common})
    repeated = {case.repeat_of_id} if entry.seq == 1 or taken.corrects else set()
    # A solution may be confirmed, or said to have been another day, after the matter came back.
    repeated |= {case.pk} if came_back and (taken.corrects or "confirmed" in taken.marks) else set()
    if touched := [key for key in repeated if key is not None]:
        cases.mark_repeats(case_ids=touched, window_days=REPEAT_WINDOW_DAYS)
    return case


def _write_clocks(
    before: list[Ticking],
    kept: Kept,
    timeline: Timeline,
    entry: Told,
    step: Step,
    case: Case,
    common: Mapping[str, Any],
) -> None:
    how: Literal["end", "move", "correct"] = (
        "correct" if step.corrects else "move" if timeline.rounds[entry.cycle - 1].standstills else "end"
    )
    after = _clocks(timeline)
    if how == "end":
        after = as_started(after, kept)
    fresh = judged_anew(before, after)
    broken = breach_rows(clocks=after, said=timeline.said, found_at=lambda _: entry.recorded_at, **common)
    shown = {(row["promise"], row["cycle"]) for row in broken}
    changes = step.speaks_of or any(clock.verdict == "broken" for clock in fresh)
    promises.put_clocks(
        rows=[clock_row(clock=clock, imported=case.imported, **common) for clock in changed(before, after)],
        verdicts=[
            (
                clock.promise,
                clock.cycle,
                verdict_row(clock_id=None, clock=clock, recorded_at=entry.recorded_at),
            )
            for clock in fresh
        ],
        breaches=broken if changes and not case.imported else [],
        lifted=[
            (case.pk, clock.promise, clock.cycle)
            for clock in fresh
            if clock.verdict != "broken"
            and entry.recorded_at >= clock.due_at
            and (clock.promise, clock.cycle) not in shown
        ],
        how=how,
    )


def _clocks(timeline: Timeline) -> list[Ticking]:
    if not timeline.entries:
        return []
    calendar: Calendar = packs.calendar()
    return clocks(
        rounds=timeline.rounds, promises_on=partial(packs.promises_on, timeline.loop.code), calendar=calendar
    )


def _units(
    case: Case, timeline: Timeline, step: Step | None, facts: Mapping[str, object]
) -> dict[str, Place]:
    """Every unit that the case or the new step names, by code, in one query; none when nothing is named."""
    codes = set(timeline.units)
    codes |= {str(now.columns["about"]) for now in timeline.rounds if now.columns.get("about")}
    codes |= {
        str(facts[fact.code])
        for fact in (step.facts if step else ())
        if fact.kind is FactKind.unit and facts.get(fact.code)
    }
    keys = [key for key in (case.unit_id, case.crew_id) if key is not None]
    if not codes and not keys:
        return {}
    return places(codes=codes, keys=keys)


def _path(key: UUID | None, units: Mapping[str, Place]) -> str:
    return next((unit.path for unit in units.values() if unit.unit_id == key), "") if key else ""


def _texts(case: Case, entry: Told, notes: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        note_row(case_id=case.pk, seq=entry.seq, field=field, text=text, salt=secrets.token_bytes(16))
        for field, text in sorted(notes.items())
        if text
    ]


def before_number(declared: Loop, at: datetime) -> str:
    """What stands in a human number before the running one: cell, kind, day of acceptance in the utility's zone."""
    day = at.astimezone(packs.calendar().zone).strftime("%y%m%d")
    return f"{settings.BIHUAN_CELL}-{declared.prefix}{day}-"


def _content(
    what: str, at: datetime, facts: Mapping[str, object], notes: Mapping[str, str] | None, place: str
) -> str:
    stated = {
        key: moment_text(value) if isinstance(value, datetime) else value for key, value in facts.items()
    }
    return hashlib.sha256(
        canonical(
            {"what": what, "at": moment_text(at), "facts": stated, "notes": dict(notes or {}), "place": place}
        )
    ).hexdigest()
