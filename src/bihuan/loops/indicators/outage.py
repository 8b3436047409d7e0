"""Chapter four of the weekly report: notices of outages, by kind, in time, and whether plans were kept to."""

from bihuan.kernel.expression import AsOf, Column, Compare, Expression, MinutesBetween, Value
from bihuan.kernel.indicator import Breakdown, Chapter, Indicator, Roll
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("outages", Words(zh="停电信息公告", en="Outage notices"))

KIND, CHANGE, CAUSE = Column("kind"), Column("change"), Column("cause")
PUBLISHED, DUE, BY_DAY = Column("published_at"), Column("notice_due_at"), Column("notice_by_day")
PLANNED, PLANNED_END = Column("planned_start_at"), Column("planned_end_at")
STARTED, ENDED = Column("started_at"), Column("ended_at")

TOLD_IN_TIME = PUBLISHED.is_known() & ((BY_DAY & PUBLISHED.before(DUE)) | (~BY_DAY & PUBLISHED.by(DUE)))
TOO_LATE = (BY_DAY & DUE.by(AsOf())) | (~BY_DAY & DUE.before(AsOf()))
WITHDRAWN = CHANGE.is_("withdrawn")

PLAN = KIND.in_("planned", "temporary") & PLANNED.by(AsOf())
NOT_EXECUTED = WITHDRAWN | (STARTED.is_null() & PLANNED_END.before(AsOf()))
HOUR = Value(60)
OFF_PLAN = (
    Compare("<=", HOUR, MinutesBetween(PLANNED, STARTED))
    | Compare("<=", HOUR, MinutesBetween(STARTED, PLANNED))
    | PLANNED_END.before(ENDED)
    | (STARTED.is_known() & ENDED.is_null() & PLANNED_END.before(AsOf()))
)

NOTICE_RULE = Words(zh="按公告时间统计。", en="By the moment of publication.")
EVENT_RULE = Words(
    zh="按停电时间（未停电的按计划停电时间）统计。",
    en="By the start of the outage, or its planned start if it hasn't begun.",
)
PLAN_RULE = Words(
    zh=EVENT_RULE.zh
    + "分母为已到时间的计划停电和临时停电；撤消、到期未停为未执行；提前或推迟一小时以上、逾时送电为未按计划。",
    en=EVENT_RULE.en
    + " Out of planned and temporary outages whose time has come. Withdrawn, or not begun by the planned end: not"
    " carried out. Begun an hour or more off the plan, or restored after its end: not as planned.",
)


def _notices(code: str, title: Words, where: Expression) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=terms.HOUSE,
        rule=NOTICE_RULE,
        chapter=CHAPTER.code,
        table="outage",
        measure="count",
        where=where,
        denominator=PUBLISHED.is_known(),
        counted_at="published_at",
        direction="none",
    )


def _begun(code: str, title: Words, where: Expression) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=terms.HOUSE,
        rule=Words(
            zh="按停电开始时间统计，各类停电都在内。",
            en="By the moment at which the supply went off; outages of every kind.",
        ),
        chapter=CHAPTER.code,
        table="outage",
        measure="count",
        where=where,
        denominator=STARTED.is_known(),
        counted_at="event_at",
        direction="lower",
    )


TWO_MONTHS, OFTEN = 61, 3
"""Days, and outages of one line within them from which a line counts as often off (a province's weekly report, domain.md 5)."""

