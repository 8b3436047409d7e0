"""Steps that join and part cases, and what is said of a broken promise."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, SUPERVISION, Side, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts

BREACH_CAUSE = Fact(
    "cause",
    Words(zh="超时原因", en="Cause of the breach"),
    FactKind.choice,
    choices=(
        Choice("traffic", Words(zh="交通堵塞", en="traffic")),
        Choice("weather", Words(zh="恶劣天气", en="weather")),
        Choice("crews", Words(zh="抢修力量不足", en="too few crews")),
        Choice("material", Words(zh="物资不到位", en="material missing")),
        Choice("dispatch", Words(zh="派工延误", en="dispatched late")),
        Choice("record", Words(zh="漏录、迟录", en="recorded late")),
        Choice("customer", Words(zh="客户原因", en="the customer")),
        Choice("third_party", Words(zh="第三方原因", en="third party")),
        Choice("neglect", Words(zh="工作疏忽", en="neglect")),
        Choice("other", Words(zh="其他", en="other")),
    ),
)
NAMED = (facts.PROMISE, facts.ROUND)


def merge(*, leaves: tuple[str, ...]) -> Step:
    """The same fault has a case already: this one becomes its child. It keeps its own clocks and its own callback."""
    return Step(
        "merge",
        Words(zh="合并", en="Merge"),
        leaves=leaves,
        reaches=SAME,
        side=INTAKE,
        by="case.merge",
        needs=(facts.INTO,),
        may=(facts.REMARK,),
    )


def split(*, leaves: tuple[str, ...]) -> Step:
    """It was another fault after all: the case goes its own way again."""
    return Step(
        "split",
        Words(zh="拆分", en="Split off"),
        leaves=leaves,
        reaches=SAME,
        side=INTAKE,
        by="case.merge",
        needs=(
            facts.reason(
                Choice("other_fault", Words(zh="非同一故障", en="another fault")),
                Choice("still_off", Words(zh="主单恢复后仍无电", en="still off after the main case")),
            ),
        ),
        may=(facts.REMARK,),
        parts=True,
    )


def breaches(*, leaves: tuple[str, ...]) -> tuple[Step, ...]:
    """What is said of a broken promise: why; please exempt it; exempted or not, by supervision; compensation paid."""

    def said(
        code: str,
        zh: str,
        en: str,
        speaks: str,
        side: Side,
        by: str,
        *needs: Fact,
        may: tuple[Fact, ...] = (),
    ) -> Step:
        return Step(
            code,
            Words(zh=zh, en=en),
            leaves=leaves,
            reaches=SAME,
            side=side,
            by=by,
            needs=(*NAMED, *needs),
            may=(*may, facts.REMARK),
            speaks_of=speaks,
        )

    paid = Fact("compensation", Words(zh="补偿金额", en="Compensation paid"), FactKind.money)
    exempt = facts.reason(
        Choice("weather", Words(zh="恶劣天气", en="severe weather")),
        Choice("customer", Words(zh="客户原因", en="the customer")),
        Choice("third_party", Words(zh="第三方原因", en="third party")),
        Choice("force_majeure", Words(zh="不可抗力", en="force majeure")),
    )
    return (
        said(
            "explain_breach",
            "说明超时原因",
            "Explain a breach",
            "explain",
            EXECUTION,
            "case.explain",
            BREACH_CAUSE,
        ),
        said("ask_exemption", "申请免责", "Ask for exemption", "ask", EXECUTION, "case.explain", exempt),
        said("grant_exemption", "批准免责", "Grant exemption", "grant", SUPERVISION, "breach.exempt"),
        said("refuse_exemption", "不予免责", "Refuse exemption", "refuse", SUPERVISION, "breach.exempt"),
        said("compensate", "支付补偿", "Pay compensation", "pay", INTAKE, "breach.pay", paid),
    )
