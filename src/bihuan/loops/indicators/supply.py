"""Reliability and voltage: what promise one says stands with the promises, the rest in a chapter at the end."""

from fractions import Fraction

from bihuan.kernel.expression import Column, Expression
from bihuan.kernel.formula import Mean, Of, mean
from bihuan.kernel.indicator import Chapter, Direction, Index, Indicator
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
    )


def _per(
    code: str,
    title: Words,
    numerator: str,
    denominator: str,
    scale: Fraction,
    source: Words,
    decimals: int = 2,
    unit: str = "1",
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
        plain_unit=unit,
    )


def _sum(
    code: str,
    title: Words,
    rule: Words,
    column: str,
    *,
    unit: str,
    direction: Direction,
    scale: Fraction = Fraction(1),
) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        source=terms.HOUSE,
        rule=rule,
        chapter=CHAPTER.code,
        table="supply_day",
        measure="sum",
        where=ALL,
        denominator=ALL,
        numerator=Column(column),
        counted_at="starts_at",
        decimals=0,
        direction=direction,
        scale=scale,
        plain_unit=unit,
    )


def _voltage(code: str, title: Words, where: Expression, *, chapter: str = CHAPTER.code) -> Indicator:
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
    )


INDICATORS = (
    _share(
        "supply.rs1.urban",
        Words(zh="城市供电可靠率", en="Reliability in the city"),
        "supplied",
        where=URBAN,
        chapter=PROMISES.code,
        source=PROMISE_ONE,
    ),
    _share(
        "supply.rs1.rural",
        Words(zh="农村供电可靠率", en="Reliability in the country"),
        "supplied",
        where=COUNTRY,
        chapter=PROMISES.code,
        source=terms.ELEVEN_FIVE,
    ),
    _voltage(
        "voltage.urban",
        Words(zh="城市居民客户端电压合格率", en="Voltage at the city's homes"),
        KLASS.is_("D") & URBAN,
        chapter=PROMISES.code,
    ),
    _voltage(
        "voltage.rural",
        Words(zh="农村居民客户端电压合格率", en="Voltage at the country's homes"),
        KLASS.is_("D") & COUNTRY,
        chapter=PROMISES.code,
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
        unit="h",
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
        unit="min",
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
        unit="min",
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
    Index(
        code="voltage.combined",
        title=Words(zh="综合电压合格率", en="Voltage, all classes together"),
        source=STANDARD,
        rule=Words(
            zh="0.5×A类＋0.5×（B、C、D类的平均）；没有监测点的类别不计，其权重由其余类别分担。",
            en="Half of class A and half of the mean of B, C and D; a class without points gives its weight to the others.",
        ),
        chapter=CHAPTER.code,
        formula=Mean(
            (
                (Fraction(1, 2), Of("voltage.a")),
                (Fraction(1, 2), mean(Of("voltage.b"), Of("voltage.c"), Of("voltage.d"))),
            )
        ),
    ),
    _sum(
        "supply.user_hours",
        Words(zh="停电时户数", en="User-hours off"),
        DAY_RULE,
        "lost",
        unit="h",
        direction="lower",
        scale=Fraction(1, 3600),
    ),
    _sum(
        "supply.customers",
        Words(zh="用电户数（户·日）", en="Customers served, customer-days"),
        Words(
            zh="统计期内各日用电户数之和；折合每百万户、每十万户的指标以此为分母。",
            en="Customers of each day, added up over the period; what figures per million and per 100,000 customers divide by.",
        ),
        "customers",
        unit="d",
        direction="none",
    ),
)