INDICATORS = (
    _notices("outage.notices", Words(zh="发布停电信息", en="Notices published"), PUBLISHED.is_known()),
    _notices("outage.notices.planned", Words(zh="计划停电公告", en="Planned"), KIND.is_("planned")),
    _notices("outage.notices.temporary", Words(zh="临时停电公告", en="Temporary"), KIND.is_("temporary")),
    _notices("outage.notices.fault", Words(zh="故障停电信息", en="Fault"), KIND.is_("fault")),
    _notices("outage.notices.shortage", Words(zh="限电公告", en="Shortage"), KIND.is_("shortage")),
    Indicator(
        code="outage.notice.timely",
        title=Words(zh="停电信息发布及时率", en="Told in time"),
        source=terms.HOUSE,
        rule=Words(
            zh=EVENT_RULE.zh + "分母为有公告时限且已公告或已过期的停电；撤消的不计。",
            en=EVENT_RULE.en
            + " Out of outages with a promised notice that was given or is overdue; withdrawn ones are in neither.",
        ),
        chapter=CHAPTER.code,
        table="outage",
        measure="percent",
        where=DUE.is_known() & ~WITHDRAWN,
        denominator=PUBLISHED.is_known() | TOO_LATE,
        numerator=TOLD_IN_TIME,
        counted_at="event_at",
    ),
    Indicator(
        code="outage.scope",
        title=Words(zh="停电范围分析到户率", en="Scope told to the household"),
        source=terms.HOUSE,
        rule=Words(
            zh=NOTICE_RULE.zh + "公告列明台区且有停电户数的，计为分析到户。",
            en=NOTICE_RULE.en + " Analysed: the notice names the transformers and the number of customers.",
        ),
        chapter=CHAPTER.code,
        table="outage",
        measure="percent",
        where=PUBLISHED.is_known(),
        denominator=PUBLISHED.is_known(),
        numerator=Column("analysed"),
        counted_at="published_at",
    ),
    Indicator(
        code="outage.plan.kept",
        title=Words(zh="停电计划执行率", en="Plans carried out as announced"),
        source=terms.HOUSE,
        rule=PLAN_RULE,
        chapter=CHAPTER.code,
        table="outage",
        measure="percent",
        where=PLAN,
        denominator=PLANNED.is_known(),
        # What is unknown on one side of a comparison counts as not being so.
        numerator=~NOT_EXECUTED
        & STARTED.is_known()
        & Compare("<", MinutesBetween(PLANNED, STARTED), HOUR)
        & Compare("<", MinutesBetween(STARTED, PLANNED), HOUR)
        & ((ENDED.is_known() & ENDED.by(PLANNED_END)) | (ENDED.is_null() & ~PLANNED_END.before(AsOf()))),
        counted_at="event_at",
    ),
    Indicator(
        code="outage.plan.missed",
        title=Words(zh="未执行的停电计划", en="Plans not carried out"),
        source=terms.HOUSE,
        rule=PLAN_RULE,
        chapter=CHAPTER.code,
        table="outage",
        measure="count",
        where=PLAN,
        denominator=NOT_EXECUTED,
        counted_at="event_at",
        direction="lower",
    ),
    Indicator(
        code="outage.plan.late",
        title=Words(zh="未按计划的停电", en="Plans not kept to"),
        source=terms.HOUSE,
        rule=PLAN_RULE,
        chapter=CHAPTER.code,
        table="outage",
        measure="count",
        where=PLAN & ~WITHDRAWN,
        denominator=OFF_PLAN,
        counted_at="event_at",
        direction="lower",
    ),
    _begun("outage.begun", Words(zh="停电次数", en="Outages begun"), STARTED.is_known()),
    _begun("outage.begun.fault", Words(zh="其中：故障停电", en="Of these: faults"), KIND.is_("fault")),
    Indicator(
        code="outage.fault.long",
        title=Words(zh="超过8小时的故障", en="Faults of more than 8 hours"),
        source=terms.HOUSE,
        rule=Words(
            zh=EVENT_RULE.zh + "已送电且停电超过8小时的故障。",
            en=EVENT_RULE.en + " Faults that are over and took more than 8 hours.",
        ),
        chapter=CHAPTER.code,
        table="outage",
        measure="count",
        where=KIND.is_("fault"),
        denominator=Compare("<", Value(8 * 60), MinutesBetween(STARTED, ENDED)),
        counted_at="event_at",
        direction="lower",
    ),
    Indicator(
        code="outage.fault.minutes",
        title=Words(zh="故障平均停电时长", en="Mean duration of a fault"),
        source=terms.HOUSE,
        rule=EVENT_RULE,
        chapter=CHAPTER.code,
        table="outage",
        measure="minutes",
        where=KIND.is_("fault"),
        denominator=STARTED.is_known() & ENDED.is_known(),
        numerator=MinutesBetween(STARTED, ENDED),
        counted_at="event_at",
        decimals=1,
        direction="lower",
    ),
)
BREAKDOWNS = (
    Breakdown(
        "outage.by_cause",
        Words(zh="未执行或未按计划的原因", en="Why plans weren't carried out or kept to"),
        of=("outage.plan.missed", "outage.plan.late"),
        by="cause",
    ),
    Breakdown(
        "outage.lines",
        Words(
            zh="频繁停电线路（两个月内停电三次及以上）",
            en="Lines often off (three times or more in two months)",
        ),
        of=("outage.begun", "outage.begun.fault"),
        by="line",
        days=TWO_MONTHS,
        at_least=OFTEN,
    ),
)
ROLLS = (
    Roll(
        "outage.long",
        Words(zh="超过8小时的故障", en="Faults of more than 8 hours"),
        of="outage.fault.long",
        part="denominator",
    ),
)
