"""What a request may hold, strictly, and what an answer holds. Times are ISO 8601; answers give UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

from bihuan.loops.catalogue import LOOPS

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Outside of these no calendar reaches, and a time is a slip of the keyboard."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|z|[+-]\d{2}:\d{2})")


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a time is written like 2007-06-05T23:50:00+08:00, with its offset")
    at = datetime.fromisoformat(value.upper().replace(" ", "T"))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
    return at.astimezone(UTC)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written like 2007-06-05")
    day = date.fromisoformat(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
    return day


# pydantic alone takes a number for a time.
Moment: TypeAlias = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day: TypeAlias = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
# PostgreSQL holds every character but this one.
Text: TypeAlias = Annotated[str, StringConstraints(strict=True, max_length=20_000, pattern=r"^[^\u0000]*$")]
Name: TypeAlias = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=80, pattern=r"^[^\u0000]+$")
]
FactGiven: TypeAlias = StrictBool | StrictInt | Text


class Given(BaseModel):
    """What a client sends: nothing more than is declared, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Begin(Given):
    """A new case. The same `client_id` with the same content gives the same case again."""

    loop: Name = Field(examples=[loop.code for loop in LOOPS])
    client_id: Name = Field(
        description="Yours; sent again with the same content it is answered, not done again."
    )
    at: Moment | None = Field(None, description="When it was accepted; now when left out.")
    account: Name | None = Field(None, description="The account's number; it names customer and premises.")
    premises: Name | None = Field(None, description="The premises' code, where there is no account.")
    facts: dict[Name, FactGiven] = Field(
        {}, description="Coded facts of the loop's first step; see /api/loops."
    )
    notes: dict[Name, Text] = Field({}, description="Free text, kept erasable.")


class Take(Given):
    """A step on a case."""

    step: Name = Field(examples=["dispatch"])
    client_id: Name | None = Field(
        None, description="Yours; sent again with the same content it is answered, not done again."
    )
    at: Moment | None = Field(None, description="When it happened; now when left out.")
    expected_seq: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="The newest entry you have seen; refused when there is a newer one."
    )
    facts: dict[Name, FactGiven] = {}
    notes: dict[Name, Text] = {}


class Which(Given):
    """Which cases to list, newest first."""

    loop: Name | None = None
    state: Name | None = None
    unit: Name | None = Field(None, description="A unit's code: its cases and those of the units below it.")
    opened_from: Day | None = Field(None, description="First day, in the utility's zone.")
    opened_to: Day | None = Field(None, description="Last day, inclusive.")
    cursor: Name | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Period(Given):
    """Which figures."""

    first: Day = Field(alias="from", description="First day, in the utility's zone.")
    last: Day = Field(alias="to", description="Last day, inclusive.")
    unit: Name | None = Field(None, description="A bureau's code; left out, the whole and every bureau.")
    at: Moment | None = Field(None, description="As of this event time.")
    known: Moment | None = Field(None, description="As known at this record time.")


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, with the refusal's code and field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None
    errors: list[Fault] | None = None
    last_seq: int | None = None


class Standing(BaseModel):
    """Where a case stands after a step."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    loop: str
    state: str
    cycle: int
    last_seq: int
    opened_at: datetime
    changed_at: datetime
    ended_at: datetime | None


class Listed(Standing):
    """A case in a list. Units, premises, customer and account by their codes and numbers."""

    unit: str | None
    crew: str | None
    area: str
    customer_class: str
    kind: str
    leaf: str
    severity: str
    urgency: str
    source: str
    confidential: bool = Field(description="Who brought it, and where, is not told here.")
    suspended_at: datetime | None
    premises: str | None
    customer: str | None
    account: str | None
    parent: str | None
    repeat_of: str | None
    imported: bool


class Page(BaseModel):
    """A part of a list; `next` is the cursor of the part that follows."""

    cases: list[Listed]
    next: str | None


class EntryTold(BaseModel):
    """One step taken. A note that was erased is null; `corrected_by` names the entry that put it right."""

    seq: int
    cycle: int
    step: str
    side: str
    at: datetime
    recorded_at: datetime
    actor: str
    actor_kind: str
    unit: str | None
    facts: dict[str, Any]
    notes: dict[str, str | None]
    corrected_by: int | None
    digest: str


class CycleTold(BaseModel):
    """One round of a case: its moments and coded answers, corrections applied."""

    cycle: int
    unit: str | None
    crew: str | None
    moments: dict[str, datetime]
    ending: str
    solved: bool | None
    satisfaction: str
    rang_on_arrival: bool | None
    contacted_first_day: bool | None
    customer_arrived_at: datetime | None
    attempts: int
    returns: int
    urges: int
    repeated_at: datetime | None


class ClockTold(BaseModel):
    """A promise running, or decided. `due` is how it is shown: with the utility's offset, a day to its last second."""

    promise: str
    cycle: int
    kind: str
    pack: str
    edition: str
    clause: str
    public: bool
    unit: str | None
    started_at: datetime
    due_at: datetime
    due: str
    by_day: bool
    internal_due_at: datetime | None
    suspended_at: datetime | None
    ended_at: datetime | None
    void_at: datetime | None
    provisional: bool
    standing: str


class CaseTold(Listed):
    """A case with all that happened; `as_of` is the moment at which the clocks' standing was taken."""

    reached_at: datetime
    as_of: datetime
    timeline: list[EntryTold]
    cycles: list[CycleTold]
    clocks: list[ClockTold]
    steps: list[str] = Field(
        description="Steps that the present state allows and the token's holder may take."
    )


class FigureTold(BaseModel):
    """An indicator's two integers and what they make; `unit` is null for the whole, `value` null where nothing was counted.

    An index, made of other figures, has no numerator of its own.
    """

    code: str
    title: str
    unit: str | None
    measure: str
    decimals: int
    numerator: int | None
    denominator: int | None
    value: str | None
    target: str | None


class FiguresTold(BaseModel):
    """The figures of a period, the same as `bihuan figures --format json` prints."""

    model_config = ConfigDict(populate_by_name=True)

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    at: str
    known: str
    seal: int | None
    figures: list[FigureTold]


class ChoiceTold(BaseModel):
    """A value of a coded fact."""

    code: str
    title: str


class FactTold(BaseModel):
    """A fact that a step may state. Of the kind `words` it goes into `notes`, else into `facts`."""

    code: str
    title: str
    kind: str
    needed: bool
    choices: list[ChoiceTold]


class StepTold(BaseModel):
    """A step of a loop; `leaves` holds `start` where it begins a case, `reaches` is empty where the state stays."""

    code: str
    title: str
    side: str
    permission: str
    leaves: list[str]
    reaches: str
    marks: list[str]
    ends: bool
    facts: list[FactTold]


class LoopTold(BaseModel):
    """A business kind as it is declared."""

    code: str
    title: str
    states: list[ChoiceTold]
    steps: list[StepTold]
