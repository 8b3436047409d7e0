"""The views of cases, rounds, clocks and breaches that other programs may read, column by column."""

from bihuan.reports.rules.columns import bureau, case, columns, unit, view

_CODES = """
area | 区域代码 | area, a code
customer_class | 客户类别代码 | class of the customer, a code
kind | 类别代码 | class, a code of its kind
leaf | 业务分类末级代码 | leaf of the classification
severity | 严重程度代码 | severity, a code
"""

UNITS = view(
    "units",
    "单位",
    "A unit, its parent and its bureau",
    columns(
        "text",
        """
        code | 单位代码 | code
        name_zh | 中文名称 | name in Chinese
        name_en | 英文名称 | name in English
        kind | 单位性质：company, service_centre, bureau, crew 等 | what it is: company, service_centre, bureau, crew …
        wing | 体系：execution, support, supervision | its wing: execution, support, supervision
        parent > units.code | 上级单位 | unit above
        bureau > units.code | 所属供电局 | bureau it belongs to
        """,
    ),
    columns("bool", "active | 在用 | still there"),
)
CASES = view(
    "cases",
    "工单现状",
    "A case as it stands",
    columns(
        "text",
        """
        number | 工单号 | number
        loop | 业务类别代码 | code of the business kind
        state | 状态代码 | state, a code
        """,
    ),
    columns("int", "rounds | 处理轮次 | rounds so far"),
    unit(),
    columns("text", "crew > units.code | 班组 | crew"),
    columns("text", _CODES),
    columns("text", "urgency | 紧急程度代码 | urgency, a code"),
    columns("text", "source | 来源代码 | how it came, a code"),
    columns("int", "times | 同一事项提出次数 | how often the same matter was brought"),
    columns("text", "merged_into > cases.number | 合并到的主工单 | main case it was merged into"),
    columns(
        "moment",
        """
        opened_at | 受理时间 | accepted
        ended_at | 办结时间 | ended
        suspended_at | 自何时起暂停 | stands still since
        """,
    ),
    columns("bool", "imported | 导入的历史 | imported history"),
    bureau(),
    columns("text", "repeat_of > cases.number | 重复于哪一工单 | case that it repeats"),
    columns(
        "day",
        """
        opened_on | 受理日 | day of acceptance
        ended_on | 办结日 | day of the end
        """,
    ),
)
ROUNDS = view(
    "rounds",
    "一轮处理及其时间、结果",
    "A round of a case with its moments and coded answers",
    case(),
    unit(),
    columns("text", _CODES),
    columns(
        "moment",
        """
        accepted_at | 受理 | accepted
        dispatched_at | 派工 | dispatched
        received_at | 接单 | received by the unit
        contacted_at | 首次联系客户 | customer first contacted
        arrived_at | 到达现场 | arrived
        restored_at | 恢复供电 | restored
        answered_at | 答复 | answered
        reviewed_at | 审核 | reviewed
        done_at | 处理完毕 | completed; a callback is owed from then
        called_at | 首次回访 | first called back
        verified_at | 回访联系到客户 | customer reached at the callback
        confirmed_at | 客户确认 | confirmed by the customer
        ended_at | 本轮结束 | end of the round
        """,
    ),
    columns(
        "text", "ending | 结束方式代码 | how it ended: confirmed, sent_back, exempt, unreached, withdrawn …"
    ),
    columns("bool", "solved | 客户认为已解决 | solved, says the customer"),
    columns("text", "satisfaction | 满意度代码；no_answer 为不评价 | satisfaction; no_answer isn't counted"),
    columns(
        "text", "callback | 回访要求：declined, anonymous，空为应回访 | declined or anonymous; empty: owed"
    ),
    columns(
        "int",
        """
        attempts | 回访拨打次数 | attempts to call back
        returns | 退回次数 | times returned
        urges | 催办次数 | times urged
        redirects | 改派次数 | times sent to another unit
        suspensions | 暂停次数 | times suspended
        supervisions | 督办次数 | times taken up by supervision
        appeals | 申诉次数 | appeals
        """,
    ),
    columns(
        "int",
        """
        amount_due | 应付 | sum due
        amount_paid | 已付 | sum paid
        amount_recovered | 追回 | sum recovered
        """,
        "fen",
    ),
    columns("moment", "repeated_at | 首次重复投诉 | first repeated"),
    bureau(),
    columns("bool", "imported | 导入的历史 | imported history"),
    columns("text", "source | 来源代码 | how it came, a code"),
    columns("text", "responsibility | 责任认定代码 | responsibility found, a code"),
    columns(
        "bool",
        """
        rang_on_arrival | 到达时致电客户 | crew rang on arrival, says the customer
        contacted_first_day | 首日联系 | contacted on the first day, says the customer
        """,
    ),
    columns(
        "moment",
        """
        inspected_at | 现场勘查 | inspected
        assessed_at | 定损 | damage assessed
        paid_at | 赔付 | paid
        recovered_at | 追回费用 | sums recovered
        energised_at | 送电 | energised
        appealed_at | 申诉 | appealed
        decided_at | 裁定 | decided
        supervised_at | 督办 | taken up by supervision
        agreed_due | 约定期限 | by when it was agreed to be done
        """,
    ),
    columns(
        "int",
        """
        reworks | 审核退回次数 | times sent back by review
        written_off | 核减次数 | times written off
        """,
    ),
    columns(
        "day",
        """
        accepted_on | 受理日 | day of acceptance
        done_on | 处理完毕日 | day of completion
        verified_on | 回访日 | day of the callback
        ended_on | 结束日 | day of the end
        """,
    ),
)
CLOCKS = view(
    "clocks",
    "一项承诺的计时",
    "A promise running on a round",
    case(),
    columns(
        "text",
        """
        promise | 承诺代码 | code of the promise
        kind | 承诺方式：step_limit 时限，average 平均 | step_limit, or average, which no single case breaks
        pack | 承诺包 | pack of promises
        edition | 版本 | edition of the pack
        clause | 条款 | clause
        """,
    ),
    columns("bool", "public | 对外公开 | public, not the house's own"),
    unit(),
    columns(
        "text",
        "area | 区域代码 | area, a code\ncustomer_class | 客户类别代码 | class of the customer, a code",
    ),
    columns("int", "amount | 时限数值 | limit, in amount_unit"),
    columns("text", "amount_unit | 时限单位 | minutes, hours, days or working_days"),
    columns(
        "moment",
        "started_at | 起算 | started\ndue_at | 到期；by_day 时为次日零时且不含 | due; by_day: a midnight, exclusive",
    ),
    columns("bool", "by_day | 按日计 | a limit in days"),
    columns(
        "moment",
        "ended_at | 办到 | kept or broken then\nvoid_at | 撤销 | void\nsuspended_at | 自何时起暂停 | stands still since",
    ),
    columns("bool", "kept | 兑现；空为未定 | kept; null: undecided, void or an average"),
    bureau(),
    columns(
        "bool",
        "imported | 导入的历史 | imported history\nprovisional | 日历未公布，期限暂定 | due while a calendar isn't published yet",
    ),
    columns("day", "started_on | 起算日 | day of the start\ndue_on | 到期日 | last day of the limit"),
)
BREACHES = view(
    "breaches",
    "一次失诺",
    "A broken promise",
    case(),
    columns("text", "promise | 承诺代码 | code of the promise"),
    columns("bool", "public | 对外公开 | public, not the house's own"),
    unit(),
    columns("moment", "due_at | 到期 | due"),
    columns("int", "late_seconds | 超时；0 为仍在超时 | how late; 0 while it runs", "s"),
    columns("moment", "found_at | 发现 | first known"),
    columns(
        "bool", "lifted | 已撤销：补录表明按时办到 | lifted: what was recorded later had happened in time"
    ),
    columns(
        "text",
        """
        cause | 原因代码 | cause, a code
        exemption | 免责：asked, granted, refused | exemption: asked, granted or refused
        exemption_reason | 免责理由代码 | reason of the exemption, a code
        """,
    ),
    columns(
        "int",
        "compensation_due | 应补偿 | compensation due\ncompensation_paid | 已补偿 | compensation paid",
        "1/100 currency",
    ),
    columns("text", "currency | 币种 | currency, ISO 4217"),
    bureau(),
    columns(
        "moment", "explained_at | 说明原因时间 | cause told\nexempted_at | 免责决定时间 | exemption decided"
    ),
)
WITHHELD_CLOCKS = view(
    "withheld_clocks",
    "保密工单的时限，按周合计",
    "Clocks of cases told in confidence, added up by week of the company",
    columns(
        "text",
        "due_week | 到期的周 | ISO week of the last day of the limit\npromise | 承诺代码 | code of the promise",
    ),
    columns("bool", "public | 对外公开 | public, not the house's own"),
    columns("int", "decided | 已定 | decided\nkept | 兑现 | kept", "clocks"),
)
WITHHELD_ROUNDS = view(
    "withheld_rounds",
    "保密工单的回访，按周合计",
    "Callbacks of cases told in confidence, added up by week of the company",
    columns("text", "done_week | 处理完毕的周 | ISO week of completion"),
    columns(
        "int",
        "owed | 应回访 | owed\nexempt | 免回访 | exempt\ncalled | 已回访 | called at least once",
        "rounds",
    ),
)
