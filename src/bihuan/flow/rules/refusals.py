"""Why a step isn't taken: every refusal is a named error in both languages."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.fact import Fact
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import Step
from bihuan.kernel.words import Words


class Refusal(BihuanError):
    """The step was not taken and nothing was changed."""


class UnknownStep(Refusal):
    """The loop has no such step."""

    def __init__(self, loop: Loop, step: str) -> None:
        super().__init__(
            Words(zh=f"“{loop.title.zh}”没有“{step}”这一步。", en=f"{loop.title.en} has no step “{step}”."),
            field="step",
        )


class OutOfOrder(Refusal):
    """The step can't be taken in the state where the case is."""

    def __init__(self, loop: Loop, step: Step, state: str) -> None:
        now = loop.state(state)
        title = now.title if now else Words(zh="未受理", en="not yet accepted")
        super().__init__(
            Words(
                zh=f"工单现为“{title.zh}”，不能“{step.title.zh}”。",
                en=f"The case is “{title.en}”; “{step.title.en}” can't be taken now.",
            ),
            field="step",
        )


class FactMissing(Refusal):
    """A fact that the step needs isn't there."""

    def __init__(self, step: Step, title: Words, code: str) -> None:
        super().__init__(
            Words(zh=f"“{step.title.zh}”须填写“{title.zh}”。", en=f"“{step.title.en}” needs “{title.en}”."),
            field=code,
        )


class UnknownFact(Refusal):
    """The step doesn't know this fact."""

    def __init__(self, step: Step, code: str) -> None:
        super().__init__(
            Words(zh=f"“{step.title.zh}”没有“{code}”这一项。", en=f"“{step.title.en}” has no fact “{code}”."),
            field=code,
        )


class TimeRefused(Refusal):
    """The time is before acceptance, before what the step follows, or in the future."""

    def __init__(self, words: Words) -> None:
        super().__init__(words, field="at")


class NotPermitted(Refusal):
    """The person's posts don't allow the step on this case."""

    def __init__(self, step: Step) -> None:
        super().__init__(
            Words(
                zh=f"您的岗位在此时、此单位无权“{step.title.zh}”。",
                en=f"Your post doesn't allow “{step.title.en}” on this case at that time.",
            )
        )


class NotIndependent(Refusal):
    """Whoever carried the case out, or anyone in that bureau, can't verify it."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="处理过本工单的人员及其所在单位不能回访核实本工单。",
                en="Whoever carried out this case, or belongs to the bureau that did, can't verify it.",
            )
        )


class TooFewAttempts(Refusal):
    """The step comes only after another has been tried often enough."""

    def __init__(self, step: Step, first: Words, owed: int, made: int) -> None:
        super().__init__(
            Words(
                zh=f"“{step.title.zh}”须先有{owed}次“{first.zh}”，现有{made}次。",
                en=f"“{step.title.en}” comes after {owed} times “{first.en}”; there are {made}.",
            ),
            field="step",
        )


class NotHere(Refusal):
    """The case isn't such that the step may be taken."""

    def __init__(self, step: Step, column: Words) -> None:
        super().__init__(
            Words(
                zh=f"此工单的“{column.zh}”不符合“{step.title.zh}”的条件。",
                en=f"“{step.title.en}” isn't for a case with this “{column.en}”.",
            ),
            field="step",
        )


class TooOften(Refusal):
    """The step has been taken as often as it may be."""

    def __init__(self, step: Step) -> None:
        super().__init__(
            Words(
                zh=f"“{step.title.zh}”最多{step.at_most}次，已达上限；可提请督办。",
                en=f"“{step.title.en}” may be taken {step.at_most} times at most; ask for supervision instead.",
            ),
            field="step",
        )


class TooMuch(Refusal):
    """More would be paid or recovered than is due."""

    def __init__(self, fact: Fact, left: int) -> None:
        rest = fact.title_of(left)
        super().__init__(
            Words(
                zh=f"“{fact.title.zh}”超过余额，最多还可{rest.zh}。",
                en=f"“{fact.title.en}” is more than what is left: {rest.en}.",
            ),
            field=fact.code,
        )


class UnitConcerned(Refusal):
    """The unit of which the case speaks, or one below it, can't be given the case."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="被反映的单位及其下级不能承办此工单，请改派其他单位。",
                en="The unit that the case speaks of, or one below it, can't handle it; choose another.",
            ),
            field="unit",
        )


class NotSuspended(Refusal):
    """The case stands still already, or doesn't."""

    def __init__(self, step: Step, suspended: bool) -> None:
        super().__init__(
            Words(zh="工单已挂起。", en="The case is suspended already.")
            if suspended
            else Words(zh="工单未挂起。", en="The case isn't suspended."),
            field="step",
        )


class StalePage(Refusal):
    """Somebody else has taken a step since the page was shown."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            Words(
                zh="您打开页面之后，他人已处理过此工单。请看最新进展后再操作，您填写的内容仍在。",
                en="Somebody else has worked on this case since you opened the page. Look at what is new, then go on;"
                " what you typed is still here.",
            )
        )


class ClientIdReused(Refusal):
    """A client id was sent again with other content."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="同一请求编号已用于其他内容。", en="This client id has been used with other content."),
            field="client_id",
        )


class UnknownUnit(Refusal):
    """A fact names a unit that isn't there."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(Words(zh=f"没有单位“{code}”。", en=f"There is no unit “{code}”."), field=field)


class UnknownCase(Refusal):
    """A fact names a case that isn't there."""

    def __init__(self, number: str, field: str) -> None:
        super().__init__(Words(zh=f"没有工单“{number}”。", en=f"There is no case “{number}”."), field=field)


class UnknownLeaf(Refusal):
    """A fact names a class that the taxonomy doesn't have on that day."""

    def __init__(self, fact: Fact, code: str) -> None:
        super().__init__(
            Words(
                zh=f"“{fact.title.zh}”没有“{code}”这一类。", en=f"“{fact.title.en}” has no class “{code}”."
            ),
            field=fact.code,
        )


class CantJoin(Refusal):
    """A case is merged only into an open one of the same kind that isn't merged itself, and has no children of its own."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="只能并入同类、未结、且未被合并的工单；主单也不能再并入他单。",
                en="Merge into an open case of the same kind that isn't merged itself; a main case can't be merged.",
            ),
            field="into",
        )


class InConfidence(Refusal):
    """A confidential case and one that isn't never name each other: the one would tell who brought the other."""

    def __init__(self, field: str = "repeat_of") -> None:
        super().__init__(
            Words(
                zh="保密工单与普通工单不能互相关联：关联会暴露诉求人。",
                en="A confidential case and one that isn't can't name each other: it would tell who brought it.",
            ),
            field=field,
        )


class NoBreach(Refusal):
    """There is no broken promise of which to speak."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="此承诺在该轮没有超时限。", en="This promise hasn't been broken in that round."),
            field="promise",
        )
