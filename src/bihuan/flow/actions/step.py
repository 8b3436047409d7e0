"""One step: `begin` opens a case with its first, `take` takes any other."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bihuan.cases import actions as cases
from bihuan.cases.models import Case
from bihuan.cases.rules import FIRST_DIGEST, REPEAT_WINDOW_DAYS, Timeline, Told, canonical, entry_digest
from bihuan.flow.queries import Place, places, told_of
from bihuan.flow.rules.admission import OutOfOrder, Proposal, Refusal, admit
from bihuan.flow.rules.rows import (
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
from bihuan.kernel.fact import FactKind, FactValue, moment_text
from bihuan.kernel.ids import uuid7
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import Step
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Actor, Unit
from bihuan.promises import actions as promises
from bihuan.promises.rules import Ticking, clocks
from bihuan.supply.models import Account, Customer, Premises


class StalePage(Refusal):
    """Somebody else has taken a step since the page was shown."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            Words(
                zh="您打开页面之后，他人已处理过此工单。请看最新进展后再操作，您填写的内容仍在。",
                en="Somebody else has worked on this case since you opened the page. Look at what is new, then go on;"
                " what you typed is still here.",
            )
        )


class ClientIdReused(Refusal):
    """A client id was sent again with other content."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="同一请求编号已用于其他内容。", en="This client id has been used with other content."),
            field="client_id",
        )


class UnknownUnit(Refusal):
    """A fact names a unit that isn't there."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(Words(zh=f"没有单位“{code}”。", en=f"There is no unit “{code}”."), field=field)


