"""Consult (咨询): mostly answered at once and still counted; what can't be is passed on and comes back as an answer."""

from bihuan.kernel.fact import Choice
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import INTAKE, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts
from bihuan.loops.matter import STATES, steps_of_matter
from bihuan.loops.situation import TOPIC

CONSULT = Loop(
    code="consult",
    title=Words(zh="咨询", en="Consult"),
    prefix="ZX",
    file="loops/consult.py",
    states=STATES,
    steps=steps_of_matter(
        needs=(TOPIC,),
        extra=(
            Step(
                "reply",
                Words(zh="即时答复", en="Answer at once"),
                leaves=("accepted",),
                reaches="closed",
                side=INTAKE,
                by="case.open",
                needs=(
                    facts.reason(
                        Choice("knowledge", Words(zh="依据知识库答复", en="from the knowledge base")),
                        Choice("outage", Words(zh="告知停电信息", en="told of a known outage")),
                        Choice("record", Words(zh="查询系统数据", en="looked up in the system")),
                        Choice("elsewhere", Words(zh="告知其他部门渠道", en="shown to another body")),
                    ),
                ),
                may=(facts.REMARK,),
                marks=("answered", "ended"),
                ending="replied",
                ends=True,
                exempt=True,
            ),
        ),
    ),
)
