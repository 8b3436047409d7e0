"""The last chapter: an index put together from other figures as a province does it; an example to copy."""

from fractions import Fraction

from bihuan.kernel.expression import Column, Compare, Value
from bihuan.kernel.formula import AtLeast, Days, Else, Mean, Number, Of, Steps
from bihuan.kernel.indicator import Chapter, Index, Indicator, Roll
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("indices", Words(zh="综合指数", en="Indices"))

HENAN = Words(
    zh="河南省电力公司服务评价指标（2016–2017年），取本系统已有的扣分项",
    en="service indices of the Henan company, 2016-2017; of their deductions those whose facts are here",
)
BUSINESS = terms.LOOP.in_("complaint", "situation", "opinion", "tipoff", "suggestion", "service", "damage")
FIRST = Column("cycle").is_(1)
SATISFIED_FROM = Number(Fraction(95))
TENTH = Fraction(1, 10)
ONE = Number(Fraction(1))
SIZE = Of("business.calls") * Number(Fraction(1, 200)) + Of("supply.customers") / Days() * Number(
    Fraction(1, 2000)
)
"""Half of the calls in hundreds and half of the customers in thousands. (A published program has 50 for 50 %: not copied.)"""


def _count(code: str, title: Words, rule: Words, *, thrice: bool) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=HENAN,
        rule=rule,
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="lower" if thrice else "none",
        where=BUSINESS,
        denominator=FIRST & Compare("<=", Value(2), Column("urges")) if thrice else FIRST,
        counted_at="accepted_at",
    )


INDICATORS = (
    _count(
        "business.count",
        Words(zh="受理业务量", en="Business accepted"),
        Words(
            zh="按受理时间统计；不含报修、表扬和咨询，重新派工不另计。",
            en="By acceptance, without repairs, praise and consults; sent back isn't counted again.",
        ),
        thrice=False,
    ),
    _count(
        "business.thrice",
        Words(zh="三次及以上来电事件", en="Matters with three calls or more"),
        Words(
            zh="按受理时间统计；首次来电后又催办两次及以上的事项，不含报修、表扬和咨询。",
            en="By acceptance: urged twice or more after the first call; without repairs, praise and consults.",
        ),
        thrice=True,
    ),
    Indicator(
        code="business.calls",
        title=Words(zh="电话受理量", en="Calls taken"),
        source=HENAN,
        rule=Words(
            zh="按受理时间统计电话受理的全部业务，含咨询；重新派工不另计。",
            en="By acceptance: everything taken by telephone, consults too; sent back isn't counted again.",
        ),
        chapter=CHAPTER.code,
        table="cycle",
        measure="count",
        decimals=0,
        direction="none",
        where=Column("source").is_("call"),
        denominator=FIRST,
        counted_at="accepted_at",
    ),
    Index(
        code="index.marketing",
        title=Words(zh="营销服务规范率", en="Index of conduct in marketing"),
        source=HENAN,
        rule=Words(
            zh="[0.7×(1－a÷K)＋0.2×(1－b÷K)]÷0.9×100－0.5×督办投诉数；K＝电话受理量÷100×50%＋用电户数÷1000×50%；"
            "a取特殊、重大投诉，b取其余投诉；原式中权重0.1的举报不计，权重由前两项分担；最低为0。",
            en="(0.7 (1 - a/K) + 0.2 (1 - b/K)) / 0.9 x 100, less 0.5 for each complaint under supervision; K is half of calls"
            " taken / 100 and half of customers / 1,000; a: special and major complaints, b: all others. Tip-offs, a tenth in the"
            " original, are left out and give their weight to the others. Never below nought.",
        ),
        chapter=CHAPTER.code,
        formula=AtLeast(
            Mean(
                (
                    (Fraction(7, 10), ONE - Of("complaint.severe") / SIZE),
                    (Fraction(2, 10), ONE - (Of("complaint.count") - Of("complaint.severe")) / SIZE),
                )
            )
            * Number(Fraction(100))
            - Number(Fraction(1, 2)) * Of("complaint.supervised")
        ),
        in_percent=False,
        most=100,
    ),
    Index(
        code="index.service",
        title=Words(zh="优质服务评价指数", en="Service index"),
        source=HENAN,
        rule=Words(
            zh="（1－三次及以上来电事件÷受理业务量）×100；回访满意率低于95%的，每低0.1个百分点扣0.1；最低为0。",
            en="(1 - matters with three calls or more over business accepted) x 100, less 0.1 for every 0.1 point by which those"
            " satisfied at callbacks fall short of 95 %; never below nought.",
        ),
        chapter=CHAPTER.code,
        formula=AtLeast(
            (ONE - Of("business.thrice") / Of("business.count")) * Number(Fraction(100))
            - Number(TENTH)
            * Steps(AtLeast(SATISFIED_FROM - Else(Of("callback.satisfied"), Fraction(95))), TENTH)
        ),
        in_percent=False,
        most=100,
    ),
)
ROLLS = (
    Roll(
        "business.thrice_named",
        Words(zh="三次及以上来电", en="Three calls or more"),
        of="business.thrice",
        part="denominator",
    ),
)
