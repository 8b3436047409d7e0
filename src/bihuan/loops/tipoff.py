"""Tip-off (举报): misconduct within, or theft and damage without. Who told is kept from the unit that is spoken of."""

from dataclasses import replace

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops import facts
from bihuan.loops.matter import REVIEWED_STATES, plan, steps_of_matter

SUBJECT = Fact(
    "kind",
    Words(zh="举报内容", en="Subject"),
    FactKind.choice,
    choices=(  # domain.md 3.2, 3.3
        Choice("abuse", Words(zh="以电谋私", en="gain from the post")),
        Choice("conduct", Words(zh="服务行为", en="conduct")),
        Choice("collusion", Words(zh="里勾外联", en="collusion with outsiders")),
        Choice("designation", Words(zh="三指定", en="designating designer, builder or supplier")),
        Choice("ten_donts", Words(zh="违反“十个不准”", en="one of the ten don'ts")),
        Choice("theft", Words(zh="窃电", en="theft of electricity")),
        Choice("breach", Words(zh="违约用电", en="use against the contract")),
        Choice("facilities", Words(zh="破坏、盗窃电力设施", en="damage or theft of facilities")),
    ),
    column="kind",
)
UNTRUE = Fact(
    "found",
    Words(zh="查实情况", en="What was found"),
    FactKind.choice,
    choices=(
        Choice("true", Words(zh="属实", en="true")),
        Choice("partly", Words(zh="部分属实", en="partly true")),
        Choice("untrue", Words(zh="不属实", en="not true")),
    ),
    column="responsibility",
)

TIPOFF = Loop(
    code="tipoff",
    title=Words(zh="举报", en="Tip-off"),
    prefix="JB",
    file="loops/tipoff.py",
    confidential=True,
    states=REVIEWED_STATES,
    steps=tuple(
        replace(step, needs=(*step.needs, UNTRUE)) if step.code == "answer" else step
        for step in steps_of_matter(
            needs=(SUBJECT,),
            may=(facts.ABOUT, facts.leaf("tipoff"), facts.PROPOSED_LEAF),
            reviewed=True,
            extra=(plan(),),
        )
    ),
)
