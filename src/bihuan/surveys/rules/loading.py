"""The folder `callbacks` beside the packs, read and checked key by key: duties, questionnaires, comparisons, scorecards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bihuan.kernel.fact import Choice
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops.steps import ATTEMPTS_OWED
from bihuan.surveys.rules.duties import Duty, leaves_no_hour, parse_quiet
from bihuan.surveys.rules.questions import (
    Question,
    QuestionKind,
    Questionnaire,
    askable,
    question_faults,
)
from bihuan.surveys.rules.scores import Item, Scorecard
from bihuan.surveys.rules.sheet import CallbackFault, Sheet
from bihuan.surveys.rules.statements import KINDS, Comparison

Loops = Mapping[str, Loop]
"""Every business kind by its code."""

TABLES = ("duty", "questionnaire", "comparison", "scorecard")


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that callbacks go by. Of duties and comparisons the first that fits wins."""

    duties: tuple[Duty, ...]
    questionnaires: tuple[Questionnaire, ...]
    comparisons: tuple[Comparison, ...]
    scorecards: tuple[Scorecard, ...]


def book_from(sheets: Iterable[Sheet], loops: Loops) -> Book:
    """What these files say, in their order; raises `CallbackFault` at the first thing that can't be."""
    files = list(sheets)
    for file in files:
        file.only(*TABLES)
    duties = [_duty(table, loops) for file in files for table in file.tables("duty")]
    found = Book(
        duties=tuple(duties),
        questionnaires=tuple(
            questionnaire_from(table, loops) for file in files for table in file.tables("questionnaire")
        ),
        comparisons=_comparisons(files),
        scorecards=tuple(_scorecard(table) for file in files for table in file.tables("scorecard")),
    )
    _complete(found, files, loops)
    return found


def _complete(found: Book, files: list[Sheet], loops: Loops) -> None:
    """Every kind whose customers can be called back has a duty and questions."""
    where = files[-1].file if files else "callbacks"
    for code, loop in loops.items():
        if not askable(loop):
            continue
        if not any(code in duty.loops for duty in found.duties):
            raise CallbackFault(where, "duty", f"a duty for the kind '{code}'")
        if not any(code in one.loops for one in found.questionnaires):
            raise CallbackFault(where, "questionnaire", f"questions for the kind '{code}'")


def _duty(table: Sheet, loops: Loops) -> Duty:
    table.only(
        *("loops", "title", "share", "attempts", "spacing_minutes", "quiet", "own_time_minutes"),
        *("valid_from", "valid_to", "source", "certainty"),
    )
    valid_from = table.day("valid_from")
    quiet = []
    listed = table.content.get("quiet")
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise table.fault("quiet", 'a list of hours like ["12:00-14:00", "21:00-08:00"]; empty for none')
    for text in listed:
        try:
            quiet.append(parse_quiet(text))
        except ValueError:
            raise table.fault("quiet", f"two different times like 21:00-08:00, not '{text}'") from None
    if leaves_no_hour(quiet):
        raise table.fault("quiet", "at least a minute of the day in which somebody may be rung")
    return Duty(
        loops=table.codes("loops", loops),
        title=table.words("title"),
        share=table.number("share", least=0, most=100),
        attempts=table.number("attempts", least=ATTEMPTS_OWED, most=20),
        spacing=timedelta(minutes=table.number("spacing_minutes", least=0, most=7 * 24 * 60)),
        quiet=tuple(quiet),
        own_time=timedelta(minutes=table.number("own_time_minutes", least=0, most=24 * 60)),
        valid_from=valid_from,
        valid_to=table.last_day(valid_from),
        source=table.words("source"),
        certainty=table.certainty(),
    )


