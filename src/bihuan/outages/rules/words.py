"""The codes of outages and voltage points with their names. What the industry's message interface calls them stands beside."""

from __future__ import annotations

from bihuan.kernel.words import Words

KINDS: dict[str, Words] = {
    "planned": Words(zh="计划停电", en="planned"),
    "temporary": Words(zh="临时停电", en="temporary"),
    "fault": Words(zh="故障停电", en="fault"),
    "shortage": Words(zh="限电", en="shortage"),
    "user_side": Words(zh="用户侧停电", en="customer's side"),
}
"""On message interfaces 01, 07, 02, 08; the last one is our own."""

AHEAD = ("planned", "temporary", "shortage")
"""Kinds with a plan: it says from when until when."""

STATES: dict[str, Words] = {
    "announced": Words(zh="已公告", en="announced"),
    "running": Words(zh="停电中", en="off now"),
    "over": Words(zh="已送电", en="restored"),
    "withdrawn": Words(zh="已撤消", en="withdrawn"),
}

CHANGES: dict[str, Words] = {
    "new": Words(zh="新增", en="new"),
    "withdrawn": Words(zh="撤消", en="withdrawn"),
    "plan_changed": Words(zh="计划变更", en="plan changed"),
    "changed_on_site": Words(zh="现场变更", en="changed on site"),
}
"""On message interfaces 00, 01, 02, 03."""

CAUSES: dict[str, Words] = {
    "weather": Words(zh="天气", en="weather"),
    "obstructed": Words(zh="施工受阻", en="works obstructed"),
    "preparation": Words(zh="准备不足", en="poor preparation"),
    "customer": Words(zh="客户原因", en="the customer's reason"),
    "upstream": Words(zh="上级电网", en="upstream grid"),
    "other": Words(zh="其他（须说明）", en="other, to be told"),
}
"""Why a plan wasn't carried out, or not in time."""

CHANNELS: dict[str, Words] = {
    "newspaper": Words(zh="报纸", en="newspaper"),
    "television": Words(zh="电视", en="television"),
    "radio": Words(zh="广播", en="radio"),
    "poster": Words(zh="张贴通知", en="poster on site"),
    "website": Words(zh="网站", en="web site"),
    "hotline": Words(zh="95598", en="hotline"),
    "telephone": Words(zh="电话通知", en="telephone"),
}

STEPS: dict[str, Words] = {
    "announce": Words(zh="公告", en="announced"),
    "change": Words(zh="变更", en="plan changed"),
    "withdraw": Words(zh="撤消", en="withdrawn"),
    "start": Words(zh="停电", en="switched off"),
    "part": Words(zh="部分送电", en="partly restored"),
    "restore": Words(zh="送电", en="restored"),
    "correct": Words(zh="更正", en="corrected"),
}

CLASSES: dict[str, Words] = {
    "A": Words(zh="A类：变电站10（6）千伏母线", en="A: 10 (6) kV bus of a supply substation"),
    "B": Words(
        zh="B类：35千伏专线及110千伏以上用户", en="B: users on dedicated 35 kV lines or at 110 kV and above"
    ),
    "C": Words(zh="C类：35千伏非专线及10（6）千伏用户", en="C: other users at 35 kV and users at 10 (6) kV"),
    "D": Words(zh="D类：380/220伏用户", en="D: users at 380/220 V"),
}

FIELDS: dict[str, Words] = {
    "kind": Words(zh="类型", en="kind"),
    "area": Words(zh="区域", en="area"),
    "unit": Words(zh="单位", en="unit"),
    "line": Words(zh="线路编号", en="line"),
    "line_name": Words(zh="线路名称", en="name of the line"),
    "transformers": Words(zh="台区", en="transformers"),
    "places": Words(zh="停电范围", en="places"),
    "why": Words(zh="停电原因", en="reason"),
    "users": Words(zh="停电用户数（中压）", en="medium-voltage users off"),
    "customers": Words(zh="停电户数", en="customers off"),
    "important": Words(zh="重要用户数", en="important customers"),
    "published_at": Words(zh="公告时间", en="published"),
    "channel": Words(zh="公告渠道", en="channel"),
    "confirmed_at": Words(zh="故障确认时间", en="fault confirmed"),
    "planned_start_at": Words(zh="计划停电时间", en="planned start"),
    "planned_end_at": Words(zh="计划送电时间", en="planned end"),
    "started_at": Words(zh="实际停电时间", en="off from"),
    "ended_at": Words(zh="实际送电时间", en="on again"),
    "change": Words(zh="变更类型", en="change"),
    "cause": Words(zh="变更原因", en="why not as planned"),
    "night_on": Words(zh="昼停夜送", en="off by day, on by night"),
    "responsible": Words(zh="责任部门", en="department"),
    "external": Words(zh="外部影响", en="caused from outside"),
    "shortage": Words(zh="系统电源不足", en="shortage of power"),
}
