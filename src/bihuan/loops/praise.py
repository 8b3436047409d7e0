"""Praise (表扬): passed on to whom it belongs. Nobody is called back; the centre sees that it arrived."""

from bihuan.kernel.loop import Loop, State
from bihuan.kernel.step import EXECUTION, VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps
from bihuan.loops.matter import WORKING, accept
from bihuan.loops.situation import TOPIC

PRAISE = Loop(
    code="praise",
    title=Words(zh="表扬", en="Praise"),
    prefix="BY",
    file="loops/praise.py",
    states=(
        states.ACCEPTED,
        states.DISPATCHED,
        states.RECEIVED,
        State("passed_on", Words(zh="已转达", en="passed on")),
        states.CLOSED,
        states.WITHDRAWN,
    ),
    steps=(
        accept(needs=(TOPIC,)),
        steps.dispatch(),
        steps.receive(),
        Step(
            "pass_on",
            Words(zh="转达本人", en="Pass on"),
            leaves=("received",),
            reaches="passed_on",
            side=EXECUTION,
            by="case.handle",
            may=(facts.REMARK,),
            marks=("answered",),
        ),
        Step(
            "acknowledge",
            Words(zh="核对归档", en="Check and close"),
            leaves=("passed_on",),
            reaches="closed",
            side=VERIFICATION,
            by="callback.do",
            may=(facts.REMARK,),
            marks=("verified", "ended"),
            ending="noted",
            ends=True,
        ),
        steps.give_back(leaves=("dispatched", "received")),
        steps.redirect(leaves=("dispatched", "received")),
        steps.withdraw(leaves=WORKING),
        *steps.breaches(leaves=(*WORKING, "passed_on", "closed", "withdrawn")),
        steps.correct(leaves=(*WORKING, "passed_on", "closed", "withdrawn")),
    ),
)
