"""Chapter four of the weekly report: promises kept, pooled and one by one."""

from bihuan.kernel.expression import Column, Expression
from bihuan.kernel.formula import Of, mean
from bihuan.kernel.indicator import Breakdown, Chapter, Index, Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms

CHAPTER = Chapter("promises", Words(zh="服务承诺兑现", en="Promises kept"))

RULE = Words(
    zh="按到期时间统计（按日的时限到最后一日24时）。" + terms.CLOCK_RULE.zh,
    en="By the due moment (a limit in days belongs to its last day). " + terms.CLOCK_RULE.en,
)


def _kept(code: str, title: Words, source: Words, where: Expression) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=source,
        rule=RULE,
        chapter=CHAPTER.code,
        table="clock",
        measure="percent",
        where=where,
        denominator=terms.DECIDED,
        numerator=terms.IN_TIME,
        counted_at="due_at",
    )


def _one(promise: str, zh: str, en: str) -> Indicator:
    source = Words(zh="服务承诺", en="published and house promises")
    return _kept(f"promise.kept.{promise}", Words(zh=zh, en=en), source, terms.PROMISE.is_(promise))


PUBLIC = (
    "repair-arrival",
    "first-contact",
    "matter-answer",
    "report-answer",
    "damage-visit",
    "meter-check",
)
"""Promises to the customer that are counted case by case; each is an indicator of its own below."""

INDICATORS = (
    _kept(
        "promise.kept",
        Words(zh="承诺兑现率", en="Promises kept"),
        Words(
            zh="“十一五”优质服务目标；公开承诺合并计数", en="eleventh five-year plan; public promises pooled"
        ),
        Column("public"),
    ),
    _kept(
        "promise.order_in_time",
        Words(zh="工单处理及时率", en="Stages done in time"),
        Words(
            zh="工单各环节时限合并计数，公开承诺与内部时限都在内；回访由客户服务中心办理，议定事项的期限不是工单环节，均不计",
            en="every stage of every order, with the limits of the house beside the published promises; neither the callback,"
            " which the service centre makes, nor the date of an agreed action",
        ),
        ~terms.PROMISE.in_("callback-owed", "agreed-due"),
    ),
    Index(
        code="promise.kept.mean",
        title=Words(zh="各项承诺兑现率平均值", en="Mean of the promises' rates"),
        source=Words(
            zh="与合并计数的兑现率对照：件数少的承诺与件数多的同等看待",
            en="beside the pooled rate: a promise with few cases weighs as much as one with many",
        ),
        rule=Words(
            zh="逐件统计的各项公开承诺（抢修到达、首日联系、投诉和情况反映答复、举报答复、家电损坏查勘、电能表校验）兑现率的算术平均；"
            "本期无此类到期时限的承诺不计。",
            en="The plain mean of the rates of the public promises that are counted case by case (arrival, first contact, answer to"
            " a matter, answer to a tip-off, visit to damaged appliances, meter checked); one with nothing due in the period is left out.",
        ),
        chapter=CHAPTER.code,
        formula=mean(*(Of(f"promise.kept.{code}") for code in PUBLIC)),
        edition=2,
    ),
    _one("repair-arrival", "抢修到达时限", "Arrival at the fault"),
    _one("first-contact", "首日联系", "First contact"),
    _one("matter-answer", "投诉和情况反映答复", "Answer to a matter"),
    _one("report-answer", "举报答复", "Answer to a tip-off"),
    _one("damage-visit", "家用电器损坏上门查勘", "Visit to damaged appliances"),
    _one("meter-check", "电能表校验", "Meter checked"),
    _one("callback-owed", "回访时限", "Callback owed"),
    _one("source-due", "来源系统给定的期限", "Due date given by the source"),
)
BREAKDOWNS = (
    Breakdown(
        "promise.by_code", Words(zh="逐项兑现", en="Promise by promise"), of=("promise.kept",), by="promise"
    ),
)
