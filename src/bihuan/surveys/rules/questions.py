"""A questionnaire: what is asked of the customer, in which words; which answers are facts of the loop and which are extra."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.fact import Choice, Fact, FactKind, moment_text, parse_moment
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.surveys.rules.sheet import Certainty

LONGEST = 2_000
"""Characters of an answer in words."""

AnswerValue = str | bool | int


class QuestionKind(StrEnum):
    """The form of an answer. A scale is a whole number; words are erasable free text."""

    flag = "flag"
    choice = "choice"
    scale = "scale"
    moment = "moment"
    words = "words"


FITS = {
    FactKind.flag: QuestionKind.flag,
    FactKind.choice: QuestionKind.choice,
    FactKind.moment: QuestionKind.moment,
    FactKind.words: QuestionKind.words,
    FactKind.number: QuestionKind.scale,
}
"""Which question asks for which form of fact."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. With a `fact` the answer goes into the timeline as that fact of the step; without, it is kept
    beside the call. `least` and `most` are the ends of a scale."""

    code: str
    text: Words
    kind: QuestionKind
    fact: str = ""
    choices: tuple[Choice, ...] = ()
    least: int = 1
    most: int = 5
    needed: bool = False

    def checked(self, value: object) -> AnswerValue:
        """The answer in its canonical form; raises `AnswerInvalid`."""
        match self.kind:
            case QuestionKind.flag if isinstance(value, bool):
                return value
            case QuestionKind.choice if value in {choice.code for choice in self.choices}:
                return str(value)
            case QuestionKind.scale if (
                isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most
            ):
                return value
            case QuestionKind.moment if isinstance(value, str):
                try:
                    return moment_text(parse_moment(value))
                except ValueError:
                    raise AnswerInvalid(self) from None
            case QuestionKind.words if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST:
                return value.strip()
        raise AnswerInvalid(self)

    def title_of(self, value: object) -> Words:
        """How an answer reads."""
        for choice in self.choices:
            if choice.code == value:
                return choice.title
        if isinstance(value, bool):
            return Words(zh="是", en="yes") if value else Words(zh="否", en="no")
        if self.kind is QuestionKind.scale:
            return Words(
                zh=f"{value}（{self.least}—{self.most}）", en=f"{value} ({self.least} to {self.most})"
            )
        return Words(zh=str(value), en=str(value))


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of what is asked about some kinds. `version` 0 is the one that lies beside the packs."""

    loops: tuple[str, ...]
    valid_from: date
    opening: Words
    closing: Words
    questions: tuple[Question, ...]
    source: Words
    certainty: Certainty
    version: int = 0

    def question(self, code: str) -> Question | None:
        """The question of this code."""
        return next((one for one in self.questions if one.code == code), None)

    @property
    def extra(self) -> tuple[Question, ...]:
        """Questions whose answers are no facts."""
        return tuple(one for one in self.questions if not one.fact)

    def text_of(self, fact: str) -> Words | None:
        """How a fact is asked for, if it is."""
        return next((one.text for one in self.questions if one.fact == fact), None)


class AnswerInvalid(BihuanError):
    """An answer isn't one that the question knows."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            Words(
                zh=f"“{question.text.zh}”的回答无效，请重新填写。",
                en=f"“{question.text.en}” has an answer that isn't known here; give it again.",
            ),
            field=question.code,
        )


class AnswerMissing(BihuanError):
    """A question that must be asked has no answer."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            Words(zh=f"请回答“{question.text.zh}”。", en=f"“{question.text.en}” has no answer."),
            field=question.code,
        )


class UnknownQuestion(BihuanError):
    """The questionnaire has no such question."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(zh=f"问卷没有“{code}”这一问。", en=f"The questionnaire has no question “{code}”."),
            field=code,
        )


def checked_answers(
    sheet: Questionnaire, answers: Mapping[str, object], *, complete: bool
) -> dict[str, AnswerValue]:
    """Answers to the extra questions in canonical form. `complete`: every needed one must be there."""
    known = {one.code: one for one in sheet.extra}
    for code in answers:
        if code not in known:
            raise UnknownQuestion(code)
    for question in sheet.extra:
        if complete and question.needed and question.code not in answers:
            raise AnswerMissing(question)
    return {code: known[code].checked(value) for code, value in answers.items()}


def in_force(sheets: Iterable[Questionnaire], loop: str, day: date) -> Questionnaire | None:
    """What is asked about a kind on a day: of those begun by then the one begun last, the newest version of that day."""
    begun = [one for one in sheets if loop in one.loops and one.valid_from <= day]
    return max(begun, key=lambda one: (one.version > 0, one.valid_from, one.version), default=None)


def talks(loop: Loop) -> tuple[Step, ...]:
    """The steps with which a talk with the customer ends: verification steps that may state how satisfied he is."""
    return tuple(
        step for step in loop.steps if step.side is VERIFICATION and step.fact("satisfaction") is not None
    )


def askable(loop: Loop) -> dict[str, Fact]:
    """The facts that a talk may state about the matter, by code; the reason for sending back is the agent's own."""
    return {
        fact.code: fact
        for step in talks(loop)
        for fact in step.facts
        if fact.code not in ("reason", "remark") and not fact.imported
    }


def question_faults(sheet: Questionnaire, loop: Loop) -> list[tuple[str, str]]:
    """What doesn't fit the loop: (code of the question or "", what was expected)."""
    facts = askable(loop)
    if not facts:
        return [("", f"a kind whose customers are called back, not '{loop.code}'")]
    found: list[tuple[str, str]] = []
    codes = [one.code for one in sheet.questions]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        found.append((code, "each question once"))
    named = [one.fact for one in sheet.questions if one.fact]
    for code in sorted({code for code in named if named.count(code) > 1}):
        found.append((code, "each fact asked for once"))
    for one in sheet.questions:
        if not one.fact:
            if one.code in facts or one.code in ("reason", "remark", "at"):
                found.append((one.code, "a code that is no fact of the step"))
            if one.kind is QuestionKind.choice and len(one.choices) < 2:
                found.append((one.code, "at least two choices"))
        elif one.fact not in facts:
            known = ", ".join(facts)
            found.append((one.code, f"a fact that the callback of '{loop.code}' states ({known})"))
        elif FITS.get(facts[one.fact].kind) is not one.kind:
            found.append((one.code, f"the form of the fact, '{facts[one.fact].kind}'"))
    for step in talks(loop):
        for fact in step.needs:
            if fact.code in facts and fact.code not in named:
                found.append(("", f"a question for the fact '{fact.code}', which '{step.code}' needs"))
    return found
