"""Agreed action (整改措施): what the Monday meeting asks a department or bureau to do, by a day, checked by the service centre.

There is no customer; the centre that watches the figures is the verifier. The way of every loop: given, taken on, said to be
done, looked at by somebody else, closed or sent back.
"""

from dataclasses import replace

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop, State
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, START, VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps

ASPECT = Fact(
    "kind",
    Words(zh="所属方面", en="Aspect"),
    FactKind.choice,
    choices=(  # the six aspects of the weekly report (domain.md 1)
        Choice("repair", Words(zh="抢修", en="repairs")),
        Choice("complaint", Words(zh="投诉处理", en="complaints")),
        Choice("situation", Words(zh="情况反映", en="situation reports")),
        Choice("outage", Words(zh="停电信息", en="outage notices")),
        Choice("promise", Words(zh="承诺兑现", en="promises")),
        Choice("callback", Words(zh="服务回访", en="callbacks")),
        Choice("other", Words(zh="其他", en="other")),
    ),
    column="kind",
)
WHAT = replace(facts.DESCRIPTION, title=Words(zh="议定内容", en="What is to be done"))
BY_WHEN = Fact("by_when", Words(zh="完成期限", en="To be done by"), FactKind.moment, column="agreed_due")
WEEK = Fact(
    "week",
    Words(zh="来自哪期周报", en="From which week's report"),
    FactKind.code,
    hint=Words(zh="如 2007-W23", en="like 2007-W23"),
)
RESULT = Fact("result", Words(zh="完成情况", en="What was done"), FactKind.words)
FOUND = Fact("found", Words(zh="核实情况", en="What was found"), FactKind.words)

ACTION = Loop(
    code="action",
    title=Words(zh="整改措施", en="Agreed action"),
    prefix="ZG",
    file="loops/action.py",
    agenda=True,
    states=(
        State("agreed", Words(zh="已议定", en="agreed")),
        states.DISPATCHED,
        states.RECEIVED,
        State("done", Words(zh="已完成，待核实", en="done, to be checked")),
        states.CLOSED,
        states.WITHDRAWN,
    ),
    steps=(
        Step(
            "accept",
            Words(zh="议定", en="Agree"),
            leaves=(START,),
            reaches="agreed",
            side=INTAKE,
            by="action.agree",
            needs=(ASPECT, WHAT),
            may=(BY_WHEN, WEEK),
            marks=("accepted",),
        ),
        Step(
            "assign",
            Words(zh="交办", en="Assign"),
            leaves=("agreed", "dispatched", "received"),
            reaches="dispatched",
            side=INTAKE,
            by="action.agree",
            needs=(facts.UNIT,),
            may=(facts.REMARK,),
            marks=("dispatched",),
            hands_over=True,
        ),
        Step(
            "take_on",
            Words(zh="承接", en="Take on"),
            leaves=("dispatched",),
            reaches="received",
            side=EXECUTION,
            by="action.do",
            may=(facts.REMARK,),
            marks=("received",),
        ),
        Step(
            "report_progress",
            Words(zh="报告进展", en="Report progress"),
            leaves=("received",),
            reaches=SAME,
            side=EXECUTION,
            by="action.do",
            needs=(RESULT,),
        ),
        Step(
            "finish",
            Words(zh="报告完成", en="Report done"),
            leaves=("dispatched", "received"),
            reaches="done",
            side=EXECUTION,
            by="action.do",
            needs=(RESULT,),
            marks=("answered",),
        ),
        Step(
            "check",
            Words(zh="核实销号", en="Check and close"),
            leaves=("done",),
            reaches="closed",
            side=VERIFICATION,
            by="action.check",
            needs=(FOUND,),
            marks=("verified", "confirmed", "ended"),
            ending="confirmed",
            ends=True,
        ),
        Step(
            "send_back",
            Words(zh="退回重办", en="Send back"),
            leaves=("done",),
            reaches="dispatched",
            side=VERIFICATION,
            by="action.check",
            needs=(
                facts.reason(
                    Choice("not_done", Words(zh="未完成", en="not done")),
                    Choice("no_effect", Words(zh="未见成效", en="no effect seen")),
                    Choice("no_evidence", Words(zh="缺少依据", en="no evidence")),
                ),
            ),
            may=(FOUND,),
            marks=("verified",),
            ending="sent_back",
            opens_cycle=True,
        ),
        Step(
            "withdraw",
            Words(zh="取消", en="Cancel"),
            leaves=("agreed", "dispatched", "received"),
            reaches="withdrawn",
            side=INTAKE,
            by="action.agree",
            needs=(
                facts.reason(
                    Choice("overtaken", Words(zh="情况变化，已无必要", en="no longer needed")),
                    Choice("merged", Words(zh="并入其他措施", en="part of another action")),
                ),
            ),
            marks=("ended",),
            ending="withdrawn",
            ends=True,
            exempt=True,
        ),
        steps.correct(leaves=("agreed", "dispatched", "received", "done", "closed", "withdrawn")),
    ),
)