class UnknownCase(Refusal):
    """A fact names a case that isn't there."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Words(zh=f"没有工单“{number}”。", en=f"There is no case “{number}”."), field="repeat_of"
        )


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
    parent: Case | None = None,
) -> Case:
    """Open a case with the loop's first step. The same client id with the same content gives the same case again.

    `unit` is the bureau that serves the place (taken from the premises when not given). Raises `Refusal`.
    """
    declared = loop_of(loop)
    case_id = uuid7()
    whom = " ".join(str(one.pk) if one else "-" for one in (premises, customer, account, parent, unit))
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
    home = unit or (premises.unit if premises else None)
    case = Case(
        id=case_id,
        number=number or _number(declared, at),
        loop=loop,
        state="",
        unit_id=(home.bureau_id or home.pk) if home else None,
        premises=premises,
        customer=customer,
        account=account,
        parent=parent,
        repeat_of=_earlier(facts),
        opened_at=at,
        reached_at=at,
        changed_at=recorded_at,
        digest=FIRST_DIGEST,
    )
    case.save(force_insert=True)
    return _write(
        case=case,
        timeline=Timeline(declared),
        executing=frozenset(),
        step=declared.opening.code,
        by=by,
        at=at,
        recorded_at=recorded_at,
        facts=facts,
        notes=notes or {},
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
) -> Case:
    """Take a step on a case. `expected_seq` is the newest entry that the person saw. Raises `Refusal`; then nothing is changed."""
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
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if expected_seq is not None and expected_seq != case.last_seq:
        raise StalePage(case.last_seq)
    declared = loop_of(case.loop)
    if declared.step(step) is not None and step == declared.opening.code:
        raise OutOfOrder(declared, declared.opening, case.state)
    timeline, executing = _read(case, declared)
    return _write(
        case=case,
        timeline=timeline,
        executing=executing,
        step=step,
        by=by,
        at=at,
        recorded_at=recorded_at,
        facts=facts,
        notes=notes,
    )


def _read(case: Case, declared: Loop) -> tuple[Timeline, frozenset[UUID]]:
    rows = told_of(case.pk)
    executing = frozenset(bureau for _, side, bureau in rows if side == "execution" and bureau is not None)
    return Timeline(declared, (told for told, _, _ in rows)), executing


def _write(
    *,
    case: Case,
    timeline: Timeline,
    executing: frozenset[UUID],
    step: str,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, object],
    notes: Mapping[str, str],
) -> Case:
    """Call while holding the lock on the case, or on a case that nobody else can see yet."""
    units = _units(case, timeline, facts)
    taken, held, stated = admit(
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
        ),
        held=people.memberships(by.pk, at),
        executing_bureaus=executing,
    )
    _check_units(taken, stated, units)
    before = _clocks(timeline)
    entry = Told(
        seq=timeline.last_seq + 1,
        cycle=timeline.round.number,
        step=taken.code,
        at=at,
        recorded_at=recorded_at,
        actor_id=by.pk,
        unit_id=held.unit_id,
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
    columns = case_row(timeline=timeline, units=keys, default_unit=home, digest=digest)
    for name, value in columns.items():
        setattr(case, name, value)
    rounds = timeline.rounds if taken.corrects else timeline.rounds[entry.cycle - 1 :]
    common: dict[str, Any] = {"case_id": case.pk, "loop": case.loop, "units": keys, "imported": case.imported}
    cases.show(
        case_id=case.pk,
        columns=columns,
        cycles=[cycle_row(now=now, default_unit=home, **common) for now in rounds],
    )
    _write_clocks(before, _clocks(timeline), entry, taken, home, common)
    if case.repeat_of is not None and entry.seq == 1:
        cases.mark_repeats(numbers=[case.repeat_of.number], window_days=REPEAT_WINDOW_DAYS)
    return case


def _write_clocks(
    before: list[Ticking],
    after: list[Ticking],
    entry: Told,
    step: Step,
    home: UUID | None,
    common: Mapping[str, Any],
) -> None:
    promises.put_clocks(
        rows=[clock_row(clock=clock, default_unit=home, **common) for clock in changed(before, after)],
        verdicts=[
            (
                clock.promise,
                clock.cycle,
                verdict_row(clock_id=None, clock=clock, recorded_at=entry.recorded_at),
            )
            for clock in judged_anew(before, after)
        ],
        correcting=step.corrects,
    )


def _clocks(timeline: Timeline) -> list[Ticking]:
    if not timeline.entries:
        return []
    calendar: Calendar = packs.calendar()
    return clocks(
        rounds=timeline.rounds, promises_on=partial(packs.promises_on, timeline.loop.code), calendar=calendar
    )


def _units(case: Case, timeline: Timeline, facts: Mapping[str, object]) -> dict[str, Place]:
    """Every unit that the case or the new step names, by code, in one query; none when nothing is named."""
    codes = {
        str(now.columns[name])
        for now in timeline.rounds
        for name in ("unit", "crew")
        if now.columns.get(name)
    }
    codes |= {str(facts[name]) for name in ("unit", "crew") if facts.get(name)}
    keys = [key for key in (case.unit_id, case.crew_id) if key is not None]
    if not codes and not keys:
        return {}
    return places(codes=codes, keys=keys)


def _path(key: UUID | None, units: Mapping[str, Place]) -> str:
    return next((unit.path for unit in units.values() if unit.unit_id == key), "") if key else ""


def _check_units(step: Step, facts: Mapping[str, FactValue], units: Mapping[str, Place]) -> None:
    for code, value in facts.items():
        fact = step.fact(code)
        if fact is not None and fact.kind is FactKind.unit and str(value) not in units:
            raise UnknownUnit(str(value), code)


def _earlier(facts: Mapping[str, object]) -> Case | None:
    number = facts.get("repeat_of")
    if not number:
        return None
    found = Case.objects.filter(number=str(number)).first()
    if found is None:
        raise UnknownCase(str(number))
    return found


def _texts(case: Case, entry: Told, notes: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        note_row(case_id=case.pk, seq=entry.seq, field=field, text=text, salt=secrets.token_bytes(16))
        for field, text in sorted(notes.items())
        if text
    ]


def _number(declared: Loop, at: datetime) -> str:
    return case_number(declared, at, cases.next_numbers(count=1)[0])


def case_number(declared: Loop, at: datetime, running: int) -> str:
    """A human number: cell, kind, day of acceptance in the utility's zone, running number."""
    day = at.astimezone(packs.calendar().zone).strftime("%y%m%d")
    return f"{settings.BIHUAN_CELL}-{declared.prefix}{day}-{running:06d}"


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
