"""Situation report (情况反映): a matter short of a complaint that the customer wants known and answered."""

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops import facts
from bihuan.loops.matter import STATES, steps_of_matter

TOPIC = Fact(
    "kind",
    Words(zh="反映内容", en="Topic"),
    FactKind.choice,
    choices=(
        Choice("bill", Words(zh="电费电价", en="bills and prices")),
        Choice("reading", Words(zh="抄表", en="meter reading")),
        Choice("payment", Words(zh="缴费", en="payment")),
        Choice("outage", Words(zh="停电信息", en="outage information")),
        Choice("voltage", Words(zh="电压", en="voltage")),
        Choice("facility", Words(zh="供电设施", en="lines and equipment")),
        Choice("connection", Words(zh="业扩报装", en="connection of supply")),
        Choice("staff", Words(zh="人员服务", en="staff")),
        Choice("other", Words(zh="其他", en="other")),
    ),
    column="kind",
)

SITUATION = Loop(
    code="situation",
    title=Words(zh="情况反映", en="Situation report"),
    prefix="FY",
    file="loops/situation.py",
    states=STATES,
    steps=steps_of_matter(needs=(TOPIC,), may=(facts.leaf("situation"), facts.PROPOSED_LEAF)),
)
