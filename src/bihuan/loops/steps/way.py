"""Steps on the way: who has the case, and what stops or hurries it."""

from __future__ import annotations

from bihuan.kernel.fact import Choice
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts

URGES_AT_MOST = 2
"""Reminders in one round of a case; then it is supervised instead (domain.md 3.10, from memory)."""

PAUSES = (  # domain.md 6.4, 3.8: the reasons for which a promise may stand still; each pack says which it allows
    Choice("customer_papers", Words(zh="等待客户提供资料", en="waiting for the customer's papers")),
    Choice("customer_works", Words(zh="等待客户工程", en="waiting for the customer's works")),
    Choice("customer_payment", Words(zh="等待客户缴费", en="waiting for the customer's payment")),
    Choice("customer_absent", Words(zh="客户不在、无法进入", en="customer absent, no access")),
    Choice("customer_asked", Words(zh="客户要求改期", en="the customer asked for another day")),
    Choice("third_party", Words(zh="第三方原因", en="third party")),
    Choice("weather", Words(zh="恶劣天气", en="severe weather")),
    Choice("authority", Words(zh="政府部门要求", en="an authority's order")),
    Choice("force_majeure", Words(zh="不可抗力", en="force majeure")),
)


def dispatch(*, leaves: tuple[str, ...] = ("accepted",), reaches: str = "dispatched") -> Step:
    """The centre hands the case to the bureau that serves the place."""
    return Step(
        "dispatch",
        Words(zh="派发", en="Dispatch"),
        leaves=leaves,
        reaches=reaches,
        side=INTAKE,
        by="case.dispatch",
        needs=(facts.UNIT,),
        may=(facts.AREA, facts.CUSTOMER_CLASS, facts.VIA, facts.REMARK),
        marks=("dispatched",),
        shared=True,
        hands_over=True,
        avoids="about",
    )


def receive(*, leaves: tuple[str, ...] = ("dispatched",), reaches: str = "received") -> Step:
    """The unit takes the case on and may name the crew."""
    return Step(
        "receive",
        Words(zh="接单", en="Receive"),
        leaves=leaves,
        reaches=reaches,
        side=EXECUTION,
        by="case.handle",
        may=(facts.CREW, facts.VIA, facts.REMARK),
        marks=("received",),
        shared=True,
    )


def give_back(*, leaves: tuple[str, ...], reaches: str = "accepted") -> Step:
    """The unit returns a case that isn't its own (domain.md 3.10). The customer's clocks run on."""
    return Step(
        "return",
        Words(zh="退单", en="Return"),
        leaves=leaves,
        reaches=reaches,
        side=EXECUTION,
        by="case.handle",
        needs=(
            facts.reason(
                Choice("wrong_unit", Words(zh="非本单位辖区", en="not our area")),
                Choice("wrong_kind", Words(zh="业务类型有误", en="wrong kind")),
                Choice("unclear", Words(zh="内容不清", en="unclear")),
                Choice("duplicate", Words(zh="重复工单", en="duplicate")),
            ),
        ),
        may=(facts.REMARK,),
        counts="returns",
    )


def redirect(*, leaves: tuple[str, ...], reaches: str = "dispatched") -> Step:
    """The centre takes the case from one unit and gives it to another (改派). The customer's clocks run on."""
    return Step(
        "redirect",
        Words(zh="改派", en="Redirect"),
        leaves=leaves,
        reaches=reaches,
        side=INTAKE,
        by="case.dispatch",
        needs=(
            facts.UNIT,
            facts.reason(
                Choice("wrong_unit", Words(zh="派发单位有误", en="wrong unit")),
                Choice("wrong_kind", Words(zh="业务类型有误", en="wrong kind")),
                Choice("joint", Words(zh="须其他单位处理", en="another unit must act")),
                Choice("avoidance", Words(zh="回避", en="the unit is concerned itself")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("dispatched",),
        hands_over=True,
        avoids="about",
        counts="redirects",
    )


def urge(*, leaves: tuple[str, ...]) -> Step:
    """The customer asks again about an open case: a reminder, not a new case."""
    return Step(
        "urge",
        Words(zh="催办", en="Urge"),
        leaves=leaves,
        reaches=SAME,
        side=INTAKE,
        by="case.urge",
        may=(facts.REMARK,),
        counts="urges",
        at_most=URGES_AT_MOST,
    )


def suspend(*, leaves: tuple[str, ...], by: str = "case.handle") -> Step:
    """The unit can't go on for a reason outside of it (挂起). Promises that allow the reason stand still."""
    return Step(
        "suspend",
        Words(zh="挂起", en="Suspend"),
        leaves=leaves,
        reaches=SAME,
        side=EXECUTION,
        by=by,
        needs=(facts.reason(*PAUSES),),
        may=(facts.REMARK,),
        counts="suspensions",
        suspends=True,
    )


def resume(*, leaves: tuple[str, ...], by: str = "case.handle") -> Step:
    """The reason is gone (恢复): the clocks run on. A step that moves the case resumes it by itself."""
    return Step(
        "resume",
        Words(zh="恢复办理", en="Resume"),
        leaves=leaves,
        reaches=SAME,
        side=EXECUTION,
        by=by,
        may=(facts.REMARK,),
        resumes=True,
    )


def withdraw(*, leaves: tuple[str, ...], reaches: str = "withdrawn") -> Step:
    """The customer takes the matter back before the work is said to be done."""
    return Step(
        "withdraw",
        Words(zh="撤销", en="Withdraw"),
        leaves=leaves,
        reaches=reaches,
        side=INTAKE,
        by="case.withdraw",
        needs=(
            facts.reason(
                Choice("customer_asked", Words(zh="客户要求撤销", en="the customer asked")),
                Choice("came_back", Words(zh="已自行恢复", en="came back by itself")),
                Choice("opened_in_error", Words(zh="误立工单", en="opened in error")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("ended",),
        ending="withdrawn",
        ends=True,
        exempt=True,
    )
