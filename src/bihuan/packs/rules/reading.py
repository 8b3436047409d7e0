"""A pack from its files: every promise read key by key. Its limits are read in `timing`, its sums in `sums`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import get_args

from bihuan.kernel.limit import SUSPENSIONS
from bihuan.kernel.promise import MEASURES, Certainty, Promise, PromiseKind
from bihuan.kernel.words import Words
from bihuan.packs.rules.choosing import Moments, Pack
from bihuan.packs.rules.sums import compensation
from bihuan.packs.rules.table import PackFault, Sheet, Table
from bihuan.packs.rules.timing import Hours, hours_from, limits, warnings

_LEVEL = re.compile(r"\d{1,3}(\.\d+)?")
_TIMED: tuple[PromiseKind, ...] = ("step_limit", "notice_before", "average")
_KEYS = (
    *("code", "title", "clause", "kind", "loops", "kinds", "starts", "keeps", "public", "certainty"),
    *("source", "note", "limits", "level", "measure", "indicator", "valid_from", "valid_to"),
    *("suspensions", "warnings", "compensation"),
)


def pack_from(
    sheets: Iterable[Sheet],
    *,
    code: str,
    moments: Moments,
    kinds: Mapping[str, frozenset[str]] | None = None,
    indicators: Collection[str] | None = None,
) -> Pack:
    """The pack that these files make; raises `PackFault` at the first thing that can't be.

    `kinds` are the kinds that the cases of a loop may have, by the loop's code; loops it doesn't name aren't checked.
    `indicators` are the codes of those that may measure a level; None: not checked.
    """
    files = [Table(sheet.file, "", sheet.content) for sheet in sheets]
    heads = [file.table("pack") for file in files if "pack" in file.content]
    if len(heads) != 1:
        raise PackFault(
            files[0].file if files else code,
            "pack",
            Words(
                zh=f"应恰有一个表 [pack]，现有 {len(heads)} 个",
                en=f"exactly one table [pack], not {len(heads)}",
            ),
        )
    head = heads[0]
    head.only("code", "edition", "title", "source", "valid_from", "valid_to", "calendar")
    if head.text("code") != code:
        raise head.fault(
            "code",
            Words(
                zh=f"应与文件夹名“{code}”一致",
                en=f"the name of its folder, '{code}'",
            ),
        )
    hours = hours_from(files)
    promises: list[Promise] = []
    for file in files:
        file.only("pack", "promise", "hours")
        for table in file.tables("promise"):
            promise = _promise(table, head, hours)
            _check_shape(promise, table, moments)
            _check_kinds(promise, table, kinds or {})
            if promise.indicator and indicators is not None and promise.indicator not in indicators:
                raise table.fault(
                    "indicator",
                    Words(
                        zh=f"应为百分比指标（{', '.join(sorted(indicators))}）",
                        en=f"an indicator in per cent ({', '.join(sorted(indicators))})",
                    ),
                )
            if any(_clash(other, promise) for other in promises):
                raise table.fault(
                    "code",
                    Words(
                        zh=f"同一业务在同一时期只能有一个“{promise.code}”",
                        en=f"one '{promise.code}' at a time for each loop, not a second one",
                    ),
                )
            promises.append(promise)
    return Pack(
        code,
        head.text("edition"),
        head.words("title"),
        head.text("source"),
        tuple(promises),
        calendar=head.code("calendar") if "calendar" in head.content else "cn",
    )


def _promise(table: Table, head: Table, hours: Hours) -> Promise:
    table.only(*_KEYS)
    kind: PromiseKind = table.one_of("kind", get_args(PromiseKind))  # type: ignore[assignment]
    certainty: Certainty = table.one_of("certainty", get_args(Certainty))  # type: ignore[assignment]
    ends_itself = "valid_from" in table.content or "valid_to" in table.content
    validity = table if "valid_to" in table.content else head
    valid_from = table.day("valid_from") if "valid_from" in table.content else head.day("valid_from")
    valid_to = validity.day("valid_to") if "valid_to" in validity.content else None
    if valid_to is not None and valid_to < valid_from:
        raise (table if ends_itself else head).fault(
            "valid_to",
            Words(
                zh=f"应不早于 {valid_from}",
                en=f"a day not before {valid_from}",
            ),
        )
    return Promise(
        code=table.code("code"),
        pack=head.code("code"),
        edition=head.text("edition"),
        clause=table.text("clause", ""),
        title=table.words("title"),
        source=table.text("source") if "source" in table.content else head.text("source"),
        certainty=certainty,
        kind=kind,
        public=table.flag("public"),
        loops=table.codes("loops"),
        kinds=table.codes("kinds"),
        starts=table.code("starts") if "starts" in table.content else "",
        keeps=table.code("keeps") if "keeps" in table.content else "",
        valid_from=valid_from,
        valid_to=valid_to,
        limits=limits(table, hours, backwards=kind == "notice_before"),
        level=_level(table),
        measure=table.one_of("measure", MEASURES) if "measure" in table.content else "percent",
        indicator=table.text("indicator") if "indicator" in table.content else "",
        note=table.words("note") if "note" in table.content else None,
        suspensions=_suspensions(table),
        warnings=warnings(table),
        compensation=compensation(table, certainty),
    )


def _check_shape(promise: Promise, table: Table, moments: Moments) -> None:
    """A promise with a limit needs loops, a pair of moments that they mark, and rows that don't repeat."""
    timed = promise.kind in _TIMED
    for key in (
        ("limits", "starts", "keeps", "suspensions", "warnings")
        if not timed
        else ("level", "measure", "indicator")
    ):
        if key in table.content:
            raise table.fault(
                key,
                Words(zh=f"{promise.kind} 类承诺不应有此项", en=f"no such key for the kind {promise.kind}"),
            )
    if not timed:
        for key in ("level", "measure", "indicator"):
            if key in table.content and promise.kind != "period_level":
                raise table.fault(
                    key,
                    Words(
                        zh=f"{promise.kind} 类承诺不应有此项", en=f"no such key for the kind {promise.kind}"
                    ),
                )
        if promise.indicator and promise.measure != "percent":
            raise table.fault(
                "indicator",
                Words(
                    zh=f"计量 {promise.measure} 不应有此项",
                    en=f"no such key for the measure {promise.measure}",
                ),
            )
        if promise.measure != "percent" and promise.level is None:
            raise table.fault(
                "level",
                Words(
                    zh=f"应给出 {promise.measure} 不超过的数值",
                    en=f"the number of {promise.measure} that isn't exceeded",
                ),
            )
        return
    for key, value in (("loops", promise.loops), ("limits", promise.limits)):
        if not value:
            raise table.fault(
                key,
                Words(
                    zh="至少应有一项",
                    en="at least one",
                ),
            )
    for key in ("starts", "keeps"):
        moment = table.code(key)
        for loop in promise.loops:
            if loop in moments and moment not in moments[loop]:
                marked = ", ".join(sorted(moments[loop]))
                raise table.fault(
                    key,
                    Words(
                        zh=f"应为业务“{loop}”标记的时点（{marked}）",
                        en=f"a moment that the loop '{loop}' marks ({marked})",
                    ),
                )
    if promise.starts == promise.keeps:
        raise table.fault(
            "keeps",
            Words(
                zh="应不同于起点的时点",
                en="another moment than the one that starts it",
            ),
        )
    if promise.kind == "average" and promise.compensation:
        raise table.fault(
            "compensation",
            Words(
                zh="平均值承诺不应有此项：单件不构成违约",
                en="no such key for the kind average: no single case can break it",
            ),
        )


