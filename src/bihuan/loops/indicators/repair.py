"""Chapter one of the weekly report: repairs."""

from bihuan.kernel.expression import Column, MinutesBetween
from bihuan.kernel.indicator import Breakdown, Chapter, Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("repair", Words(zh="受理客户抢修", en="Fault repairs"))

REPAIRS = terms.LOOP.is_("repair")
FIRST = Column("cycle").is_(1)
ARRIVALS = terms.PROMISE.is_("repair-arrival") & REPAIRS & FIRST

INDICATORS = (
    Indicator(
        code="repair.count",
        title=Words(zh="受理报修", en="Repairs accepted"),
        source=terms.HOUSE,
        rule=Words(zh="按受理时间统计；重新派工不另计。", en="By acceptance; sent back isn't counted again."),
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="none",
        where=REPAIRS,
        denominator=FIRST,
        counted_at="accepted_at",
    ),
    Indicator(
        code="repair.arrived_in_time",
        title=Words(zh="抵达现场及时率", en="Arrived in time"),
        source=terms.ELEVEN_FIVE,
        rule=Words(
            zh="按受理时间统计首轮处理。" + terms.CLOCK_RULE.zh,
            en="By acceptance, first cycle. " + terms.CLOCK_RULE.en,
        ),
        chapter=CHAPTER.code,
        table="clock",
        measure="percent",
        where=ARRIVALS,
        denominator=terms.DECIDED,
        numerator=terms.IN_TIME,
        counted_at="started_at",
    ),
    Indicator(
        code="repair.arrival_minutes",
        title=Words(zh="平均抵达时长", en="Average minutes to arrival"),
        source=terms.HOUSE,
        rule=Words(
            zh="按受理时间统计首轮处理；自受理至抵达的整分钟数之和除以已抵达件数。",
            en="By acceptance, first cycle; whole minutes from acceptance to arrival over the repairs arrived at.",
        ),
        chapter=CHAPTER.code,
        table="clock",
        measure="minutes",
        decimals=1,
        direction="lower",
        where=ARRIVALS,
        denominator=terms.ENDED.is_known() & terms.STARTED.by(terms.ENDED),
        numerator=MinutesBetween(terms.STARTED, terms.ENDED),
        counted_at="started_at",
    ),
    Indicator(
        code="repair.fix_minutes",
        title=Words(zh="平均修复时长", en="Average minutes from arrival to restoration"),
        source=terms.HOUSE,
        rule=Words(
            zh="按受理时间统计首轮处理；自抵达至恢复供电的整分钟数之和除以已恢复件数。",
            en="By acceptance, first cycle; whole minutes from arrival to restoration over the repairs restored.",
        ),
        chapter=CHAPTER.code,
        table="cycle",
        measure="minutes",
        decimals=1,
        direction="lower",
        where=REPAIRS & FIRST,
        denominator=Column("arrived_at").is_known()
        & Column("restored_at").is_known()
        & Column("arrived_at").by(Column("restored_at")),
        numerator=MinutesBetween(Column("arrived_at"), Column("restored_at")),
        counted_at="accepted_at",
    ),
    terms.per_customers(
        "repair.per_100k",
        Words(zh="每十万户报修率（折合全年）", en="Repairs per 100,000 customers, put to a year"),
        Words(
            zh="受理报修数÷用电户数×10万，按365天折合全年；用电户数为统计期内各日平均。",
            en="Repairs accepted over customers, times 100,000, put to a year of 365 days; customers are the mean of the days.",
        ),
        chapter=CHAPTER.code,
        count="repair.count",
        customers=100_000,
    ),
    Indicator(
        code="repair.satisfied",
        title=Words(zh="报修回访满意率", en="Satisfied with the repair"),
        source=terms.ELEVEN_FIVE,
        rule=terms.SATISFIED_RULE,
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=REPAIRS,
        denominator=terms.RATED,
        numerator=terms.SATISFIED,
        counted_at="verified_at",
    ),
)
BREAKDOWNS = (
    Breakdown(
        "repair.by_kind",
        Words(zh="报修故障类别", en="Repairs by class of fault"),
        of=("repair.count",),
        by="kind",
    ),
)
