"""Reliability and voltage: what promise one says stands with the promises, the rest in a chapter at the end."""

from decimal import Decimal
from fractions import Fraction

from bihuan.kernel.expression import Column, Expression
from bihuan.kernel.indicator import Chapter, Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators import terms
from bihuan.loops.indicators.promises import CHAPTER as PROMISES

CHAPTER = Chapter("supply", Words(zh="供电可靠性与电压质量", en="Reliability and voltage"))

AREA, KLASS = Column("area"), Column("klass")
URBAN, COUNTRY = AREA.is_("urban"), ~AREA.is_("urban")
ALL: Expression = Column("due").is_known()
YEAR = 365

PROMISE_ONE = Words(zh="供电服务十项承诺第一条", en="ten commitments, first item")
STANDARD = Words(
    zh="供电系统用户供电可靠性评价规程（据记忆）",
    en="Chinese rules for the reliability of supply to users (from memory)",
)
IEEE = Words(zh="IEEE 1366", en="IEEE 1366")
DAY_RULE = Words(
    zh="按日统计（停电跨日的按日分摊），以中压用户计；统计日结束后计入。",
    en="By days over medium-voltage users; an outage over midnight counts in both days. A day counts when it is over.",
)
CUSTOMER_RULE = Words(
    zh="按停电开始日统计，以户计，仅计超过5分钟的停电。折合全年的按365天。",
    en="By the day of the start, over customers, interruptions of more than 5 minutes. Put to a year of 365 days where said.",
)
VOLTAGE_RULE = Words(
    zh="按读数截止日统计；监测时间减去越上限、越下限时间，除以监测时间，各点分钟数合计。",
    en="By the last day of a reading; minutes within the limits over minutes monitored, added up over the points.",
)


def _share(
    code: str,
    title: Words,
    numerator: str,
    *,
    where: Expression = ALL,
    due: str = "due",
    chapter: str = CHAPTER.code,
    source: Words = STANDARD,
    rule: Words = DAY_RULE,
    target: str | None = None,
) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=source,
        rule=rule,
        chapter=chapter,
        table="supply_day",
        measure="ratio",
        where=where,
        denominator=Column(due),
        numerator=Column(numerator),
        counted_at="starts_at",
        decimals=4,
        scale=Fraction(100),
        target=None if target is None else Decimal(target),
    )


def _per(
    code: str,
    title: Words,
    numerator: str,
    denominator: str,
    scale: Fraction,
    source: Words,
    decimals: int = 2,
) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=source,
        rule=CUSTOMER_RULE if source is IEEE else DAY_RULE,
        chapter=CHAPTER.code,
        table="supply_day",
        measure="ratio",
        where=ALL,
        denominator=Column(denominator),
        numerator=Column(numerator),
        counted_at="starts_at",
        decimals=decimals,
        direction="lower",
        scale=scale,
    )


def _voltage(
    code: str, title: Words, where: Expression, *, chapter: str = CHAPTER.code, target: str | None = None
) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=PROMISE_ONE if chapter == PROMISES.code else STANDARD,
        rule=VOLTAGE_RULE,
        chapter=chapter,
        table="voltage",
        measure="ratio",
        where=where,
        denominator=Column("monitored"),
        numerator=Column("within"),
        counted_at="ends_at",
        decimals=2,
        scale=Fraction(100),
        target=None if target is None else Decimal(target),
    )


INDICATORS = (
    _share(
        "supply.rs1.urban",
        Words(zh="城市供电可靠率", en="Reliability in the city"),
        "supplied",
        where=URBAN,
        chapter=PROMISES.code,
        source=PROMISE_ONE,
        target="99.90",
    ),
    _share(
        "supply.rs1.rural",
        Words(zh="农村供电可靠率", en="Reliability in the country"),
        "supplied",
        where=COUNTRY,
        chapter=PROMISES.code,
        source=terms.ELEVEN_FIVE,
        target="99.60",
    ),
    _voltage(
        "voltage.urban",
        Words(zh="城市居民客户端电压合格率", en="Voltage at the city's homes"),
        KLASS.is_("D") & URBAN,
        chapter=PROMISES.code,
        target="96.00",
    ),
    _voltage(
        "voltage.rural",
        Words(zh="农村居民客户端电压合格率", en="Voltage at the country's homes"),
        KLASS.is_("D") & COUNTRY,
        chapter=PROMISES.code,
        target="97.30",
    ),
    _share("supply.rs1", Words(zh="供电可靠率 RS-1", en="Reliability RS-1"), "supplied"),
    _share(
        "supply.rs2",
        Words(zh="不计外部影响 RS-2", en="RS-2, without outside causes"),
        "supplied_but_external",
    ),
    _share("supply.rs3", Words(zh="不计限电 RS-3", en="RS-3, without shortage"), "supplied_but_shortage"),
    _per(
        "supply.aihc",
        Words(zh="用户平均停电时间（折合全年，小时）", en="Hours off per user, put to a year (AIHC-1)"),
        "lost",
        "users",
        Fraction(YEAR, 3600),
        STANDARD,
    ),
    _per(
        "supply.aitc",
        Words(zh="用户平均停电次数（折合全年）", en="Outages per user, put to a year (AITC-1)"),
        "users_off",
        "users",
        Fraction(YEAR),
        STANDARD,
        3,
    ),
    _per(
        "supply.saidi",
        Words(zh="SAIDI（折合全年，分钟）", en="SAIDI, put to a year, minutes"),
        "customer_seconds",
        "customers",
        Fraction(YEAR, 60),
        IEEE,
    ),
    _per(
        "supply.saifi",
        Words(zh="SAIFI（折合全年，次）", en="SAIFI, put to a year"),
        "customers_off",
        "customers",
        Fraction(YEAR),
        IEEE,
        3,
    ),
    _per(
        "supply.caidi",
        Words(zh="CAIDI（分钟）", en="CAIDI, minutes"),
        "customer_seconds",
        "customers_off",
        Fraction(1, 60),
        IEEE,
        1,
    ),
    _share(
        "supply.asai",
        Words(zh="ASAI（以户计）", en="ASAI, over customers"),
        "customer_supplied",
        due="customer_due",
        source=IEEE,
        rule=CUSTOMER_RULE,
    ),
    *(
        _voltage(
            f"voltage.{klass.lower()}",
            Words(zh=f"{klass}类电压合格率", en=f"Voltage, class {klass}"),
            KLASS.is_(klass),
        )
        for klass in "ABCD"
    ),
)
