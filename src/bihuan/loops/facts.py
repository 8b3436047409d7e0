"""Facts that several loops share. A fact that one loop alone knows stands in that loop's file."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.words import Words

AREA = Fact(
    "area",
    Words(zh="区域类别", en="Area class"),
    FactKind.choice,
    choices=(
        Choice("urban", Words(zh="城区", en="urban")),
        Choice("rural", Words(zh="农村", en="rural")),
        Choice("remote", Words(zh="特殊边远", en="special remote")),
    ),
    column="area",
)

CUSTOMER_CLASS = Fact(
    "customer_class",
    Words(zh="客户类别", en="Customer class"),
    FactKind.choice,
    choices=(
        Choice("resident", Words(zh="居民", en="resident")),
        Choice("non-resident", Words(zh="非居民", en="non-resident")),
        Choice("lv", Words(zh="低压非居民", en="low-voltage non-resident")),
        Choice("hv-single", Words(zh="高压单电源", en="high voltage, single source")),
        Choice("hv-dual", Words(zh="高压双电源", en="high voltage, dual source")),
    ),
    column="customer_class",
)

SOURCE = Fact(
    "source",
    Words(zh="受理渠道", en="Channel"),
    FactKind.choice,
    choices=(
        Choice("call", Words(zh="95598电话", en="95598 call")),
        Choice("web", Words(zh="网站", en="web")),
        Choice("sms", Words(zh="短信", en="text message")),
        Choice("mail", Words(zh="邮件、信函", en="mail or letter")),
        Choice("hall", Words(zh="营业厅", en="business hall")),
        Choice("field", Words(zh="现场", en="in the field")),
        Choice("handover", Words(zh="外部转办", en="handed over")),
        Choice("api", Words(zh="系统接口", en="interface")),
    ),
    column="source",
)

UNIT = Fact("unit", Words(zh="责任单位", en="Responsible unit"), FactKind.unit, column="unit")
CREW = Fact("crew", Words(zh="抢修班、承办班组", en="Crew"), FactKind.unit, column="crew")

REPEAT_OF = Fact(
    "repeat_of",
    Words(zh="重复来电：原工单号", en="Repeat of case"),
    FactKind.case,
    hint=Words(
        zh="同一客户、同一事项再次来电时填写", en="The same customer calls again about the same matter"
    ),
)

SOURCE_DUE = Fact(
    "source_due",
    Words(zh="来源系统给定的期限", en="Due date given by the source"),
    FactKind.moment,
    column="source_due",
    imported=True,
)

DESCRIPTION = Fact("description", Words(zh="客户诉求", en="What the customer says"), FactKind.words)
REMARK = Fact("remark", Words(zh="备注", en="Remark"), FactKind.words)

SOLVED = Fact("solved", Words(zh="问题是否解决", en="Is it solved?"), FactKind.flag, column="solved")

SATISFACTION = Fact(
    "satisfaction",
    Words(zh="满意度", en="Satisfaction"),
    FactKind.choice,
    choices=(
        Choice("very_satisfied", Words(zh="非常满意", en="very satisfied")),
        Choice("satisfied", Words(zh="满意", en="satisfied")),
        Choice("fair", Words(zh="一般", en="fair")),
        Choice("dissatisfied", Words(zh="不满意", en="dissatisfied")),
        Choice("very_dissatisfied", Words(zh="非常不满意", en="very dissatisfied")),
        Choice("no_answer", Words(zh="不评价", en="no answer")),
    ),
    column="satisfaction",
)

RANG_ON_ARRIVAL = Fact(
    "rang_on_arrival",
    Words(zh="到达现场时是否与您联系", en="Did the crew ring you on arrival?"),
    FactKind.flag,
    column="rang_on_arrival",
)
CUSTOMER_ARRIVED_AT = Fact(
    "customer_arrived_at",
    Words(zh="客户所述到达时间", en="Arrived by when, says the customer"),
    FactKind.moment,
    column="customer_arrived_at",
)
CONTACTED_FIRST_DAY = Fact(
    "contacted_first_day",
    Words(zh="首个工作日内是否与您联系", en="Were you contacted by the end of the first working day?"),
    FactKind.flag,
    column="contacted_first_day",
)


def reason(*choices: Choice) -> Fact:
    """A coded reason; each step lists its own."""
    return Fact("reason", Words(zh="原因", en="Reason"), FactKind.choice, choices=choices)
