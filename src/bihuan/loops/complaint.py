"""Complaint (投诉): the customer's rights were harmed by the utility's responsibility and he asks for protection."""

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops import facts, steps
from bihuan.loops.matter import REVIEWED_STATES, WORKING, plan, steps_of_matter

COMPLAINT_CLASS = Fact(
    "kind",
    Words(zh="投诉类别", en="Complaint class"),
    FactKind.choice,
    choices=(  # domain.md 3.3, level 1 (95598 rule 272-2014, annex 1)
        Choice("service", Words(zh="服务投诉", en="service")),
        Choice("business", Words(zh="营业投诉", en="business")),
        Choice("outage", Words(zh="停送电投诉", en="outage and repair")),
        Choice("quality", Words(zh="供电质量投诉", en="supply quality")),
        Choice("construction", Words(zh="电网建设投诉", en="grid construction")),
    ),
    column="kind",
)
LEAF = facts.leaf("complaint")
UNDONE = (*WORKING, "in_review")

COMPLAINT = Loop(
    code="complaint",
    title=Words(zh="投诉", en="Complaint"),
    prefix="TS",
    file="loops/complaint.py",
    states=REVIEWED_STATES,
    steps=steps_of_matter(
        needs=(COMPLAINT_CLASS,),
        may=(
            LEAF,
            facts.PROPOSED_LEAF,
            facts.SEVERITY,
            facts.PROPOSED_SEVERITY,
            facts.ORIGIN,
            facts.AFFECTED,
            facts.INJURY,
        ),
        reviewed=True,
        extra=(
            plan(),
            steps.upgrade(leaves=UNDONE),
            steps.appeal(leaves=("received", "in_review", "answered", "closed")),
            steps.decide(
                COMPLAINT_CLASS, LEAF, leaves=("dispatched", "received", "in_review", "answered", "closed")
            ),
        ),
    ),
)
