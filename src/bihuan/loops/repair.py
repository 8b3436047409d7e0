"""Fault repair (故障报修): from the call that the light is off to the customer's word that it is on again."""

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop, State
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, START, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps
from bihuan.loops.matter import ENDED, asking, watching

SYMPTOM = Fact(
    "kind",
    Words(zh="故障类别", en="Fault class"),
    FactKind.choice,
    choices=(  # domain.md 3.7, level 1 as two provincial systems use it
        Choice("hv", Words(zh="高压故障", en="high-voltage fault")),
        Choice("lv", Words(zh="低压故障", en="low-voltage fault")),
        Choice("quality", Words(zh="电能质量故障", en="power-quality fault")),
        Choice("customer", Words(zh="客户内部故障", en="fault in the customer's installation")),
        Choice("metering", Words(zh="计量故障", en="metering fault")),
        Choice("other", Words(zh="非电力故障", en="not the utility's")),
    ),
    column="kind",
)

URGENCY = Fact(
    "urgency",
    Words(zh="紧急程度", en="Urgency"),
    FactKind.choice,
    choices=(
        Choice("general", Words(zh="一般", en="general")),
        Choice("urgent", Words(zh="紧急", en="urgent")),
    ),
    column="urgency",
)

CAUSE = Fact(
    "cause",
    Words(zh="故障原因", en="Cause"),
    FactKind.choice,
    choices=(
        Choice("equipment", Words(zh="设备老化损坏", en="equipment failed")),
        Choice("overload", Words(zh="过负荷", en="overload")),
        Choice("weather", Words(zh="天气", en="weather")),
        Choice("third_party", Words(zh="外力破坏", en="third party")),
        Choice("installation", Words(zh="客户内部", en="customer's installation")),
        Choice("fuse", Words(zh="熔断、跳闸", en="fuse or breaker")),
        Choice("meter", Words(zh="表计", en="meter")),
        Choice("none", Words(zh="到场已正常", en="nothing found")),
    ),
)

WORKING = ("accepted", "dispatched", "received", "on_site")
ASKED = (facts.RANG_ON_ARRIVAL, facts.CUSTOMER_ARRIVED_AT)

REPAIR = Loop(
    code="repair",
    title=Words(zh="故障报修", en="Fault repair"),
    prefix="BX",
    file="loops/repair.py",
    states=(
        states.ACCEPTED,
        states.DISPATCHED,
        states.RECEIVED,
        State("on_site", Words(zh="抢修中", en="crew on site")),
        State("restored", Words(zh="待回访", en="restored, callback owed")),
        states.CLOSED,
        states.WITHDRAWN,
        states.TERMINATED,
    ),
    steps=(
        Step(
            "accept",
            Words(zh="受理", en="Accept"),
            leaves=(START,),
            reaches="accepted",
            side=INTAKE,
            by="case.open",
            needs=(SYMPTOM, facts.AREA),
            may=(
                facts.DESCRIPTION,
                facts.CUSTOMER_CLASS,
                URGENCY,
                facts.leaf("fault"),
                facts.SOURCE,
                facts.CALLBACK,
                facts.REPEAT_OF,
                facts.SOURCE_DUE,
            ),
            marks=("accepted",),
        ),
        steps.dispatch(),
        steps.receive(),
        Step(
            "contact",
            Words(zh="联系客户", en="Contact"),
            leaves=("dispatched", "received"),
            reaches=SAME,
            side=EXECUTION,
            by="visit.do",
            may=(facts.VIA, facts.REMARK),
            marks=("contacted",),
            shared=True,
        ),
        Step(
            "arrive",
            Words(zh="到达现场", en="Arrive"),
            leaves=("dispatched", "received"),
            reaches="on_site",
            side=EXECUTION,
            by="visit.do",
            may=(facts.VIA, facts.REMARK),
            marks=("arrived",),
            shared=True,
        ),
        Step(
            "restore",
            Words(zh="恢复供电", en="Restore"),
            leaves=("on_site",),
            reaches="restored",
            side=EXECUTION,
            by="visit.do",
            needs=(CAUSE,),
            may=(facts.VIA, facts.REMARK),
            marks=("restored", "done"),
            shared=True,
        ),
        *asking(leaves=("restored",), asked=ASKED),
        *watching(everywhere=(*WORKING, "restored", *ENDED), undone=WORKING),
    ),
)
