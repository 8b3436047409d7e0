"""What the door reads: cases within a scope, one whole or many in part. A constant number of queries each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from bihuan.cases.models import Case, CaseQuerySet, Cycle, Entry, Note
from bihuan.flow.rules.admission import may_act
from bihuan.indicators import queries as counted
from bihuan.indicators.rules import Period as Days
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.limit import Due
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import MOMENTS
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.people.rules import Held, Scope
from bihuan.promises.models import Clock
from bihuan.promises.rules import standing
from bihuan.supply.models import Premises
from bihuan.supply.queries import account as account_of
from bihuan.web.api.problems import CaseNotFound
from bihuan.web.api.schemas import Period, Which

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WITH = ("unit", "crew", "premises", "customer", "account", "parent", "repeat_of")


class CursorUnknown(BihuanError):
    """The cursor isn't one that this list gave out."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="翻页标记无效，请从第一页重新读取。",
                en="The cursor isn't one of ours; begin with the first page.",
            ),
            field="cursor",
        )


class UnitUnknown(BihuanError):
    """There is no such unit, or none that the token may see."""

    def __init__(self, code: str) -> None:
        super().__init__(Words(zh=f"没有单位“{code}”。", en=f"There is no unit “{code}”."), field="unit")


class AccountUnknown(BihuanError):
    """There is no such account, or none that the token may see."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Words(zh=f"没有户号“{number}”。", en=f"There is no account “{number}”."), field="account"
        )


class PremisesUnknown(BihuanError):
    """There are no such premises, or none that the token may see."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(zh=f"没有用电地址“{code}”。", en=f"There are no premises “{code}”."), field="premises"
        )


