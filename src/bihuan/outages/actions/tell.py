"""Saying something of an outage: one entry is appended, and what stands follows from all entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.outages.actions.days import recount
from bihuan.outages.models import Outage, OutageEntry
from bihuan.outages.queries.clock import notice_for
from bihuan.outages.queries.outages import now_of
from bihuan.outages.queries.units import bureaus
from bihuan.outages.rules import History, Now, Told, after, faults, kept
from bihuan.outages.rules.story import NAMES, Values
from bihuan.people.models import Actor, Unit

BATCH = 1_000
_PLAIN = sorted(NAMES - {"transformers"})


class OutageRefused(BihuanError):
    """What was said of the outage can't be: the first fault, and all of them by field."""

    def __init__(self, found: Sequence[tuple[str, Words]]) -> None:
        field, words = found[0]
        super().__init__(words, field=field)
        self.faults = tuple(found)


class OutageMovedOn(BihuanError):
    """Somebody else has said something since the page was shown."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="此停电刚有新的记录，请看过后再提交。",
                en="Something was recorded of this outage since; look at it, then send again.",
            ),
            field="expected_seq",
        )


@transaction.atomic
def announce(
    *,
    unit: Unit,
    values: Values,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    zone: ZoneInfo,
    once_within: timedelta | None = None,
) -> Outage:
    """The first word of an outage: a notice of a plan, or a fault that is there. `values`: as `rules.NAMES` has them.

    `at` is when it was published or found. The same words by the same person, `once_within` so long, give the same outage: a
    form sent twice. Raises `OutageRefused`.
    """
    told = Told("announce", at, recorded_at, by.pk, kept(values))
    if once_within is not None:
        with (
            connection.cursor() as cursor
        ):  # of two that come at once the second looks when the first is done
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"outages announce {by.pk}"])
        said = OutageEntry.objects.filter(
            step="announce",
            by=by,
            values=told.values,
            outage__unit=unit,
            recorded_at__gt=recorded_at - once_within,
        )
        known = said.select_related("outage").order_by("recorded_at").first()
        if known is not None:
            return known.outage
    return replay(histories=[History(unit.pk, (told,))], at=recorded_at, zone=zone)[0]


@transaction.atomic
def tell(
    *,
    outage_id: UUID,
    step: str,
    values: Values,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    zone: ZoneInfo,
    expected_seq: int | None = None,
) -> Outage:
    """One more word: change, withdraw, start, part, restore, correct. Raises `OutageRefused` or `OutageMovedOn`.

    Starting and restoring happen at `at`; a plan that is moved to an earlier time is told anew at `at`.
    """
    outage = Outage.objects.select_for_update(no_key=True).get(pk=outage_id)
    if expected_seq is not None and expected_seq != outage.last_seq:
        raise OutageMovedOn
    before = now_of(outage)
    said = kept(_completed(step, values, before, at))
    now = after(before, step, at, said)
    found = faults(before, step, at, now, recorded_at)
    if found:
        raise OutageRefused(found)
    outage.last_seq += 1
    _settle(outage, now, recorded_at)
    outage.save()
    OutageEntry.objects.create(
        outage=outage, seq=outage.last_seq, step=step, at=at, recorded_at=recorded_at, by=by, values=said
    )
    if before.started_at or now.started_at:
        _recount([before, now], outage.unit_id, recorded_at, zone)
    return outage


@transaction.atomic
def replay(*, histories: Iterable[History], at: datetime, zone: ZoneInfo) -> list[Outage]:
    """Write down whole outages by the same rules, and count the days they touch. Raises `OutageRefused` at the first
    that can't be.
    """
    given = list(histories)
    numbers = iter(_numbers(sum(not history.number for history in given)))
    outages, entries, told = [], [], []
    for history in given:
        now, outage = Now(), Outage(unit_id=history.unit)
        for seq, word in enumerate(history.told, start=1):
            before = now if seq > 1 else None
            now = after(now, word.step, word.at, word.values)
            found = faults(before, word.step, word.at, now, word.recorded_at)
            if found:
                raise OutageRefused(found)
            entries.append(
                OutageEntry(
                    outage=outage,
                    seq=seq,
                    step=word.step,
                    at=word.at,
                    recorded_at=word.recorded_at,
                    by_id=word.by,
                    values=dict(word.values),
                )
            )
        outage.number = history.number or next(numbers)
        outage.last_seq = len(history.told)
        _settle(outage, now, history.told[-1].recorded_at)
        outages.append(outage)
        told.append(now)
    Outage.objects.bulk_create(outages, batch_size=BATCH)
    OutageEntry.objects.bulk_create(entries, batch_size=BATCH)
    over = [now for now in told if now.started_at]
    if over:
        _recount(over, None if len(outages) > 1 else outages[0].unit_id, at, zone)
    return outages


def said_of(step: str, values: Values, before: Now, at: datetime) -> Now:
    """What would stand after this step; for a page that shows it before it is said."""
    return after(before, step, at, kept(_completed(step, values, before, at)))


def _completed(step: str, values: Values, before: Now, at: datetime) -> dict[str, object]:
    """What follows from the step itself."""
    said = dict(values)
    if step == "start":
        said["started_at"] = at
    elif step == "restore":
        said["ended_at"] = at
    elif step == "withdraw":
        said["change"] = "withdrawn"
    elif step == "change":
        said["change"] = "plan_changed" if before.started_at is None else "changed_on_site"
        start = said.get("planned_start_at")
        if isinstance(start, datetime) and before.planned_start_at and start < before.planned_start_at:
            said["published_at"] = at
    return said


def _settle(outage: Outage, now: Now, recorded_at: datetime) -> None:
    """Write what stands into the row."""
    for name in _PLAIN:
        setattr(outage, name, getattr(now, name))
    outage.transformers = list(now.transformers)
    outage.parts = [[part.at.isoformat(), part.users, part.customers] for part in now.parts]
    outage.state = now.state
    event_at = now.event_at or now.published_at
    outage.event_at = event_at or recorded_at
    outage.told_at = min(
        moment for moment in (now.published_at, now.started_at, outage.told_at, recorded_at) if moment
    )
    promised = notice_for(now)
    outage.notice_due_at = promised.at if promised else None
    outage.notice_by_day = bool(promised and promised.by_day)
    outage.notice_promise = promised.promise if promised else ""
    outage.analysed = bool(now.transformers) and now.customers is not None
    outage.user_seconds = now.user_seconds
    outage.customers_off, outage.customer_seconds = now.sustained
    outage.recorded_at = recorded_at


def _recount(told: Sequence[Now], unit: UUID | None, at: datetime, zone: ZoneInfo) -> None:
    starts = [now.started_at for now in told if now.started_at]
    ends = [now.ended_at or at for now in told if now.started_at]
    if not starts:
        return
    units = {bureaus()[unit]} if unit else None
    first, last = min(starts).astimezone(zone).date(), max(ends).astimezone(zone).date()
    recount(since=first, until=last, at=at, zone=zone, units=units)


def _numbers(count: int) -> list[str]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('outages_number') FROM generate_series(1, %s)", [count])
        return [f"{settings.BIHUAN_CELL}-T{number:06}" for (number,) in cursor.fetchall()]
