"""Writes of voltage points and their readings; a reading said again is a correction and both stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.outages.models import VoltageEntry, VoltagePoint, VoltageReading
from bihuan.outages.rules import Reading, band, midnight, reading_faults
from bihuan.people.models import Actor, Unit

BATCH = 1_000


class ReadingRefused(BihuanError):
    """The reading can't be; the first fault."""


class PointRefused(BihuanError):
    """There is a point of this code, or its limits are the wrong way round."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="监测点编号已存在，或上下限颠倒。",
                en="There is a point of this code already, or its limits are the wrong way round.",
            ),
            field="code",
        )


@dataclass(frozen=True, slots=True)
class NewReading:
    """Minutes of a point from one day to another, both inclusive."""

    point: VoltagePoint
    first_date: date
    last_date: date
    minutes: Reading


def add_point(
    *,
    code: str,
    name: str,
    unit: Unit,
    area: str,
    klass: str,
    nominal: int,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
) -> VoltagePoint:
    """Add a monitoring point; without limits it has those of its class. Volts. Raises `PointRefused`."""
    low, high = band(klass, nominal)
    try:
        with transaction.atomic():
            return VoltagePoint.objects.create(
                code=code,
                name=name,
                unit=unit,
                area=area,
                klass=klass,
                nominal=nominal,
                lower=low if lower is None else lower,
                upper=high if upper is None else upper,
            )
    except IntegrityError:
        raise PointRefused from None


@transaction.atomic
def read_voltage(
    *, given: NewReading, by: Actor, at: datetime, zone: ZoneInfo, why: str = ""
) -> VoltageReading:
    """Write down a reading, or correct the one of the same first day; a correction says why. Raises `ReadingRefused`."""
    _check(given, at, zone)
    point = VoltagePoint.objects.select_for_update(no_key=True).get(pk=given.point.pk)
    known = VoltageReading.objects.filter(point=point, first_date=given.first_date).first()
    overlapping = VoltageReading.objects.filter(
        point=point, first_date__lte=given.last_date, last_date__gte=given.first_date
    ).exclude(first_date=given.first_date)
    if overlapping.exists():
        raise ReadingRefused(
            Words(zh="与另一读数的日期重叠。", en="It overlaps with another reading."), field="last_date"
        )
    if known is None:
        row = _row(given, at, zone)
        row.save()
    else:
        if not why.strip():
            raise ReadingRefused(
                Words(
                    zh="该期间已有读数；更正须说明原因。",
                    en="There is a reading of this period; say why it is corrected.",
                ),
                field="why",
            )
        row = _row(given, at, zone)
        row.pk, row.last_seq = known.pk, known.last_seq + 1
        row.save(force_update=True)
    VoltageEntry.objects.create(**_said(row), why=why.strip()[:200], by=by)
    return row


@transaction.atomic
def read_many(*, given: Iterable[NewReading], by: Actor, at: datetime, zone: ZoneInfo) -> int:
    """Write down readings of periods that have none yet. Raises `ReadingRefused` at the first that can't be."""
    rows = []
    for one in given:
        _check(one, at, zone)
        rows.append(_row(one, at, zone))
    VoltageReading.objects.bulk_create(rows, batch_size=BATCH)
    VoltageEntry.objects.bulk_create([VoltageEntry(**_said(row), by=by) for row in rows], batch_size=BATCH)
    return len(rows)


def faults_of(given: NewReading, at: datetime, zone: ZoneInfo) -> list[tuple[str, Words]]:
    """What is wrong with a reading: field and sentence."""
    days = (given.last_date - given.first_date).days + 1
    if days < 1:
        return [("last_date", Words(zh="早于起始日", en="earlier than the first day"))]
    found = reading_faults(given.minutes, days)
    if midnight(given.last_date + timedelta(days=1), zone) > at:
        found.append(("last_date", Words(zh="尚未结束", en="isn't over yet")))
    return found


def _check(given: NewReading, at: datetime, zone: ZoneInfo) -> None:
    found = faults_of(given, at, zone)
    if found:
        field, words = found[0]
        raise ReadingRefused(words, field=field)


def _row(given: NewReading, at: datetime, zone: ZoneInfo) -> VoltageReading:
    minutes, point = given.minutes, given.point
    return VoltageReading(
        point=point,
        unit_id=point.unit_id,
        area=point.area,
        klass=point.klass,
        first_date=given.first_date,
        last_date=given.last_date,
        ends_at=midnight(given.last_date + timedelta(days=1), zone) - timedelta(seconds=1),
        monitored=minutes.monitored,
        over=minutes.over,
        under=minutes.under,
        within=minutes.monitored - minutes.over - minutes.under,
        recorded_at=at,
    )


def _said(row: VoltageReading) -> dict[str, object]:
    return {
        "reading": row,
        "seq": row.last_seq,
        "monitored": row.monitored,
        "over": row.over,
        "under": row.under,
        "recorded_at": row.recorded_at,
    }