def _check_kinds(promise: Promise, table: Table, known: Mapping[str, frozenset[str]]) -> None:
    for loop in promise.loops:
        for kind in promise.kinds:
            if loop in known and kind not in known[loop]:
                names = ", ".join(sorted(known[loop])) or "none"
                raise table.fault(
                    "kinds",
                    Words(
                        zh=f"应为业务“{loop}”已有的类别（{names}）",
                        en=f"kinds that the loop '{loop}' has ({names})",
                    ),
                )


def _suspensions(table: Table) -> tuple[str, ...]:
    reasons = table.codes("suspensions")
    if any(reason not in SUSPENSIONS for reason in reasons) or len(set(reasons)) < len(reasons):
        raise table.fault(
            "suspensions",
            Words(
                zh=f"应为以下原因，各一次：{', '.join(SUSPENSIONS)}",
                en=f"reasons from {', '.join(SUSPENSIONS)}, each once",
            ),
        )
    return reasons


def _level(table: Table) -> str | None:
    if "level" not in table.content:
        return None
    level = table.text("level")
    if not _LEVEL.fullmatch(level):
        raise table.fault(
            "level",
            Words(
                zh='应为加引号的数，如 "99.90"',
                en='a number in quotes, like "99.90"',
            ),
        )
    return level


def _clash(one: Promise, other: Promise) -> bool:
    """Whether two promises of one code could both hold for the same case."""
    if one.code != other.code:
        return False
    same_loop = bool(set(one.loops) & set(other.loops)) or not other.loops
    same_kind = not one.kinds or not other.kinds or bool(set(one.kinds) & set(other.kinds))
    at_once = (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )
    return same_loop and same_kind and at_once
