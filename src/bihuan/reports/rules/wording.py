"""A chapter in sentences, proposed from its figures by rules: how many, against the week before, against the target, and which
units fall out of what chance can do. No language model; the editor changes what he likes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bihuan.indicators.rules import Figure
from bihuan.indicators.rules.league import league
from bihuan.indicators.rules.moved import Change, change_of_count, change_of_rate
from bihuan.kernel.words import Words
from bihuan.reports.rules.kinds import Kind
from bihuan.reports.rules.report import Line, Report

MOST = 6
"""Sentences of a chapter; the table has the rest."""


def proposed(report: Report) -> dict[str, Words]:
    """For each chapter in which something was counted, its sentences in both languages."""
    found = {}
    for chapter, groups in report.chapters():
        sentences = [
            sentence for group in groups for sentence in _sentences(group, report) if sentence is not None
        ][:MOST]
        if sentences:
            found[chapter.code] = Words(
                zh="".join(one.zh for one in sentences), en=" ".join(one.en for one in sentences)
            )
    return found


def _sentences(group: list[Line], report: Report) -> list[Words | None]:
    whole = group[0]
    match whole.now.indicator.measure:
        case "count":
            return [_count(whole, report)]
        case "percent":
            return [_rate(whole, report), _units([line.now for line in group[1:]], report.names)]
        case _:
            return []


def _count(line: Line, report: Report) -> Words | None:
    now, before = line.now.numerator, line.before.numerator
    if not now and not before:
        return None
    title, change = line.now.indicator.title, change_of_count(before, now, report.share)
    if report.blank_before(line.now):
        return Words(zh=f"{title.zh}{now}件。", en=f"{title.en}: {now}.")
    if now == before:
        return Words(
            zh=f"{title.zh}{now}件，与{report.kind.before.zh}持平。",
            en=f"{title.en}: {now}, as the {before_en(report.kind)}.",
        )
    more = now > before
    apart = abs(now - before)
    return Words(
        zh=f"{title.zh}{now}件，较{report.kind.before.zh}{'增加' if more else '减少'}{apart}件{_chance(change).zh}。",
        en=f"{title.en}: {now}, {apart} {'more' if more else 'fewer'} than the {before_en(report.kind)}{_chance(change).en}.",
    )


def _rate(line: Line, report: Report) -> Words | None:
    now = line.now
    if not now.denominator:
        return None
    title, value = now.indicator.title, now.value
    change = change_of_rate(
        (line.before.numerator, line.before.denominator or 0), (now.numerator, now.denominator)
    )
    moved = Words(zh="", en="") if report.blank_before(now) else _moved(change, line, report.kind)
    aim = Words(zh="", en="")
    if now.met is not None:
        aim = (
            Words(zh=f"，达到目标{now.target}%", en=f", the target of {now.target} % is met")
            if now.met
            else Words(zh=f"，未达目标{now.target}%", en=f", short of the target of {now.target} %")
        )
    counts = f"{now.numerator}/{now.denominator}"
    return Words(
        zh=f"{title.zh}{value}%（{counts}）{moved.zh}{aim.zh}。",
        en=f"{title.en}: {value} % ({counts}){moved.en}{aim.en}.",
    )


def _moved(change: Change, line: Line, kind: Kind) -> Words:
    """Of the values as they are shown, so that the words say what the table beside them says."""
    if line.now.value is None or line.before.value is None:
        return Words(zh="", en="")
    apart, decimals = Decimal(line.now.value) - Decimal(line.before.value), line.now.indicator.decimals
    points = abs(apart)
    if not apart:
        return Words(zh=f"，与{kind.before.zh}持平", en=f", as the {before_en(kind)}")
    up = apart > 0
    return Words(
        zh=f"，环比{'上升' if up else '下降'}{points:.{decimals}f}个百分点{_chance(change).zh}",
        en=f", {'up' if up else 'down'} {points:.{decimals}f} points on the {before_en(kind)}{_chance(change).en}",
    )


def _chance(change: Change) -> Words:
    if change.chance:
        return Words(zh="，未超出偶然波动", en=", no more than chance may do")
    return Words(zh="", en="")


def _units(figures: list[Figure], names: Mapping[str, Words]) -> Words | None:
    """Units that stand out by more than chance; small ones aren't shamed, so that mostly nobody is named."""
    pairs = {one.unit: (one.numerator, one.denominator or 0) for one in figures if one.unit is not None}
    if len(pairs) < 2:
        return None
    made = league(pairs, figures[0].indicator.direction)
    weak = _named([one.unit for one in made.placed("weak")], names)
    model = _named([one.unit for one in made.placed("model")], names)
    parts_zh, parts_en = [], []
    if weak.zh:
        parts_zh.append(f"短木板：{weak.zh}")
        parts_en.append(f"weak links: {weak.en}")
    if model.zh:
        parts_zh.append(f"标杆单位：{model.zh}")
        parts_en.append(f"model units: {model.en}")
    if not parts_zh:
        return None
    return Words(zh="；".join(parts_zh) + "。", en=("; ".join(parts_en) + ".").capitalize())


def _named(codes: list[str], names: Mapping[str, Words]) -> Words:
    told = [names.get(code, Words(zh=code, en=code)) for code in codes]
    return Words(zh="、".join(one.zh for one in told), en=", ".join(one.en for one in told))


def before_en(kind: Kind) -> str:
    """The period before in the middle of an English sentence."""
    return kind.before.en.lower()
