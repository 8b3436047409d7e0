"""Prints docs/loops, docs/indicators and docs/packs from the declarations. Written by `make docs`; a test asks whether they are current."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bihuan.kernel.fact import Fact, FactKind
from bihuan.kernel.indicator import Chapter, Declared, Index
from bihuan.kernel.limit import Limit
from bihuan.kernel.loop import Loop
from bihuan.kernel.promise import MEASURES as LEVELS
from bihuan.kernel.promise import Compensation, Promise, Warn
from bihuan.kernel.step import SAME, START, Step
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.indicators.catalogue import CHAPTERS, DECLARED
from bihuan.packs.rules import Aim, Pack, Sheet, pack_from, targets_from

DOCS = Path(__file__).resolve().parents[1] / "docs"
PACKS = DOCS.parent / "packs"
NOTICE = "<!-- Printed by `make docs` from the declarations. Change those, not this page. -->"
MEASURES = {
    "percent": "per cent · 百分比",
    "count": "count · 件数",
    "minutes": "minutes · 分钟",
    "ratio": "ratio of sums · 合计之比",
    "sum": "sum · 合计",
}
DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "none": "neither"}


def pages() -> dict[Path, str]:
    """Every printed page by its place."""
    loops = {DOCS / "loops" / f"{loop.code}.md": loop_page(loop) for loop in LOOPS}
    packs = {DOCS / "packs" / f"{pack.code}.md": pack_page(pack) for pack in _packs()}
    chapters = {DOCS / "indicators" / f"{chapter.code}.md": chapter_page(chapter) for chapter in CHAPTERS}
    return loops | chapters | packs


def loop_page(loop: Loop) -> str:
    """States, steps and what each step states."""
    lines = [NOTICE, f"# {loop.title.en} · {loop.title.zh}", ""]
    lines += [f"Code `{loop.code}`, declared in `{loop.file}`. Case numbers carry `{loop.prefix}`.", ""]
    lines += ["## The way of a case", "", "```mermaid", "stateDiagram-v2", *_arrows(loop), "```", ""]
    lines += ["## States", "", "| state | 状态 | code |", "|---|---|---|"]
    lines += [f"| {state.title.en} | {state.title.zh} | `{state.code}` |" for state in loop.states]
    lines += ["", "## Steps", ""]
    lines += [
        "| step | 步骤 | code | side | permission | from | to | marks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_step_row(step) for step in loop.steps]
    lines += [
        "",
        "## What each step states",
        "",
        "| step | fact | 事实 | code | kind | needed |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_fact_row(step, fact) for step in loop.steps for fact in step.facts]
    return "\n".join(lines) + "\n"


def _arrows(loop: Loop) -> list[str]:
    ended = sorted({step.reaches for step in loop.steps if step.ends})
    moves = [step for step in loop.steps if step.reaches != SAME]
    arrows = [
        f"    {'[*]' if state == START else state} --> {step.reaches}: {step.code}"
        for step in moves
        for state in step.leaves
    ]
    return [*arrows, *(f"    {state} --> [*]" for state in ended)]


def _step_row(step: Step) -> str:
    after = f" (after {step.after[1]} × `{step.after[0]}`)" if step.after else ""
    leaves = ", ".join(f"`{state}`" for state in step.leaves)
    reaches = "stays" if step.reaches == SAME else f"`{step.reaches}`"
    notes = [
        note
        for note, holds in (("next cycle", step.opens_cycle), ("ends", step.ends), ("exempt", step.exempt))
        if holds
    ]
    reaches += f" ({', '.join(notes)})" if notes else ""
    marks = ", ".join(f"`{moment}`" for moment in step.marks)
    return (
        f"| {step.title.en} | {step.title.zh} | `{step.code}` | {step.side} | `{step.by}` "
        f"| {leaves}{after} | {reaches} | {marks} |"
    )


def _fact_row(step: Step, fact: Fact) -> str:
    kind = str(fact.kind)
    if fact.kind is FactKind.choice:
        kind = ", ".join(f"`{choice.code}` {choice.title.zh}" for choice in fact.choices)
    needed = "yes" if fact in step.needs else "imported history only" if fact.imported else ""
    return f"| `{step.code}` | {fact.title.en} | {fact.title.zh} | `{fact.code}` | {kind} | {needed} |"


def chapter_page(chapter: Chapter) -> str:
    """Every indicator of a chapter, with its rule."""
    lines = [NOTICE, f"# {chapter.title.en} · {chapter.title.zh}", ""]
    lines += [f"Declared in `loops/indicators/{FILES.get(chapter.code, chapter.code)}.py`.", ""]
    for one in DECLARED:
        if one.chapter == chapter.code:
            lines += _indicator(one)
    return "\n".join(lines).rstrip() + "\n"


FILES = {"outages": "outage"}
"""Chapters whose file is called otherwise."""


def _indicator(one: Declared) -> list[str]:
    told = sorted((aim for aim in _aims() if aim.indicator == one.code), key=lambda aim: aim.from_date)
    target = ", ".join(f"{aim.value} from {aim.from_date} ({aim.certainty})" for aim in told) or "none"
    if isinstance(one, Index):
        made = ", ".join(f"`{code}`" for code in one.parts)
        head = ["| made of | decimals | direction | target | edition | source |", "|---|---|---|---|---|---|"]
        row = f"| {made} | {one.decimals} | {DIRECTIONS[one.direction]} | {target} | {one.edition} | {one.source.en} · {one.source.zh} |"
        return [
            f"## `{one.code}` {one.title.en} · {one.title.zh}",
            "",
            one.rule.en,
            "",
            one.rule.zh,
            "",
            *head,
            row,
            "",
        ]
    return [
        f"## `{one.code}` {one.title.en} · {one.title.zh}",
        "",
        f"{one.rule.en}",
        "",
        f"{one.rule.zh}",
        "",
        "| measure | decimals | rows | counted at | direction | target | edition | source |",
        "|---|---|---|---|---|---|---|---|",
        f"| {MEASURES[one.measure]} | {one.decimals} | {one.table} | `{one.counted_at}` | {DIRECTIONS[one.direction]} "
        f"| {target} | {one.edition} | {one.source.en} · {one.source.zh} |",
        "",
    ]


def pack_page(pack: Pack) -> str:
    """Every promise of a pack with its limits; then what may stop it, who is warned, and what it costs."""
    lines = [NOTICE, f"# {pack.title.en} · {pack.title.zh}", ""]
    lines += [
        f"Code `{pack.code}`, edition {pack.edition}, counted by the calendar `{pack.calendar}`. Source: {pack.source}.",
        "",
    ]
    lines += [
        "| promise | 承诺 | code | clause | kind | for | from → to | limit or level | in force | sure |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|---|---|", *(_promise_row(one) for one in pack.promises)]
    further = [
        one for one in pack.promises if one.suspensions or one.warnings or one.compensation or one.note
    ]
    if further:
        lines += [
            "",
            "| promise | may stand still for | warned | owed when broken | note |",
            "|---|---|---|---|---|",
        ]
        lines += [_further_row(one) for one in further]
    return "\n".join(lines) + "\n"


def _aims() -> list[Aim]:
    codes = [one.code for one in DECLARED]
    return [
        aim
        for path in sorted((PACKS / "targets").glob("*.toml"))
        for aim in targets_from(
            Sheet(path.name, tomllib.loads(path.read_text(encoding="utf-8"))),
            code=path.stem,
            indicators=codes,
        )
    ]


def _packs() -> list[Pack]:
    moments = {loop.code: frozenset(mark for step in loop.steps for mark in step.marks) for loop in LOOPS}
    return [
        pack_from(
            [
                Sheet(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
                for file in sorted(folder.glob("*.toml"))
            ],
            code=folder.name,
            moments=moments,
        )
        for folder in sorted(path.parent for path in PACKS.glob("*/pack.toml"))
    ]


def _promise_row(one: Promise) -> str:
    whom = ", ".join(f"`{loop}`" for loop in one.loops) + (f" ({', '.join(one.kinds)})" if one.kinds else "")
    way = f"`{one.starts}` → `{one.keeps}`" if one.starts else ""
    limits = "; ".join(
        " ".join(filter(None, (row.area, row.customer_class, _limit(row.limit))))
        + (f" (internal {_limit(row.internal)})" if row.internal else "")
        for row in one.limits
    )
    if one.kind == "period_level":
        bound = "at least" if one.measure == "percent" else "at most"
        limits = f"{bound} {one.level} {LEVELS[one.measure].en}" if one.level else "set elsewhere"
    shown = "public" if one.public else "internal"
    force = f"{one.valid_from} to {one.valid_to or 'now'}"
    return (
        f"| {one.title.en} | {one.title.zh} | `{one.code}` | {one.clause} | {one.kind}, {shown} | {whom} "
        f"| {way} | {limits} | {force} | {one.certainty} |"
    )


def _further_row(one: Promise) -> str:
    note = f"{one.note.en} · {one.note.zh}" if one.note else ""
    which = f"{one.title.en} ({one.valid_from})"
    sums = "; ".join(map(_sum, one.compensation))
    return f"| {which} | {', '.join(one.suspensions)} | {'; '.join(map(_warning, one.warnings))} | {sums} | {note} |"


def _limit(limit: Limit) -> str:
    parts = [limit.words.en]
    parts += [f"cut-off {limit.cutoff:%H:%M}"] if limit.cutoff else []
    parts += [f"in {limit.hours.words.en}"] if limit.hours else []
    parts += [f"starting in {limit.opens.words.en}"] if limit.opens else []
    return ", ".join(parts)


def _warning(warn: Warn) -> str:
    return f"{warn.to}: {_limit(warn.before)} before" if warn.before else f"{warn.to}: at {warn.share} %"


def _sum(row: Compensation) -> str:
    def told(amount: int) -> str:
        return f"{amount // 100}.{amount % 100:02} {row.currency}"

    first = (
        f"{told(row.further)} for each {_limit(row.every)} late"
        if row.every and not row.amount
        else told(row.amount)
    )
    text = f"{row.customer_class}: {first}" if row.customer_class else first
    if row.every and row.amount:
        text += f" + {told(row.further)} each further {_limit(row.every)}"
    if row.cap is not None:
        text += f", at most {told(row.cap)}"
    return text + (", by itself" if row.automatic else ", on claim") + f" ({row.certainty})"


def main() -> None:
    """Write what changed; a page whose declaration is gone goes too."""
    printed = pages()
    for folder in {page.parent for page in printed}:
        folder.mkdir(parents=True, exist_ok=True)
        for page in set(folder.glob("*.md")) - set(printed):
            page.unlink()
    for page, text in printed.items():
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
