"""Brings somebody else's history in through the one door: units and actors first, then `flow.replay`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from bihuan.bridges.eventlog.drafts import Draft, Found, drafts
from bihuan.bridges.eventlog.map import EventMap, Units
from bihuan.bridges.eventlog.moment import EARLIEST
from bihuan.cases.models import Case
from bihuan.cases.rules import Timeline, Told
from bihuan.flow import actions as flow
from bihuan.flow.rules import History, Past, Proposal, admit
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.step import VERIFICATION
from bihuan.kernel.table import Fault, Rows, unknown
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS, loop
from bihuan.packs import queries as packs
from bihuan.people import actions as people
from bihuan.people.models import Actor, Membership, Unit
from bihuan.people.rules import Held, NewUnit

LABEL = "import"
BATCH = 5_000
AGENT, CALLBACK = "agent", "callback"
"""The posts of whoever an export names: an agent's, and a callback agent's for who verified."""


class NoCompany(BihuanError):
    """There is no company to which what is imported could belong."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="还没有公司：请先导入单位（bihuan import units），或在映射中写 unit.create = true。",
                en="There is no company yet: import units first (bihuan import units), or write unit.create = true in the map.",
            ),
            field="unit",
        )


class ImportedMeanwhile(BihuanError):
    """Somebody else has written some of the same cases or units in the same moment."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="其中有的工单或单位刚刚已由他人写入，本次未写入任何内容；请再运行一次。",
                en="Somebody else has just written some of these cases or units; nothing was written here. Run it again.",
            )
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave and what was written. `known` are cases that were imported before."""

    good: int
    faulty: int
    known: int
    cases: int
    entries: int
    units: tuple[str, ...]
    faults: tuple[Fault, ...]


def import_events(
    *, rows: Rows, means: EventMap, at: datetime, take_good: bool = False, dry_run: bool = False
) -> Imported:
    """Write the cases of an export, in one transaction. Everything is recorded at `at`, whenever it happened.

    1. The rows become drafts, each row's faults told. 2. Cases already imported are left as they are.
    3. Each draft is tried against the loop's rules. 4. Units and actors that are missing are made. 5. Replay.
    """
    adopted = [packs.load(code) for code in means.packs]
    units = {unit.code: unit for unit in Unit.objects.select_related("bureau").order_by("path")}
    found = drafts(rows, means, units)
    known = _without_known(found)
    _try(found, at)
    entries = sum(len(draft.steps) for draft in found.drafts)
    write = bool(found.drafts) and not dry_run and (take_good or not found.faults)
    new = _new_units(found.drafts, units, means.unit)
    done = flow.Replayed(cases=0, entries=0)
    if write:
        done = _write(found.drafts, new, adopted, at)
    return Imported(
        good=len(found.drafts),
        faulty=len(found.faulty),
        known=known,
        cases=done.cases,
        entries=done.entries or entries,
        units=tuple(unit.code for unit in new),
        faults=tuple(sorted(found.faults, key=lambda fault: (fault.row, fault.field))),
    )


def _write(
    good: Sequence[Draft], new: Sequence[NewUnit], adopted: Sequence[packs.Pack], at: datetime
) -> flow.Replayed:
    try:
        with transaction.atomic():
            people.create_units(units=new)
            return flow.replay(histories=_histories(good, _actors(good, at), _homes(), at), adopted=adopted)
    except (IntegrityError, UniqueViolation) as fault:  # COPY speaks to psycopg directly
        raise ImportedMeanwhile from fault


def _without_known(found: Found) -> int:
    """Leave out the cases that were imported before; a number of our own is a fault."""
    imported: dict[str, bool] = {}
    every = [draft.number for draft in found.drafts]
    for start in range(0, len(every), BATCH):
        numbers = every[start : start + BATCH]
        imported |= dict(Case.objects.filter(number__in=numbers).values_list("number", "imported"))
    for draft in found.drafts:
        if imported.get(draft.number) is False:
            words = Words(
                zh=f"“{draft.number}”是本系统自己的工单号，请在映射中加前缀",
                en=f"“{draft.number}” is the number of a case of our own; give the map a prefix",
            )
            found.blame(draft.number, Fault(draft.row, "", words))
    found.drafts = [draft for draft in found.drafts if draft.number not in imported]
    return sum(imported.values())


def _try(found: Found, at: datetime) -> None:
    """Keep the drafts that could have happened, in the order in which they began."""
    found.drafts.sort(key=lambda draft: draft.steps[0].at)
    told: set[str] = set()
    named = {
        str(draft.steps[0].facts["repeat_of"])
        for draft in found.drafts
        if "repeat_of" in draft.steps[0].facts
    }
    there = set(Case.objects.filter(number__in=named).values_list("number", flat=True)) if named else set()
    good = []
    for draft in found.drafts:
        fault = _refused(draft, at) or _repeat_fault(draft, told, there)
        if fault is None:
            told.add(draft.number)
            good.append(draft)
        else:
            found.blame(draft.number, fault)
    found.drafts = good