class PlaceAmbiguous(BihuanError):
    """The account isn't at these premises."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="户号不在该用电地址。", en="The account isn't at these premises."), field="premises"
        )


def place(*, account: str | None, premises: str | None, seen: Scope) -> dict[str, Any]:
    """Customer, premises and account as `flow.begin` takes them, of those that the scope shows."""
    if account is not None:
        found = account_of(account)
        if found is None or not seen.sees(found.premises.unit.path):
            raise AccountUnknown(account)
        if premises is not None and premises != found.premises.code:
            raise PlaceAmbiguous
        return {"premises": found.premises, "customer": found.customer, "account": found}
    if premises is None:
        return {}
    there = Premises.objects.select_related("unit__bureau").filter(code=premises).first()
    if there is None or not seen.sees(there.unit.path):
        raise PremisesUnknown(premises)
    return {"premises": there}


def key_and_loop(number: str, seen: Scope) -> tuple[UUID, str]:
    """The key of a case within the scope, and its loop; `CaseNotFound` otherwise."""
    found = _within(seen).filter(number=_number(number)).values_list("pk", "loop").first()
    if found is None:
        raise CaseNotFound(number)
    return found


def listed(*, which: Which, seen: Scope) -> dict[str, Any]:
    """A page of cases, newest first."""
    found = _within(seen).select_related(*_WITH).order_by("-opened_at", "-id")
    found = found.filter(**{name: getattr(which, name) for name in ("loop", "state") if getattr(which, name)})
    if which.unit:
        path = _unit(which.unit, seen).path
        found = found.filter(Q(unit__path__startswith=path) | Q(crew__path__startswith=path))
    if which.opened_from:
        found = found.filter(opened_at__gte=_midnight(which.opened_from))
    if which.opened_to:
        found = found.filter(opened_at__lt=_midnight(which.opened_to + timedelta(days=1)))
    if which.cursor:
        opened_at, key = _cursor(which.cursor)
        found = found.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=key))
    rows = list(found[: which.limit + 1])
    more = len(rows) > which.limit
    page = rows[: which.limit]
    return {"cases": [_case(row) for row in page], "next": _cursor_after(page[-1]) if more else None}


def whole(*, number: str, seen: Scope, held: list[Held], at: datetime) -> dict[str, Any]:
    """A case with timeline, cycles and clocks, as they stand at `at`."""
    case = _within(seen).select_related(*_WITH).filter(number=_number(number)).first()
    if case is None:
        raise CaseNotFound(number)
    declared = loop_of(case.loop)
    cycles = Cycle.objects.filter(case=case).select_related("unit", "crew").order_by("cycle")
    clocks = Clock.objects.filter(case=case).select_related("unit").order_by("cycle", "due_at", "id")
    return {
        **_case(case),
        "reached_at": case.reached_at,
        "as_of": at,
        "timeline": _timeline(case, declared),
        "cycles": [_cycle(row) for row in cycles],
        "clocks": [_clock(row, at) for row in clocks],
        "steps": _steps(case, declared, held),
    }


def figures(*, which: Period, seen: Scope, now: datetime, language: str) -> dict[str, object]:
    """The figures of a period for the units of the scope, as of a moment and as known at one."""
    if which.unit:
        _unit(which.unit, seen)
    period = Days(which.first, which.last, ZoneInfo(settings.TIME_ZONE))
    (told,) = counted.figures(periods=[period], at=which.at or now, known=which.known, unit=which.unit)
    if not seen.company:
        own = set(people.units_within(seen).values_list("code", flat=True))
        told = [figure for figure in told if figure.unit in own]
    return counted.document(
        period=period,
        at=which.at or now,
        known=which.known or now,
        seal=counted.last_seal(which.known),
        told=told,
        language=language,
    )


def _within(seen: Scope) -> CaseQuerySet:
    return Case.objects.within(company=seen.company, paths=seen.paths)


def _number(number: str) -> str:
    """PostgreSQL holds no such character, so that no case has it."""
    return number.replace("\x00", "\ufffd")


def _unit(code: str, seen: Scope) -> Unit:
    unit = people.unit_by_code(code)
    if unit is None or not seen.sees(unit.path):
        raise UnitUnknown(code)
    return unit


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _cursor_after(case: Case) -> str:
    return f"{(case.opened_at - EPOCH) // timedelta(microseconds=1)}.{case.pk.hex}"


def _cursor(text: str) -> tuple[datetime, UUID]:
    stamp, _, key = text.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(stamp)), UUID(key)
    except (ValueError, OverflowError):
        raise CursorUnknown from None


def _case(row: Case) -> dict[str, Any]:
    same = [
        "number",
        "loop",
        "state",
        "cycle",
        "last_seq",
        "opened_at",
        "changed_at",
        "ended_at",
        "area",
        "customer_class",
        "kind",
        "urgency",
        "source",
        "imported",
    ]
    return {
        **{name: getattr(row, name) for name in same},
        "unit": row.unit.code if row.unit else None,
        "crew": row.crew.code if row.crew else None,
        "premises": row.premises.code if row.premises else None,
        "customer": row.customer.number if row.customer else None,
        "account": row.account.number if row.account else None,
        "parent": row.parent.number if row.parent else None,
        "repeat_of": row.repeat_of.number if row.repeat_of else None,
    }


def _timeline(case: Case, declared: Loop) -> list[dict[str, Any]]:
    entries = list(Entry.objects.filter(case=case).select_related("actor", "unit").order_by("seq"))
    notes: dict[int, dict[str, str | None]] = defaultdict(dict)
    for note in Note.objects.filter(case=case).order_by("seq", "field"):
        notes[note.seq][note.field] = note.text
    put_right = dict(_corrections(entries, declared))
    return [
        {
            "seq": entry.seq,
            "cycle": entry.cycle,
            "step": entry.step,
            "side": entry.side,
            "at": entry.at,
            "recorded_at": entry.recorded_at,
            "actor": str(entry.actor_id),
            "actor_kind": entry.actor.kind,
            "unit": entry.unit.code if entry.unit else None,
            "facts": entry.facts,
            "notes": notes[entry.seq],
            "corrected_by": put_right.get(entry.seq),
            "digest": bytes(entry.digest).hex(),
        }
        for entry in entries
    ]


def _corrections(entries: Iterable[Entry], declared: Loop) -> Iterable[tuple[int, int]]:
    """Which entry the newest correction of each names."""
    for entry in entries:
        step = declared.step(entry.step)
        if step is not None and step.corrects:
            yield int(entry.facts["seq"]), entry.seq


def _cycle(row: Cycle) -> dict[str, Any]:
    same = [
        "cycle",
        "ending",
        "solved",
        "satisfaction",
        "rang_on_arrival",
        "contacted_first_day",
        "customer_arrived_at",
        "attempts",
        "returns",
        "urges",
        "repeated_at",
    ]
    moments = {name: getattr(row, f"{name}_at") for name in MOMENTS}
    return {
        **{name: getattr(row, name) for name in same},
        "unit": row.unit.code if row.unit else None,
        "crew": row.crew.code if row.crew else None,
        "moments": {name: at for name, at in moments.items() if at is not None},
    }


def _clock(row: Clock, at: datetime) -> dict[str, Any]:
    same = [
        "promise",
        "cycle",
        "pack",
        "edition",
        "clause",
        "public",
        "started_at",
        "due_at",
        "by_day",
        "ended_at",
        "void_at",
        "provisional",
    ]
    stands = standing(
        started_at=row.started_at,
        due_at=row.due_at,
        by_day=row.by_day,
        ended_at=row.ended_at,
        void_at=row.void_at,
        at=at,
    )
    return {
        **{name: getattr(row, name) for name in same},
        "unit": row.unit.code if row.unit else None,
        "due": Due(row.due_at, row.by_day, row.provisional).shown(packs.calendar().zone),
        "standing": str(stands),
    }


def _steps(case: Case, declared: Loop, held: list[Held]) -> list[str]:
    bureau = case.unit.path if case.unit else ""
    crew = case.crew.path if case.crew else ""
    return [
        step.code
        for step in declared.steps_from(case.state)
        if may_act(step=step, held=held, bureau_path=bureau, crew_path=crew) is not None
    ]
