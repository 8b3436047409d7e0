"""Every view and table of the schema `reading`: what other programs may read, and the dictionary of what is published."""

from bihuan.reports.rules import reading_cases as of_cases
from bihuan.reports.rules.columns import Column, View, bureau, columns, unit, view

OUTAGES = view(
    "outages",
    "停电",
    "A stretch without supply, planned or not",
    columns("text", "number | 编号 | number"),
    unit(),
    bureau(),
    columns(
        "text",
        """
        kind | 停电类别代码 | kind, a code
        state | 状态：announced, running, over, withdrawn | state
        area | 区域代码 | area, a code
        line | 线路代码 | line, a code
        """,
    ),
    columns("int", "transformers | 停电变压器台数 | transformers off"),
    columns("int", "users | 中压用户数 | medium-voltage users, as reliability counts them"),
    columns(
        "int", "customers | 客户数 | customers (contracts)\nimportant | 重要客户数 | important customers"
    ),
    columns("moment", "published_at | 公告时间 | published"),
    columns("text", "channel | 公告渠道代码 | channel, a code"),
    columns(
        "moment",
        """
        confirmed_at | 确认 | confirmed
        planned_start_at | 计划开始 | planned start
        planned_end_at | 计划结束 | planned end
        started_at | 实际开始 | started
        ended_at | 实际结束 | ended
        """,
    ),
    columns("text", "change | 变更代码 | change, a code\ncause | 原因代码 | cause, a code"),
    columns(
        "bool",
        """
        night_on | 夜间恢复 | supplied at night
        external | 外部影响 | from outside
        shortage | 限电 | shortage
        analysed | 已分析到变压器和客户 | transformers and customers were told
        """,
    ),
    columns("text", "notice_promise | 公告期限的承诺 | promise of the notice"),
    columns("moment", "notice_due_at | 应公告时间 | by when it must be told"),
    columns("bool", "notice_by_day | 按日计 | the due moment is a midnight and itself too late"),
    columns("int", "user_seconds | 停电时户数 | users times time off", "user-seconds"),
    columns("int", "customers_off | 停电超过5分钟的客户数 | customers off longer than five minutes"),
    columns("int", "customer_seconds | 停电客户时间 | customers times time off", "customer-seconds"),
    columns("moment", "event_at | 开始，未开始为计划开始 | the start, else the planned one"),
    columns("day", "event_on | 停电日 | day of the start\npublished_on | 公告日 | day of publication"),
)
SUPPLY_DAYS = view(
    "supply_days",
    "一日一区域的供电",
    "A day of a bureau's users in one area",
    columns("day", "day | 日 | day"),
    unit(),
    bureau(),
    columns("text", "area | 区域代码 | area, a code"),
    columns("int", "users | 中压用户数 | medium-voltage users\ncustomers | 客户数 | customers"),
    columns("int", "due | 应供电 | to be supplied", "user-seconds"),
    columns("int", "customer_due | 应供电（客户） | to be supplied, customers", "customer-seconds"),
    columns(
        "int",
        """
        lost | 停电 | lost
        lost_external | 外部影响停电 | lost by outside causes
        lost_shortage | 限电停电 | lost by shortage
        supplied | 实际供电 | supplied: due less lost
        supplied_but_external | 不计外部影响的供电 | supplied, were it not for outside causes
        supplied_but_shortage | 不计限电的供电 | supplied, were it not for shortage
        """,
        "user-seconds",
    ),
    columns("int", "customer_supplied | 实际供电（客户） | supplied, customers", "customer-seconds"),
    columns(
        "int",
        "users_off | 停电用户次 | interruptions of users\ncustomers_off | 停电客户次 | interruptions of customers",
    ),
    columns("int", "customer_seconds | 停电客户时间 | lost by customers", "customer-seconds"),
)
VOLTAGE = view(
    "voltage",
    "电压监测点一段时间的读数",
    "A reading of a voltage point",
    columns("text", "point | 监测点代码 | point"),
    unit(),
    bureau(),
    columns("text", "area | 区域代码 | area, a code\nklass | 监测点类别：A, B, C, D | class: A, B, C or D"),
    columns("int", "nominal | 标称电压 | nominal voltage", "V"),
    columns("number", "lower | 下限 | lower limit\nupper | 上限 | upper limit", "V"),
    columns("day", "first_date | 首日 | first day\nlast_date | 末日 | last day"),
    columns(
        "int",
        """
        monitored | 监测时间 | monitored
        over | 越上限时间 | above the limit
        under | 越下限时间 | below the limit
        within | 合格时间 | within the limits
        """,
        "min",
    ),
)
FIGURES = view(
    "figures",
    "已封存报告中的一项数字",
    "A figure of a frozen report, as it was read out",
    columns(
        "text",
        "kind | 报告种类 | kind of report\nperiod | 报告期 | period of the report: 2007-W23, 2007-06 or 2007",
    ),
    columns(
        "text", "report_unit > units.code | 报告的单位；空为全公司 | unit of the report; empty: the company"
    ),
    columns("int", "version | 版本；高于1的是更正 | version; above 1 an erratum"),
    columns("bool", "latest | 最新版本 | no erratum came after it"),
    columns("day", "from_date | 期初日 | first day\nto_date | 期末日 | last day, included"),
    columns(
        "moment",
        "at | 统计时刻 | as of which moment\nknown | 已知截至 | as recorded by then",
    ),
    columns("int", "seal | 封存前的最后封印号 | number of the last seal before"),
    columns("text", "digest | 内容的 SHA-256 | SHA-256 of the frozen content"),
    columns("moment", "frozen_at | 封存时间 | frozen\napproved_at | 批准时间 | approved"),
    columns("text", "code > indicators.code | 指标代码 | indicator"),
    columns("int", "edition | 指标口径版本 | edition of the declaration"),
    columns("text", "unit > units.code | 单位；空为报告的全体 | unit; empty: all that the report is about"),
    columns("text", "measure | 计量方式：percent, count, minutes, ratio, sum, index | measure"),
    columns("int", "decimals | 小数位数 | decimals of the value"),
    columns("int", "numerator | 分子；计数即为数 | numerator; of a count the count itself"),
    columns("int", "denominator | 分母；计数为空 | denominator; empty of a count"),
    columns(
        "number",
        "value | 值，由分子分母四舍六入五成双 | value, rounded half-even from the two integers",
        "see indicators.unit",
    ),
    columns("number", "target | 目标 | target", "see indicators.unit"),
)
INDICATORS = view(
    "indicators",
    "指标口径",
    "How an indicator is declared",
    columns("text", "code | 代码 | code"),
    columns("int", "edition | 口径版本 | edition; goes up when the rule changes"),
    columns(
        "text",
        """
        chapter | 章节代码 | chapter
        chapter_zh | 章节中文名称 | chapter's title in Chinese
        chapter_en | 章节英文名称 | chapter's title in English
        title_zh | 中文名称 | title in Chinese
        title_en | 英文名称 | title in English
        rule_zh | 中文口径 | rule in Chinese
        rule_en | 英文口径 | rule in English
        source_zh | 中文依据 | source in Chinese
        source_en | 英文依据 | source in English
        measure | 计量方式：percent, count, minutes, ratio, sum, index | measure
        unit | 单位（UCUM：% 、min、h、1） | unit of the value (UCUM: %, min, h, 1)
        """,
    ),
    columns("int", "decimals | 小数位数 | decimals"),
    columns(
        "text",
        """
        direction | 方向：higher, lower, none | whether higher or lower is better
        counts | 统计 reading 的哪个视图；指数为空 | view of `reading` whose rows it counts; empty of an index
        counted_on | 按哪一日计入 | column that puts a row into a period
        numerator | 分子，按该视图各列；指数为公式 | numerator over that view's columns; of an index its formula
        denominator | 分母，按该视图各列 | denominator over that view's columns
        """,
    ),
)
ABOUT = view(
    "about",
    "关于",
    "What the program says of itself",
    columns(
        "text",
        "name | 名目：zone 时区，program 程序版本，digest 字典摘要 | zone, program or digest\nvalue | 值 | value",
    ),
)

UNITS = of_cases.UNITS
VIEWS: tuple[View, ...] = (
    UNITS,
    of_cases.CASES,
    of_cases.ROUNDS,
    of_cases.CLOCKS,
    of_cases.BREACHES,
    of_cases.WITHHELD_CLOCKS,
    of_cases.WITHHELD_ROUNDS,
    OUTAGES,
    SUPPLY_DAYS,
    VOLTAGE,
    FIGURES,
    INDICATORS,
    ABOUT,
)

__all__ = ["FIGURES", "INDICATORS", "UNITS", "VIEWS", "Column", "View"]
