"""Service request (服务申请): something is to be done at the customer's, with the sub-kinds of domain.md 3.2."""

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import EXECUTION, SAME, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts
from bihuan.loops.matter import STATES, steps_of_matter

REQUEST = Fact(
    "kind",
    Words(zh="申请事项", en="Request"),
    FactKind.choice,
    choices=(
        Choice("reconnect", Words(zh="欠费复电登记", en="reconnection after payment")),
        Choice("damage", Words(zh="电器损坏核损", en="damaged appliance")),
        Choice("meter", Words(zh="电能表异常", en="meter abnormal")),
        Choice("reading", Words(zh="抄表数据异常", en="reading abnormal")),
        Choice("charging", Words(zh="充电预约", en="charging booked")),
        Choice("other", Words(zh="其他", en="other")),
    ),
    column="kind",
)

SERVICE = Loop(
    code="service",
    title=Words(zh="服务申请", en="Service request"),
    prefix="FW",
    file="loops/service.py",
    states=STATES,
    steps=steps_of_matter(
        needs=(REQUEST,),
        extra=(
            Step(
                "visit",
                Words(zh="到达现场", en="Visit"),
                leaves=("dispatched", "received"),
                reaches=SAME,
                side=EXECUTION,
                by="visit.do",
                may=(facts.VIA, facts.REMARK),
                marks=("arrived",),
                shared=True,
            ),
            Step(
                "carry_out",
                Words(zh="办理完毕", en="Carry out"),
                leaves=("received",),
                reaches=SAME,
                side=EXECUTION,
                by="visit.do",
                may=(facts.REMARK,),
                marks=("energised",),
            ),
        ),
    ),
)
