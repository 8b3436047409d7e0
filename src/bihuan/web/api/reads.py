"""What the door reads: cases within a scope, one whole or many in part. A constant number of queries each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from bihuan.cases.queries import key_of, visible
from bihuan.indicators import queries as counted
from bihuan.indicators.rules import Period as Days
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.people.rules import Held, Scope
from bihuan.supply.models import Premises
from bihuan.supply.queries import account as account_of
from bihuan.web.api import told
from bihuan.web.api.problems import CaseNotFound
from bihuan.web.api.schemas import Period, Which

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    found = key_of(_number(number), seen)
    if found is None:
        raise CaseNotFound(number)
    return found


def listed(*, which: Which, seen: Scope) -> dict[str, Any]:
    """A page of cases, newest first."""
    found = visible(seen).order_by("-opened_at", "-id")
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
    rows = list(told.rows(found)[: which.limit + 1])
    more = len(rows) > which.limit
    page = rows[: which.limit]
    return {"cases": [told.case(row) for row in page], "next": _cursor_after(page[-1]) if more else None}


def whole(*, number: str, seen: Scope, held: list[Held], at: datetime) -> dict[str, Any]:
    """A case with timeline, cycles and clocks, as they stand at `at`."""
    row = told.one(key_and_loop(number, seen)[0])
    declared = loop_of(row["loop"])
    return {
        **told.case(row),
        "reached_at": row["reached_at"],
        "as_of": at,
        "timeline": told.timeline(row["pk"], declared),
        "cycles": told.cycles(row["pk"]),
        "clocks": told.clocks(row["pk"], at),
        "steps": told.steps(row, declared, held),
    }


def figures(*, which: Period, seen: Scope, now: datetime, language: str) -> dict[str, object]:
    """The figures of a period for the units of the scope, as of a moment and as known at one."""
    if which.unit:
        _unit(which.unit, seen)
    period = Days(which.first, which.last, ZoneInfo(settings.TIME_ZONE))
    (all_told,) = counted.figures(periods=[period], at=which.at or now, known=which.known, unit=which.unit)
    if not seen.company:
        own = set(people.units_within(seen).values_list("code", flat=True))
        all_told = [figure for figure in all_told if figure.unit in own]
    return counted.document(
        period=period,
        at=which.at or now,
        known=which.known or now,
        seal=counted.last_seal(which.known),
        told=all_told,
        language=language,
    )


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


def _cursor_after(row: told.Row) -> str:
    return f"{(row['opened_at'] - EPOCH) // timedelta(microseconds=1)}.{row['pk'].hex}"


def _cursor(text: str) -> tuple[datetime, UUID]:
    stamp, _, key = text.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(stamp)), UUID(key)
    except (ValueError, OverflowError):
        raise CursorUnknown from None
