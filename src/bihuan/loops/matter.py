"""The way every matter goes that is answered rather than repaired: complaint and situation report take it up."""

from bihuan.kernel.fact import Fact
from bihuan.kernel.loop import State
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, START, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps

WORKING = ("accepted", "dispatched", "received")
ASKED = (facts.CONTACTED_FIRST_DAY,)

STATES = (
    states.ACCEPTED,
    states.DISPATCHED,
    states.RECEIVED,
    State("answered", Words(zh="待回访", en="answered, callback owed")),
    states.CLOSED,
    states.WITHDRAWN,
)


def steps_of_matter(kind: Fact, *also: Fact) -> tuple[Step, ...]:
    """The steps of a matter whose classification is the fact `kind`."""
    return (
        Step(
            "accept",
            Words(zh="受理", en="Accept"),
            leaves=(START,),
            reaches="accepted",
            side=INTAKE,
            by="case.open",
            needs=(kind,),
            may=(
                facts.AREA,
                facts.CUSTOMER_CLASS,
                *also,
                facts.SOURCE,
                facts.REPEAT_OF,
                facts.SOURCE_DUE,
                facts.DESCRIPTION,
            ),
            marks=("accepted",),
        ),
        steps.dispatch(),
        steps.receive(),
        Step(
            "contact",
            Words(zh="首日联系", en="First contact"),
            leaves=("dispatched", "received"),
            reaches=SAME,
            side=EXECUTION,
            by="case.handle",
            may=(facts.REMARK,),
            marks=("contacted",),
        ),
        Step(
            "answer",
            Words(zh="答复客户", en="Answer"),
            leaves=("received",),
            reaches="answered",
            side=EXECUTION,
            by="case.handle",
            may=(facts.REMARK,),
            marks=("contacted", "answered", "done"),
        ),
        steps.confirm(*ASKED, leaves=("answered",)),
        steps.send_back(*ASKED, leaves=("answered",)),
        steps.attempt(leaves=("answered",)),
        steps.unreached(leaves=("answered",)),
        steps.urge(leaves=WORKING),
        steps.give_back(leaves=("dispatched", "received")),
        steps.withdraw(leaves=WORKING),
        steps.correct(leaves=(*WORKING, "answered", "closed", "withdrawn")),
    )
