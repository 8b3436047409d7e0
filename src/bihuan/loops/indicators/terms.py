"""Conditions that several chapters speak of."""

from fractions import Fraction

from bihuan.kernel.expression import AsOf, Column
from bihuan.kernel.formula import Number, Of
from bihuan.kernel.indicator import Index
from bihuan.kernel.words import Words

LOOP, PROMISE, IMPORTED = Column("loop"), Column("promise"), Column("imported")
SATISFACTION = Column("satisfaction")
STARTED, DUE, ENDED, BY_DAY = Column("started_at"), Column("due_at"), Column("ended_at"), Column("by_day")

RATED = ~SATISFACTION.in_("", "no_answer")
SATISFIED = SATISFACTION.in_("very_satisfied", "satisfied")

# A limit in days ends before the midnight `due_at`; one in minutes or hours at `due_at` itself.
IN_TIME = ENDED.is_known() & ((BY_DAY & ENDED.before(DUE)) | (~BY_DAY & ENDED.by(DUE)))
PAST_DUE = (BY_DAY & DUE.by(AsOf())) | (~BY_DAY & DUE.before(AsOf()))
STILL = Column("suspended_at")
# An average is broken by no case. What stands still has run out only if it had done so before it was stopped.
RAN_OUT = PAST_DUE & (STILL.is_null() | DUE.by(STILL))
DECIDED = Column("kind").is_("step_limit") & Column("void_at").is_null() & (ENDED.is_known() | RAN_OUT)

ELEVEN_FIVE = Words(zh="“十一五”优质服务目标", en="aims of the eleventh five-year plan")
HOUSE = Words(zh="周报项目", en="items of the weekly report")
SATISFIED_RULE = Words(
    zh="按回访时间统计；非常满意与满意之和除以作出评价的回访数，不评价者不计。",
    en="By the moment of the callback; very satisfied and satisfied over the callbacks that were rated; no answer is in neither.",
)
CLOCK_RULE = Words(
    zh="分母为截至统计时刻已有结论的时限（已办到或已过期）；期限届满前撤销的不计。",
    en="Out of the clocks decided by the moment asked about: ended, or past due; withdrawn before that is in neither.",
)


def per_customers(code: str, title: Words, rule: Words, *, chapter: str, count: str, customers: int) -> Index:
    """A count over the customers served, put to a year of 365 days: `customers` of them."""
    return Index(
        code=code,
        title=title,
        source=Words(zh="省公司周报项目", en="item of a provincial weekly report"),
        rule=rule,
        chapter=chapter,
        # Customer-days below: the mean of the days' customers, and the days to a year, in one.
        formula=Of(count) * Number(Fraction(customers * 365)) / Of("supply.customers", "numerator"),
        in_percent=False,
        decimals=1,
        direction="lower",
    )