def _repeat_fault(draft: Draft, told: set[str], there: set[str]) -> Fault | None:
    first = draft.steps[0]
    again = first.facts.get("repeat_of")
    if again is None or again in told or again in there:
        return None
    return unknown(first.row, "repeat_of", str(again))


def _refused(draft: Draft, recorded_at: datetime) -> Fault | None:
    """What the door will say, asked before anything is written."""
    timeline = Timeline(loop(draft.loop))
    for taken in draft.steps:
        actor = uuid5(NAMESPACE_OID, taken.actor)
        proposal = Proposal(
            step=taken.step,
            at=taken.at,
            recorded_at=recorded_at,
            actor_id=actor,
            facts=taken.facts,
            notes=taken.notes,
            imported=True,
        )
        try:
            _, _, facts = admit(
                timeline=timeline, proposal=proposal, held=(_ANYBODY,), executing_bureaus=frozenset()
            )
        except BihuanError as refusal:
            return Fault(taken.row, refusal.field or taken.step, refusal.words)
        timeline.add(
            Told(
                timeline.last_seq + 1,
                timeline.round.number,
                taken.step,
                taken.at,
                recorded_at,
                actor,
                None,
                facts,
            )
        )
    return None


def _new_units(good: Sequence[Draft], units: Mapping[str, Unit], means: Units | None) -> list[NewUnit]:
    """Units that the cases name and that aren't there: bureaus below the company, which is made when there is none."""
    if means is None or not means.create:
        return []
    named = {draft.unit for draft in good if draft.unit}
    named |= {str(taken.facts["unit"]) for draft in good for taken in draft.steps if "unit" in taken.facts}
    company = next((unit.code for unit in units.values() if unit.kind == "company"), "")
    made = []
    if not company and means.company is not None:
        company = means.company.code
        made.append(NewUnit(company, means.company.name.zh, "company", "support", "", means.company.name.en))
    for code in sorted(named - units.keys() - {company}):
        name = means.names.get(code) or Words(zh=code, en=code)
        made.append(NewUnit(code, name.zh, "bureau", "execution", company, name.en))
    return made


def _homes() -> dict[str, str]:
    """For each unit's code that of its bureau, by which figures count; its own where it has none."""
    return {
        unit.code: unit.bureau.code if unit.bureau is not None else unit.code
        for unit in Unit.objects.select_related("bureau").order_by("path")
    }


def _actors(good: Sequence[Draft], at: datetime) -> dict[str, UUID]:
    """The actors named, each a machine's with the label of the source, and with the posts that their steps need."""
    company = Unit.objects.filter(kind="company").order_by("path").first()
    if company is None:
        raise NoCompany
    named: dict[str, set[str]] = {}
    for draft in good:
        declared = loop(draft.loop)
        for taken in draft.steps:
            step = declared.step(taken.step)
            verifies = step is not None and step.side is VERIFICATION
            named.setdefault(taken.actor, {AGENT}).update({CALLBACK} if verifies else ())
    found = {}
    for label, posts in sorted(named.items()):
        actor = people.machine_actor(label=f"{LABEL} {label}".strip()[:80])
        _appoint(actor, company, posts, at)
        found[label] = actor.pk
    return found


def _appoint(actor: Actor, company: Unit, posts: Iterable[str], at: datetime) -> None:
    held = set(Membership.objects.filter(actor=actor, end=None).values_list("post_id", flat=True))
    for post in sorted(set(posts) - held):
        people.appoint(actor=actor, unit=company, post=post, starts_at=EARLIEST, recorded_at=at)


def _histories(
    good: Iterable[Draft], actors: Mapping[str, UUID], homes: Mapping[str, str], at: datetime
) -> Iterator[History]:
    for draft in good:
        yield History(
            loop=draft.loop,
            steps=tuple(
                Past(taken.step, taken.at, at, actors[taken.actor], taken.facts, taken.notes)
                for taken in draft.steps
            ),
            number=draft.number,
            unit=homes.get(draft.unit, ""),
            imported=True,
        )


_ANYBODY = Held(
    unit_id=uuid5(NAMESPACE_OID, LABEL),
    unit_code="",
    unit_path="",
    bureau_id=None,
    wing="support",
    post=AGENT,
    scope="company",
    permissions=frozenset(step.by for declared in LOOPS for step in declared.steps),
    starts_at=EARLIEST,
)
"""Stands for whoever an export names while a draft is tried."""
