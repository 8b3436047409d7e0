"""Steps with which somebody who did not do the work asks the customer."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact
from bihuan.kernel.step import SAME, VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts

ATTEMPTS_OWED = 3
"""Calls that must have been tried before a customer counts as unreached (domain.md 3.9, from memory)."""


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
        may=(facts.RING_AT, facts.NUMBER, facts.REMARK),
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


def exempt_call(*, leaves: tuple[str, ...], reaches: str = "closed") -> Step:
    """The customer can't or doesn't want to be called: the case ends without his word and is counted apart."""
    return Step(
        "exempt_call",
        Words(zh="免回访归档", en="End without a call"),
        leaves=leaves,
        reaches=reaches,
        side=VERIFICATION,
        by="callback.do",
        needs=(
            facts.reason(
                Choice("declined", Words(zh="客户事先要求不回访", en="the customer asked not to be called")),
                Choice("anonymous", Words(zh="匿名，无联系方式", en="anonymous")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("verified", "ended"),
        ending="exempt",
        ends=True,
        exempt=True,
        only_if=("callback", ("declined", "anonymous")),
    )


def leave_out(*, leaves: tuple[str, ...], reaches: str = "closed") -> Step:
    """A kind that is called back by sample, and the draw did not fall on this case. Only the draw itself may say so."""
    return Step(
        "leave_out",
        Words(zh="抽样未中归档", en="End, not in the sample"),
        leaves=leaves,
        reaches=reaches,
        side=VERIFICATION,
        by="callback.sample",
        needs=(facts.reason(Choice("not_sampled", Words(zh="未抽中", en="not drawn"))),),
        marks=("verified", "ended"),
        ending="exempt",
        ends=True,
        exempt=True,
    )