def questionnaire_from(table: Sheet, loops: Loops, *, version: int = 0) -> Questionnaire:
    """One version of a questionnaire, checked against the kinds that it names; raises `CallbackFault`."""
    table.only("loops", "valid_from", "opening", "closing", "question", "source", "certainty")
    sheet = Questionnaire(
        loops=table.codes("loops", loops),
        valid_from=table.day("valid_from"),
        opening=table.words("opening"),
        closing=table.words("closing"),
        questions=tuple(_question(one, loops) for one in table.tables("question")),
        source=table.words("source"),
        certainty=table.certainty(),
        version=version,
    )
    for code in sheet.loops:
        for question, expected in question_faults(sheet, loops[code]):
            raise table.fault(f"question '{question}'" if question else "question", expected)
    return sheet


def _question(table: Sheet, loops: Loops) -> Question:
    table.only("code", "text", "kind", "fact", "choices", "least", "most", "needed")
    kind = QuestionKind(table.one_of("kind", QuestionKind))
    fact = table.code("fact") if "fact" in table.content else ""
    for key in ("choices", "needed"):
        if fact and key in table.content:
            raise table.fault(key, "no such key where the answer is a fact; the loop declares it")
    least = table.number("least", least=0, most=100, default=1)
    most = table.number("most", least=least + 1, most=100, default=max(5, least + 1))
    return Question(
        code=table.code("code"),
        text=table.words("text"),
        kind=kind,
        fact=fact,
        choices=() if fact else _choices(table, kind),
        least=least,
        most=most,
        needed=table.flag("needed", False),
    )


def _choices(table: Sheet, kind: QuestionKind) -> tuple[Choice, ...]:
    listed = table.tables("choices")
    if listed and kind is not QuestionKind.choice:
        raise table.fault("choices", f"no choices for the form '{kind}'")
    found: list[Choice] = []
    for one in listed:
        one.only("code", "zh", "en")
        code = one.code("code")
        if any(code == other.code for other in found):
            raise one.fault("code", "each choice once")
        found.append(Choice(code, Words(zh=one.text("zh"), en=one.text("en"))))
    return tuple(found)


def _comparisons(files: list[Sheet]) -> tuple[Comparison, ...]:
    found: dict[str, Comparison] = {}
    for table in (table for file in files for table in file.tables("comparison")):
        table.only("kind", "title", "tolerance_minutes", "source", "certainty")
        kind = table.one_of("kind", KINDS)
        one = Comparison(
            kind=kind,
            title=table.words("title"),
            tolerance=timedelta(minutes=table.number("tolerance_minutes", least=0, most=24 * 60)),
            source=table.words("source"),
            certainty=table.certainty(),
        )
        found.setdefault(kind, one)
    return tuple(found[kind] for kind in KINDS if kind in found)


def _scorecard(table: Sheet) -> Scorecard:
    table.only(
        *("code", "title", "item", "share", "least_a_week", "passes"),
        *("valid_from", "valid_to", "source", "certainty"),
    )
    items = tuple(_item(one) for one in table.tables("item"))
    codes = [item.code for item in items]
    if len(set(codes)) != len(codes):
        raise table.fault("item", "each item once")
    if sum(item.weight for item in items) != 100:
        raise table.fault("item", f"weights that make 100, not {sum(item.weight for item in items)}")
    valid_from = table.day("valid_from")
    return Scorecard(
        code=table.code("code"),
        title=table.words("title"),
        items=items,
        share=table.number("share", least=0, most=100),
        least=table.number("least_a_week", least=0, most=100),
        passes=table.number("passes", least=1, most=100),
        valid_from=valid_from,
        valid_to=table.last_day(valid_from),
        source=table.words("source"),
        certainty=table.certainty(),
    )


def _item(table: Sheet) -> Item:
    table.only("code", "text", "weight", "fatal")
    fatal = table.flag("fatal", False)
    if fatal and "weight" in table.content:
        raise table.fault("weight", "no weight for a fatal item: it makes the whole 0")
    weight = 0 if fatal else table.number("weight", least=2, most=100)
    if weight % 2:
        raise table.fault("weight", "an even number, so that half of it is whole")
    return Item(table.code("code"), table.words("text"), weight, fatal)
