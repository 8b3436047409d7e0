"""Chapter two of the weekly report: complaints."""

from bihuan.kernel.expression import Column, Expression
from bihuan.kernel.indicator import Breakdown, Chapter, Indicator, Roll
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("complaint", Words(zh="投诉处理", en="Complaints"))

COMPLAINTS = terms.LOOP.is_("complaint")
FIRST = Column("cycle").is_(1)


def _count(code: str, title: Words, rule: Words, what: Expression) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=terms.HOUSE,
        rule=rule,
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="lower",
        where=COMPLAINTS,
        denominator=what,
        counted_at="accepted_at",
    )


INDICATORS = (
    Indicator(
        code="complaint.count",
        title=Words(zh="受理投诉", en="Complaints accepted"),
        source=terms.HOUSE,
        rule=Words(zh="按受理时间统计；重新派工不另计。", en="By acceptance; sent back isn't counted again."),
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="lower",
        where=COMPLAINTS,
        denominator=FIRST,
        counted_at="accepted_at",
    ),
    Indicator(
        code="complaint.first_time",
        title=Words(zh="投诉一次解决率", en="Complaints solved the first time"),
        source=terms.ELEVEN_FIVE,
        rule=Words(
            zh="按客户确认时间统计；首轮即确认解决且30天内未就同一事项再次来电。联系不上、撤销及导入的历史不计。",
            en="By the customer's confirmation: confirmed as solved in the first cycle and not brought again within 30 days."
            " Unreached, withdrawn and imported history are in neither count.",
        ),
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=COMPLAINTS & ~terms.IMPORTED,
        denominator=Column("confirmed_at").is_known(),
        numerator=FIRST & Column("solved").is_(True) & Column("repeated_at").is_null(),
        # A confirmation is a verification at the same moment, and that column has the index.
        counted_at="verified_at",
    ),
    _count(
        "complaint.severe",
        Words(zh="其中：特殊、重大投诉", en="Special and major complaints"),
        Words(zh="按受理时间统计。", en="By acceptance."),
        FIRST & Column("severity").in_("special", "major"),
    ),
    _count(
        "complaint.supervised",
        Words(zh="其中：督办投诉", en="Complaints under supervision"),
        Words(zh="按受理时间统计。", en="By acceptance."),
        FIRST & Column("supervised_at").is_known(),
    ),
    _count(
        "complaint.not_responsible",
        Words(zh="其中：认定非供电企业责任", en="Complaints found not to be the utility's responsibility"),
        Words(zh="按受理时间统计；经评审裁定的。", en="By acceptance; as the panel decided."),
        FIRST & Column("responsibility").in_("customer", "third_party", "none"),
    ),
    Indicator(
        code="complaint.contacted",
        title=Words(zh="投诉首日联系率", en="Complainants contacted in time"),
        source=Words(zh="首日联系制", en="the rule of first-day contact"),
        rule=Words(zh="按受理时间统计。" + terms.CLOCK_RULE.zh, en="By acceptance. " + terms.CLOCK_RULE.en),
        chapter=CHAPTER.code,
        table="clock",
        measure="percent",
        where=terms.PROMISE.is_("first-contact") & COMPLAINTS,
        denominator=terms.DECIDED,
        numerator=terms.IN_TIME,
        counted_at="started_at",
    ),
    Indicator(
        code="complaint.answered_in_time",
        title=Words(zh="投诉处理及时率", en="Complaints answered in time"),
        source=Words(zh="投诉管理办法", en="the rules on complaints"),
        rule=Words(zh="按受理时间统计。" + terms.CLOCK_RULE.zh, en="By acceptance. " + terms.CLOCK_RULE.en),
        chapter=CHAPTER.code,
        table="clock",
        measure="percent",
        where=terms.PROMISE.is_("matter-answer") & COMPLAINTS,
        denominator=terms.DECIDED,
        numerator=terms.IN_TIME,
        counted_at="started_at",
    ),
    terms.per_customers(
        "complaint.per_million",
        Words(zh="百万客户投诉量（折合全年）", en="Complaints per million customers, put to a year"),
        Words(
            zh="受理投诉数÷用电户数×100万，按365天折合全年；用电户数为统计期内各日平均。",
            en="Complaints accepted over customers, times a million, put to a year of 365 days; customers are the mean of the days.",
        ),
        chapter=CHAPTER.code,
        count="complaint.count",
        customers=1_000_000,
    ),
)
BREAKDOWNS = (
    Breakdown(
        "complaint.by_leaf",
        Words(zh="投诉分类", en="Complaints by class"),
        of=("complaint.count",),
        by="leaf",
    ),
    Breakdown(
        "complaint.by_severity",
        Words(zh="投诉严重程度", en="Complaints by severity"),
        of=("complaint.count",),
        by="severity",
    ),
)
ROLLS = (
    Roll(
        "complaint.grave",
        Words(zh="特殊、重大投诉", en="Special and major"),
        of="complaint.severe",
        part="denominator",
    ),
    Roll(
        "complaint.watched",
        Words(zh="督办投诉", en="Under supervision"),
        of="complaint.supervised",
        part="denominator",
    ),
    Roll(
        "complaint.again",
        Words(zh="未一次解决", en="Not solved the first time"),
        of="complaint.first_time",
        part="missed",
    ),
)
