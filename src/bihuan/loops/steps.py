"""Ready-made steps that a loop lists, not copies. Each is a function of the states where the loop allows it."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, SUPERVISION, VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts

ATTEMPTS_OWED = 3
"""Calls that must have been tried before a customer counts as unreached (domain.md 3.9, from memory)."""


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
        may=(facts.AREA, facts.CUSTOMER_CLASS, facts.REMARK),
        marks=("dispatched",),
        hands_over=True,
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
        may=(facts.CREW, facts.REMARK),
        marks=("received",),
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


def attempt(*, leaves: tuple[str, ...]) -> Step:
    """A callback that did not reach the customer."""
    return Step(
        "attempt",
        Words(zh="回访未接通", en="Callback, not reached"),
        leaves=leaves,
        reaches=SAME,
        side=VERIFICATION,
        by="callback.do",
        needs=(
            facts.reason(
                Choice("no_answer", Words(zh="无人接听", en="no answer")),
                Choice("busy", Words(zh="占线", en="busy")),
                Choice("switched_off", Words(zh="关机、停机", en="switched off")),
                Choice("wrong_number", Words(zh="号码有误", en="wrong number")),
                Choice("later", Words(zh="客户约定再拨", en="asked to ring later")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("called",),
        counts="attempts",
    )


def unreached(*, leaves: tuple[str, ...], reaches: str = "closed") -> Step:
    """The customer could not be reached in the attempts owed; the case ends without an answer and is counted apart."""
    return Step(
        "unreached",
        Words(zh="回访失败归档", en="End, unreached"),
        leaves=leaves,
        reaches=reaches,
        side=VERIFICATION,
        by="callback.do",
        needs=(
            facts.reason(
                Choice("no_answer", Words(zh="多次无人接听", en="no answer")),
                Choice("wrong_number", Words(zh="号码有误", en="wrong number")),
                Choice("refused", Words(zh="客户拒访", en="the customer declines")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("ended",),
        ending="unreached",
        ends=True,
        exempt=True,
        after=("attempt", ATTEMPTS_OWED),
    )


def confirm(*asked: Fact, leaves: tuple[str, ...], reaches: str = "closed") -> Step:
    """Somebody who did not do the work asked the customer, and it is solved."""
    return Step(
        "confirm",
        Words(zh="回访确认归档", en="Confirm and close"),
        leaves=leaves,
        reaches=reaches,
        side=VERIFICATION,
        by="callback.do",
        needs=(facts.SOLVED, facts.SATISFACTION),
        may=(*asked, facts.REMARK),
        marks=("called", "verified", "confirmed", "ended"),
        ending="confirmed",
        ends=True,
    )


def send_back(*asked: Fact, leaves: tuple[str, ...], reaches: str = "accepted") -> Step:
    """The customer says it isn't solved: the case goes back and a new cycle begins with its own clocks."""
    return Step(
        "send_back",
        Words(zh="退回重办", en="Send back"),
        leaves=leaves,
        reaches=reaches,
        side=VERIFICATION,
        by="callback.do",
        needs=(
            facts.reason(
                Choice("not_solved", Words(zh="问题未解决", en="not solved")),
                Choice("untrue", Words(zh="回单与客户所述不符", en="the reply is not what happened")),
                Choice("dissatisfied", Words(zh="客户不满意", en="not satisfied")),
                Choice("recurred", Words(zh="再次发生", en="happened again")),
            ),
        ),
        may=(facts.SOLVED, facts.SATISFACTION, *asked, facts.REMARK),
        marks=("called", "verified"),
        ending="sent_back",
        opens_cycle=True,
    )


def correct(*, leaves: tuple[str, ...]) -> Step:
    """Supervision puts an earlier entry right; the wrong one stays and both are shown."""
    return Step(
        "correct",
        Words(zh="更正", en="Correct"),
        leaves=leaves,
        reaches=SAME,
        side=SUPERVISION,
        by="case.correct",
        needs=(
            Fact("seq", Words(zh="更正第几条", en="Entry to correct"), FactKind.number),
            facts.reason(
                Choice("mistyped", Words(zh="录入有误", en="mistyped")),
                Choice("evidence", Words(zh="依据证据（录音、定位、照片）", en="evidence says otherwise")),
                Choice("customer_says", Words(zh="经客户核实", en="checked with the customer")),
                Choice("wrong_area", Words(zh="区域或客户类别有误", en="area or class was wrong")),
            ),
        ),
        may=(
            Fact("new_at", Words(zh="更正后的时间", en="Corrected time"), FactKind.moment),
            facts.AREA,
            facts.CUSTOMER_CLASS,
            facts.SOLVED,
            facts.SATISFACTION,
            facts.RANG_ON_ARRIVAL,
            facts.CONTACTED_FIRST_DAY,
            facts.REMARK,
        ),
        corrects=True,
    )
