"""The way every matter goes that is answered rather than repaired: complaint, situation report and their kin take it up."""

from bihuan.kernel.fact import Fact
from bihuan.kernel.loop import State
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, START, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts, states, steps

WORKING = ("accepted", "dispatched", "received")
ASKED = (facts.CONTACTED_FIRST_DAY,)
ANSWERED = State("answered", Words(zh="待回访", en="answered, callback owed"))
IN_REVIEW = State("in_review", Words(zh="待审核", en="answered, under review"))

STATES = (
    states.ACCEPTED,
    states.DISPATCHED,
    states.RECEIVED,
    ANSWERED,
    states.CLOSED,
    states.WITHDRAWN,
    states.TERMINATED,
)
REVIEWED_STATES = (*STATES[:3], IN_REVIEW, *STATES[3:])
ENDED = ("closed", "withdrawn", "terminated")


def steps_of_matter(
    *,
    needs: tuple[Fact, ...],
    may: tuple[Fact, ...] = (),
    reviewed: bool = False,
    extra: tuple[Step, ...] = (),
) -> tuple[Step, ...]:
    """The steps of a matter that is accepted with the facts `needs` and `may`.

    `reviewed`: the unit leader looks at the answer before the customer is asked. `extra` are the loop's own steps.
    """
    middle = ("in_review",) if reviewed else ()
    everywhere = (*WORKING, *middle, "answered", *ENDED)
    return (
        accept(needs=needs, may=may),
        steps.dispatch(),
        steps.receive(),
        contact(),
        *extra,
        answer(reaches="in_review" if reviewed else "answered", done=not reviewed),
        *(review() if reviewed else ()),
        *asking(),
        *watching(everywhere=everywhere, undone=(*WORKING, *middle)),
    )


def accept(*, needs: tuple[Fact, ...], may: tuple[Fact, ...] = ()) -> Step:
    """The centre takes the matter down."""
    return Step(
        "accept",
        Words(zh="受理", en="Accept"),
        leaves=(START,),
        reaches="accepted",
        side=INTAKE,
        by="case.open",
        needs=needs,
        may=(
            facts.DESCRIPTION,
            *may,
            facts.AREA,
            facts.CUSTOMER_CLASS,
            facts.SOURCE,
            facts.CALLBACK,
            facts.CONFIDENTIAL,
            facts.REPEAT_OF,
            facts.SOURCE_DUE,
        ),
        marks=("accepted",),
    )


def contact(*, by: str = "case.handle") -> Step:
    """The handler reaches the customer, learns the details and books a time."""
    return Step(
        "contact",
        Words(zh="首日联系", en="First contact"),
        leaves=("dispatched", "received"),
        reaches=SAME,
        side=EXECUTION,
        by=by,
        may=(facts.APPOINTMENT, facts.REMARK),
        marks=("contacted",),
    )


def plan() -> Step:
    """The handler writes down what will be done and by when."""
    return Step(
        "plan",
        Words(zh="制定方案", en="Plan"),
        leaves=("received",),
        reaches=SAME,
        side=EXECUTION,
        by="case.handle",
        needs=(facts.REMARK,),
        may=(facts.APPOINTMENT,),
        marks=("planned",),
    )


def answer(*, reaches: str = "answered", done: bool = True) -> Step:
    """The unit tells the customer what came of it."""
    return Step(
        "answer",
        Words(zh="答复客户", en="Answer"),
        leaves=("received",),
        reaches=reaches,
        side=EXECUTION,
        by="case.handle",
        may=(facts.VIA, facts.REMARK),
        marks=("contacted", "answered", *(("done",) if done else ())),
        shared=True,
    )


def review() -> tuple[Step, ...]:
    """The unit's leader looks at the answer: to the callback, or back to the handler."""
    return (
        Step(
            "review",
            Words(zh="审核通过", en="Review"),
            leaves=("in_review",),
            reaches="answered",
            side=EXECUTION,
            by="case.review",
            may=(facts.VIA, facts.REMARK),
            marks=("reviewed", "done"),
            shared=True,
        ),
        Step(
            "rework",
            Words(zh="审核退回", en="Back to the handler"),
            leaves=("in_review",),
            reaches="received",
            side=EXECUTION,
            by="case.review",
            needs=(facts.REMARK,),
            counts="reworks",
        ),
    )


def asking(*, leaves: tuple[str, ...] = ("answered",), asked: tuple[Fact, ...] = ASKED) -> tuple[Step, ...]:
    """Every way in which the callback can end."""
    return (
        steps.confirm(*asked, leaves=leaves),
        steps.send_back(*asked, leaves=leaves),
        steps.attempt(leaves=leaves),
        steps.unreached(leaves=leaves),
        steps.exempt_call(leaves=leaves),
        steps.leave_out(leaves=leaves),
    )


def watching(
    *,
    everywhere: tuple[str, ...],
    undone: tuple[str, ...],
    handled: tuple[str, ...] = ("dispatched", "received"),
) -> tuple[Step, ...]:
    """What every matter allows besides its own way: `undone` are the states before the work is said to be done."""
    return (
        steps.urge(leaves=undone),
        steps.give_back(leaves=handled),
        steps.redirect(leaves=handled),
        steps.suspend(leaves=handled),
        steps.resume(leaves=handled),
        steps.supervise(leaves=undone),
        steps.merge(leaves=WORKING),
        steps.split(leaves=undone),
        steps.withdraw(leaves=WORKING),
        steps.terminate(leaves=undone[1:]),
        *steps.breaches(leaves=everywhere),
        steps.correct(leaves=everywhere),
    )
