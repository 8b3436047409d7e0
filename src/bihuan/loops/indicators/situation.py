"""Chapter three of the weekly report: situation reports, and how satisfied those with a matter were."""

from bihuan.kernel.expression import Column
from bihuan.kernel.indicator import Breakdown, Chapter, Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("situation", Words(zh="情况反映", en="Situation reports"))

INDICATORS = (
    Indicator(
        code="situation.count",
        title=Words(zh="受理情况反映", en="Situation reports accepted"),
        source=terms.HOUSE,
        rule=Words(zh="按受理时间统计；重新派工不另计。", en="By acceptance; sent back isn't counted again."),
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="none",
        where=terms.LOOP.is_("situation"),
        denominator=Column("cycle").is_(1),
        counted_at="accepted_at",
    ),
    Indicator(
        code="situation.contacted",
        title=Words(zh="情况反映首日联系率", en="Reporters contacted in time"),
        source=Words(zh="首日联系制", en="the rule of first-day contact"),
        rule=Words(zh="按受理时间统计。" + terms.CLOCK_RULE.zh, en="By acceptance. " + terms.CLOCK_RULE.en),
        chapter=CHAPTER.code,
        table="clock",
        measure="percent",
        where=terms.PROMISE.is_("first-contact") & terms.LOOP.is_("situation"),
        denominator=terms.DECIDED,
        numerator=terms.IN_TIME,
        counted_at="started_at",
    ),
    Indicator(
        code="matter.satisfied",
        title=Words(zh="投诉及情况反映处理满意率", en="Satisfied with how the matter was handled"),
        source=terms.ELEVEN_FIVE,
        rule=terms.SATISFIED_RULE,
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=terms.LOOP.in_("complaint", "situation"),
        denominator=terms.RATED,
        numerator=terms.SATISFIED,
        counted_at="verified_at",
    ),
    Indicator(
        code="situation.solved",
        title=Words(zh="情况反映解决率", en="Situation reports solved"),
        source=terms.HOUSE,
        rule=Words(
            zh="按回访时间统计；客户认为已解决的除以对是否解决作出回答的。",
            en="By the moment of the callback; solved, says the customer, over those who said whether it was.",
        ),
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=terms.LOOP.is_("situation") & ~terms.IMPORTED,
        denominator=Column("solved").is_known(),
        numerator=Column("solved").is_(True),
        counted_at="verified_at",
    ),
)
BREAKDOWNS = (
    Breakdown(
        "situation.by_leaf",
        Words(zh="情况反映热点", en="What was reported"),
        of=("situation.count",),
        by="leaf",
    ),
)
