"""Damaged appliances (家用电器损坏): inspected, assessed, *paid to the customer first*, recovered from the third party later.

Sources: the Chongqing company's rule of 2007 (pay first); order 7/1996 of the ministry on household appliances (24 hours,
seven days to claim, domain.md 6.5).
"""

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop, State
from bihuan.kernel.step import EXECUTION, SAME, SUPERVISION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps
from bihuan.loops.matter import ASKED, WORKING, accept, asking, contact, watching

LIABLE = Fact(
    "responsibility",
    Words(zh="损坏责任", en="Whose responsibility"),
    FactKind.choice,
    choices=(
        Choice("utility", Words(zh="供电企业", en="the utility")),
        Choice(
            "third_party", Words(zh="第三方（盗窃、外力破坏）", en="a third party (theft, outside force)")
        ),
        Choice("customer", Words(zh="客户内部", en="the customer's own")),
    ),
    column="responsibility",
)
EVENT = Fact(
    "kind",
    Words(zh="损坏原因", en="What happened"),
    FactKind.choice,
    choices=(  # domain.md 6.5
        Choice("neutral", Words(zh="零线断线", en="broken neutral")),
        Choice("swap", Words(zh="相零接错、反接", en="phase and neutral swapped")),
        Choice("contact", Words(zh="相零相碰", en="phase and neutral touched")),
        Choice("hv", Words(zh="高压线路落入低压", en="high voltage fell on low voltage")),
        Choice("theft", Words(zh="线路被盗", en="line stolen")),
        Choice("outside", Words(zh="外力破坏", en="outside force")),
        Choice("other", Words(zh="其他", en="other")),
    ),
    column="kind",
)
DUE = Fact("due", Words(zh="应赔金额", en="Amount due"), FactKind.money, column="amount_due", adds=True)
PAID = Fact("paid", Words(zh="赔付金额", en="Amount paid"), FactKind.money, column="amount_paid", adds=True)
RECOVERED = Fact(
    "recovered",
    Words(zh="追偿金额", en="Amount recovered"),
    FactKind.money,
    column="amount_recovered",
    adds=True,
)
HANDLED = ("received", "inspected", "assessed")
ENDED = ("closed", "withdrawn", "terminated")


def _step(code: str, zh: str, en: str, leaves: tuple[str, ...], reaches: str, **how: object) -> Step:
    return Step(
        code,
        Words(zh=zh, en=en),
        leaves=leaves,
        reaches=reaches,
        side=EXECUTION,
        by="case.handle",
        **how,  # type: ignore[arg-type]
    )


DAMAGE = Loop(
    code="damage",
    title=Words(zh="电器损坏赔付", en="Damaged appliances"),
    prefix="PF",
    file="loops/damage.py",
    states=(
        states.ACCEPTED,
        states.DISPATCHED,
        states.RECEIVED,
        State("inspected", Words(zh="已查勘", en="inspected")),
        State("assessed", Words(zh="已核损，待赔付", en="assessed, to be paid")),
        State("answered", Words(zh="待回访", en="paid or answered, callback owed")),
        states.CLOSED,
        states.WITHDRAWN,
        states.TERMINATED,
    ),
    steps=(
        accept(needs=(EVENT,)),
        steps.dispatch(),
        steps.receive(),
        contact(),
        _step(
            "inspect",
            "现场查勘",
            "Inspect",
            ("dispatched", "received"),
            "inspected",
            may=(facts.REMARK,),
            marks=("arrived", "inspected"),
        ),
        _step(
            "assess",
            "核定损失",
            "Assess",
            ("inspected",),
            "assessed",
            needs=(LIABLE, DUE),
            may=(facts.REMARK,),
            marks=("assessed",),
        ),
        _step(
            "pay",
            "先行赔付",
            "Pay the customer",
            ("assessed",),
            "answered",
            needs=(PAID,),
            may=(facts.REMARK,),
            marks=("contacted", "answered", "paid", "done"),
            not_over=(("amount_paid", "amount_due"),),
            only_if=("responsibility", ("utility", "third_party")),
        ),
        _step(
            "pay_part",
            "分期赔付",
            "Pay a part",
            ("assessed", "answered", "closed"),
            SAME,
            needs=(PAID,),
            may=(facts.REMARK,),
            marks=("paid",),
            not_over=(("amount_paid", "amount_due"),),
            only_if=("responsibility", ("utility", "third_party")),
        ),
        _step(
            "decline",
            "不予赔付答复",
            "Decline",
            ("inspected", "assessed"),
            "answered",
            needs=(
                facts.reason(
                    Choice("customer", Words(zh="客户内部原因", en="the customer's own installation")),
                    Choice("late_claim", Words(zh="超过七日索赔期限", en="claimed after seven days")),
                    Choice("no_damage", Words(zh="未发现损坏", en="no damage found")),
                    Choice("not_ours", Words(zh="非供电企业管理线路", en="not on the utility's line")),
                ),
            ),
            may=(facts.REMARK,),
            marks=("contacted", "answered", "done"),
        ),
        _step(
            "recover",
            "向第三方追偿",
            "Recover from the third party",
            ("answered", "closed"),
            SAME,
            needs=(RECOVERED,),
            may=(facts.REMARK,),
            marks=("recovered",),
            not_over=(("amount_recovered", "amount_paid"),),
            only_if=("responsibility", ("third_party",)),
        ),
        Step(
            "write_off",
            Words(zh="核销追偿余额", en="Write off what can't be recovered"),
            leaves=("closed",),
            reaches=SAME,
            side=SUPERVISION,
            by="case.terminate",
            needs=(
                facts.reason(
                    Choice("unknown", Words(zh="责任方无法查明", en="nobody found")),
                    Choice("insolvent", Words(zh="责任方无力偿还", en="can't pay")),
                ),
            ),
            may=(facts.REMARK,),
            counts="written_off",
            at_most=1,
        ),
        *asking(asked=ASKED),
        *watching(
            everywhere=(*WORKING, "inspected", "assessed", "answered", *ENDED),
            undone=(*WORKING, "inspected", "assessed"),
        ),
    ),
)
