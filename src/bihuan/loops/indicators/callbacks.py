"""Chapter five of the weekly report: callbacks."""

from bihuan.kernel.expression import Column, Expression
from bihuan.kernel.indicator import Breakdown, Chapter, Indicator, Roll
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("callbacks", Words(zh="服务质量回访", en="Callbacks"))

OWED = ~terms.IMPORTED & ~Column("ending").is_("withdrawn")
EXEMPT = Column("ending").is_("exempt")
CALLED = Column("called_at").is_known() & ~EXEMPT
REACHED = Column("verified_at").is_known()


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
        direction="none",
        where=OWED,
        denominator=what,
        counted_at="done_at",
    )


def _rate(
    code: str,
    title: Words,
    rule: Words,
    *,
    numerator: Expression,
    denominator: Expression,
) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=Words(
            zh="对报修、投诉、情况反映100%回访", en="every repair, complaint and report is called back"
        ),
        rule=rule,
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=OWED,
        denominator=denominator,
        numerator=numerator,
        counted_at="done_at",
    )


INDICATORS = (
    _count(
        "callback.owed",
        Words(zh="应回访", en="Callbacks owed"),
        Words(
            zh="按处理完毕时间统计，每轮处理一次；撤销及导入的历史不计。",
            en="By the moment of completion, one for each cycle; withdrawn and imported history don't count.",
        ),
        Column("done_at").is_known(),
    ),
    _rate(
        "callback.made",
        Words(zh="回访率", en="Callbacks made"),
        Words(
            zh="按处理完毕时间统计；至少拨打过一次的除以应回访数，免回访的不计。",
            en="By the moment of completion: called at least once over those owed; exempt ones are in neither.",
        ),
        numerator=CALLED,
        denominator=Column("done_at").is_known() & ~EXEMPT,
    ),
    _count(
        "callback.open",
        Words(zh="尚未回访", en="Callbacks still open"),
        Words(
            zh="按处理完毕时间统计；应回访而一次也未拨打、也未免访的。应回访＝已回访＋尚未回访＋免回访。",
            en="By the moment of completion: owed, and neither called nor exempt. Owed = made + open + exempt.",
        ),
        Column("done_at").is_known() & Column("called_at").is_null() & ~EXEMPT,
    ),
    _count(
        "callback.exempt",
        Words(zh="免回访", en="Callbacks exempt"),
        Words(
            zh="按处理完毕时间统计；匿名、客户要求不回访、抽样未中，均记明原因和批准人。",
            en="By the moment of completion: anonymous, declined by the customer, or not in the sample; each with its reason and"
            " who granted it.",
        ),
        Column("done_at").is_known() & EXEMPT,
    ),
    _rate(
        "callback.reached",
        Words(zh="回访成功率", en="Callbacks that reached the customer"),
        Words(
            zh="按处理完毕时间统计；联系到客户的除以拨打过的。",
            en="By the moment of completion: customers reached over those called.",
        ),
        numerator=REACHED,
        denominator=CALLED,
    ),
    _count(
        "callback.unreached",
        Words(zh="多次联系不上", en="Ended unreached"),
        Words(
            zh="按处理完毕时间统计；按规定次数拨打仍联系不上而结束的。",
            en="By the moment of completion: ended after the attempts the rule asks for.",
        ),
        Column("ending").is_("unreached"),
    ),
    _count(
        "callback.sent_back",
        Words(zh="回访后重新派工", en="Sent back"),
        Words(
            zh="按处理完毕时间统计；客户认为未解决而退回重办的。",
            en="By the moment of completion: not solved, says the customer, and done again.",
        ),
        Column("ending").is_("sent_back"),
    ),
    Indicator(
        code="callback.satisfied",
        title=Words(zh="回访满意率", en="Satisfied, all kinds"),
        source=terms.ELEVEN_FIVE,
        rule=terms.SATISFIED_RULE,
        chapter=CHAPTER.code,
        table="cycle",
        measure="percent",
        where=~terms.IMPORTED,
        denominator=terms.RATED,
        numerator=terms.SATISFIED,
        counted_at="verified_at",
    ),
)
BREAKDOWNS = (
    Breakdown(
        "callback.by_loop",
        Words(zh="各类业务回访", en="Callbacks by business"),
        of=("callback.owed", "callback.unreached", "callback.sent_back"),
        by="loop",
    ),
)
ROLLS = (
    Roll(
        "callback.dissatisfied",
        Words(zh="回访不满意", en="Dissatisfied"),
        of="callback.satisfied",
        part="missed",
    ),
    Roll(
        "callback.redone", Words(zh="重新派工", en="Sent back"), of="callback.sent_back", part="denominator"
    ),
)
