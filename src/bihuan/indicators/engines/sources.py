"""The tables that indicators count, each declared here once; columns follow the models, so that a new one needs no line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db import models

from bihuan.cases.models import Cycle
from bihuan.kernel.indicator import Table
from bihuan.outages.models import Outage, SupplyDay, VoltageReading
from bihuan.promises.models import Clock

_TYPES = (
    (models.BooleanField, "BOOLEAN"),
    (models.DateTimeField, "TIMESTAMPTZ"),
    (models.DateField, "DATE"),
    (models.IntegerField, "BIGINT"),
    (models.UUIDField, "VARCHAR"),
    (models.CharField, "VARCHAR"),
    (models.TextField, "VARCHAR"),
)
"""Keys are text in the archive: Spark knows no UUID."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the archive keeps it; `default` stands for it in files that are older than the column."""

    name: str
    type: str
    default: str | int | bool | None


@dataclass(frozen=True)
class Source:
    """A table as it can be asked about, as of any moment.

    A row is there from its moment `born` on. Moments (nullable `…_at`) are null while they are later than the moment asked
    about, but for those `foreseen`. `hidden` ties a column to the moment before which nothing is known of it.
    """

    name: Table
    model: type[models.Model]
    born: str
    hidden: tuple[tuple[str, str, str], ...] = ()
    foreseen: tuple[str, ...] = ()
    tied: str = ""
    """A column that an index begins with."""
    lasts: timedelta = timedelta(0)
    """How long a row goes on from `born`: until it is over nothing is known of it."""
    of_cases: bool = True
    """Whether its rows are a case's and follow from its entries."""

    @property
    def table(self) -> str:
        """Its name in PostgreSQL."""
        return self.model._meta.db_table

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column of one plain value, in the model's order."""
        return tuple(column for field in self.model._meta.concrete_fields if (column := _column(field)))

    @cached_property
    def moments(self) -> frozenset[str]:
        """The moments of which nothing is known before they come."""
        return frozenset(
            field.attname
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.DateTimeField)
            and field.null
            and field.attname.endswith("_at")
            and field.attname not in self.foreseen
        )


def _column(field: models.Field[object, object]) -> Column | None:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = next((name for python, name in _TYPES if isinstance(target, python)), None)
    if kind is None:
        return None
    default = field.get_default() if field.has_default() and not callable(field.default) else None
    if default is None and not field.null and isinstance(field, models.CharField):
        default = ""
    return Column(field.attname, kind, default)


CYCLE = Source(
    name="cycle",
    model=Cycle,
    born="accepted_at",
    hidden=(
        ("ending", "ended_at", "''"),
        ("satisfaction", "verified_at", "''"),
        ("solved", "verified_at", "NULL"),
        ("responsibility", "decided_at", "''"),
    ),
)
CLOCK = Source(name="clock", model=Clock, born="started_at", foreseen=("internal_due_at",), tied="promise")
OUTAGE = Source(
    name="outage",
    model=Outage,
    born="told_at",
    foreseen=("planned_start_at", "planned_end_at", "notice_due_at"),
    of_cases=False,
)
SUPPLY_DAY = Source(
    name="supply_day", model=SupplyDay, born="starts_at", lasts=timedelta(days=1), of_cases=False
)
VOLTAGE = Source(name="voltage", model=VoltageReading, born="ends_at", of_cases=False)

SOURCES: dict[Table, Source] = {source.name: source for source in (CYCLE, CLOCK, OUTAGE, SUPPLY_DAY, VOLTAGE)}

ENTRY = (
    Column("case_id", "VARCHAR", None),
    Column("number", "VARCHAR", None),
    Column("seq", "BIGINT", None),
    Column("cycle", "BIGINT", None),
    Column("step", "VARCHAR", None),
    Column("side", "VARCHAR", None),
    Column("at", "TIMESTAMPTZ", None),
    Column("recorded_at", "TIMESTAMPTZ", None),
    Column("actor_id", "VARCHAR", None),
    Column("unit_id", "VARCHAR", None),
    Column("facts", "VARCHAR", None),
    Column("notes", "VARCHAR", None),
    Column("previous", "VARCHAR", None),
    Column("digest", "VARCHAR", None),
    Column("seal", "BIGINT", None),
)
"""An entry in the archive: everything that its digest is made of (of texts only their salted hashes), and its seal."""
