"""Facts that several loops share. A fact that one loop alone knows stands in that loop's file."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.promise import AREAS
from bihuan.kernel.words import Words

AREA = Fact(
    "area",
    Words(zh="区域类别", en="Area class"),
    FactKind.choice,
    choices=tuple(Choice(code, title) for code, title in AREAS.items()),
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

APPOINTMENT = Fact(
    "appointment", Words(zh="约定处理时间", en="Appointment"), FactKind.moment, column="appointment"
)

SEVERITY = Fact(
    "severity",
    Words(zh="投诉等级", en="Severity"),
    FactKind.choice,
    choices=(  # domain.md 3.4
        Choice("general", Words(zh="一般", en="general")),
        Choice("important", Words(zh="重要", en="important")),
        Choice("major", Words(zh="重大", en="major")),
        Choice("special", Words(zh="特殊", en="special")),
    ),
    column="severity",
)
PROPOSED_SEVERITY = Fact(
    "proposed_severity",
    Words(zh="系统建议等级", en="Severity proposed"),
    FactKind.choice,
    SEVERITY.choices,
    unseen=True,
)
ORIGIN = Fact(
    "origin",
    Words(zh="来源层级", en="Brought by"),
    FactKind.choice,
    choices=(
        Choice("customer", Words(zh="客户本人", en="the customer")),
        Choice("customer_threatens", Words(zh="客户表示将向政府、媒体反映", en="customer, will go further")),
        Choice("county", Words(zh="县级政府、社会团体督办", en="county government")),
        Choice("prefecture", Words(zh="地市级政府督办", en="prefecture government")),
        Choice("provincial", Words(zh="省级及以上政府督办", en="provincial government or above")),
        Choice("regulator", Words(zh="监管机构、国家机关转办", en="regulator or State organ")),
        Choice("media_local", Words(zh="地市级媒体关注", en="prefecture media")),
        Choice("media_provincial", Words(zh="省级媒体关注", en="provincial media")),
        Choice("media_national", Words(zh="中央、全国性媒体关注", en="national media")),
    ),
)
AFFECTED = Fact("affected", Words(zh="涉及客户数", en="Customers affected"), FactKind.number)
INJURY = Fact("injury", Words(zh="有人身伤害", en="Somebody was hurt"), FactKind.flag)
PROPOSED_LEAF = Fact(
    "proposed_leaf", Words(zh="系统建议分类", en="Class proposed"), FactKind.code, unseen=True
)

ABOUT = Fact(
    "about",
    Words(zh="被反映单位", en="Unit spoken of"),
    FactKind.unit,
    column="about",
    hint=Words(zh="本单位及其下级不能承办，也看不到此工单", en="It can neither handle nor see the case"),
)
CONFIDENTIAL = Fact(
    "confidential",
    Words(zh="客户要求保密", en="Keep the customer's name secret"),
    FactKind.flag,
    column="confidential",
)
CALLBACK = Fact(
    "callback",
    Words(zh="是否回访", en="Callback"),
    FactKind.choice,
    choices=(
        Choice("owed", Words(zh="回访", en="call back")),
        Choice("declined", Words(zh="客户要求不回访", en="the customer asked not to be called")),
        Choice("anonymous", Words(zh="匿名，无法回访", en="anonymous")),
    ),
    column="callback",
)
RING_AT = Fact("ring_at", Words(zh="客户约定再拨时间", en="Ring again at"), FactKind.moment)
NUMBER = Fact("number", Words(zh="拨打第几个号码", en="Which of the numbers"), FactKind.number)

INTO = Fact("into", Words(zh="合并到工单", en="Merge into case"), FactKind.case, column="parent")
VIA = Fact(
    "via",
    Words(zh="随主单办理", en="Done with the main case"),
    FactKind.code,
    unseen=True,
    hint=Words(zh="主单的记录，由系统填写", en="The main case's entry; written by the system"),
)
PROMISE = Fact("promise", Words(zh="承诺", en="Promise"), FactKind.code)
ROUND = Fact("round", Words(zh="第几轮", en="Round"), FactKind.number)


def leaf(listing: str) -> Fact:
    """The leaf of a taxonomy that is kept as data (`standards`)."""
    return Fact(
        "leaf", Words(zh="细分类", en="Class in detail"), FactKind.listed, column="leaf", listing=listing
    )


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
